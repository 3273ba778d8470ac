/** Turns what zod found wrong with a request body into the error the service would answer, naming the field. */
import type { z } from 'zod';
import { ApiError } from './api-error.ts';

/** Parses a body, or throws the 400 for the first thing wrong with it. */
export function parseBody<S extends z.ZodType>(schema: S, body: unknown, notEmulated: readonly string[]): z.output<S> {
  const parsed = schema.safeParse(body, { reportInput: true });
  if (parsed.success) return parsed.data;
  const issue = deepest(parsed.error.issues[0]!);
  const param = nameOf(issue.path);
  if (param === '' && issue.code === 'invalid_type') {
    throw bad(`Invalid body: expected an object, but got ${kindOf(issue.input)} instead.`, '', 'invalid_type');
  }
  switch (issue.code) {
    case 'unrecognized_keys': {
      const name = nameOf([...issue.path, issue.keys[0]!]);
      if (!notEmulated.includes(name)) throw bad(`Unknown parameter: '${name}'.`, name, 'unknown_parameter');
      throw bad(
        `The stand-in does not emulate '${name}'. Leave it out, or use the real service.`,
        name,
        'unsupported_parameter',
      );
    }
    case 'invalid_type':
      if (issue.input === undefined) {
        throw bad(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
      }
      throw bad(
        `Invalid type for '${param}': expected ${withArticle(issue.expected)}, but got ${kindOf(issue.input)} instead.`,
        param,
        'invalid_type',
      );
    case 'too_small':
    case 'too_big':
      throw outOfBounds(issue, param);
    case 'invalid_value':
      throw unsupportedValue(issue.input, issue.values.map(String), param);
    case 'invalid_union':
      if (issue.discriminator) throw unsupportedValue(discriminating(issue), [], param);
      if (issue.input === undefined) {
        throw bad(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
      }
      throw bad(`Invalid type for '${param}': got ${kindOf(issue.input)} instead.`, param, 'invalid_type');
    case 'custom':
      throw bad(issue.message, issue.params?.['param'] ?? param, issue.params?.['code'] ?? 'invalid_value');
    default:
      throw bad(`Invalid '${param}': ${issue.message}.`, param, 'invalid_value');
  }
}

/** `tools[0].name`, as the service spells a place in the body. */
export function nameOf(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (name, key) => (typeof key === 'number' ? `${name}[${key}]` : name ? `${name}.${String(key)}` : String(key)),
    '',
  );
}

export function bad(message: string, param: string, code?: string): ApiError {
  return new ApiError(400, message, { ...(param && { param }), ...(code && { code }) });
}

/** Of the alternatives of a union, the complaint of the one that got furthest into the value. */
function deepest(issue: z.core.$ZodIssue, at: readonly PropertyKey[] = []): z.core.$ZodIssue {
  const here = { ...issue, path: [...at, ...issue.path] } as z.core.$ZodIssue;
  if (here.code !== 'invalid_union' || here.errors.length === 0) return here;
  const inside = here.errors.flatMap(branch => (branch[0] ? [deepest(branch[0], here.path)] : []));
  const further = inside.filter(found => found.path.length > here.path.length);
  return further.sort((a, b) => b.path.length - a.path.length)[0] ?? here;
}

function outOfBounds(issue: z.core.$ZodIssueTooSmall | z.core.$ZodIssueTooBig, param: string): ApiError {
  const small = issue.code === 'too_small';
  const limit = small ? issue.minimum : issue.maximum;
  const { input } = issue;
  if (typeof input === 'string') {
    return bad(
      `Invalid '${param}': string too ${small ? 'short' : 'long'}. Expected a string with ${small ? 'minimum' : 'maximum'} length ${limit}, but got a string with length ${input.length} instead.`,
      param,
      small ? 'string_below_min_length' : 'string_above_max_length',
    );
  }
  if (Array.isArray(input)) {
    return bad(
      `Invalid '${param}': array too ${small ? 'short' : 'long'}. Expected an array with ${small ? 'minimum' : 'maximum'} length ${limit}, but got an array with length ${input.length} instead.`,
      param,
      small ? 'array_below_min_length' : 'array_above_max_length',
    );
  }
  const kind = issue.origin === 'int' || Number.isInteger(input) ? 'integer' : 'decimal';
  return bad(
    `Invalid '${param}': ${kind} ${small ? 'below minimum' : 'above maximum'} value. Expected a value ${small ? '>=' : '<='} ${limit}, but got ${String(input)} instead.`,
    param,
    `${kind}_${small ? 'below_min' : 'above_max'}_value`,
  );
}

function unsupportedValue(input: unknown, values: string[], param: string): ApiError {
  if (input === undefined) return bad(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
  const known = values.length > 0 ? ` Supported values are: ${values.map(value => `'${value}'`).join(', ')}.` : '';
  const got = typeof input === 'string' ? input : JSON.stringify(input);
  return bad(`Invalid value: '${got}'.${known}`, param, 'invalid_value');
}

function kindOf(input: unknown): string {
  if (input === null) return 'null';
  if (Array.isArray(input)) return 'an array';
  if (typeof input === 'number') return Number.isInteger(input) ? 'an integer' : 'a decimal number';
  return withArticle(typeof input);
}

function withArticle(kind: string): string {
  const word = kind === 'int' ? 'integer' : kind === 'record' ? 'object' : kind;
  return `${/^[aeio]/.test(word) ? 'an' : 'a'} ${word}`;
}

/** An unknown discriminator is reported with the object around it as input. */
function discriminating({ input, discriminator }: z.core.$ZodIssueInvalidUnion): unknown {
  const isObject = typeof input === 'object' && input !== null;
  return isObject && discriminator ? (input as Record<string, unknown>)[discriminator] : input;
}
