import { decodeSegment } from './exchange.ts';

/*
 * ASP.NET route templates as HTTP triggers use them: `orders/{id:int}/{*rest}`. Matching ignores case; of several
 * matches the one with the lowest precedence wins, so a literal beats a constrained parameter beats a free one.
 */

type Parameter = { name: string; constraints: Constraint[] };
type Part = string | Parameter;
type Constraint = (value: string) => boolean;

type Segment =
  | {
      kind: 'parts';
      parts: Part[];
      /** Captures the parameters' values in their order. */
      pattern: RegExp;
      optional: boolean;
      fallback: string | undefined;
    }
  | { kind: 'rest'; name: string; constraints: Constraint[] };

export interface RouteTemplate {
  template: string;
  segments: Segment[];
  /** Fewest and most segments of a path that can match. */
  least: number;
  most: number;
  /** Compare as text: smaller goes first. */
  precedence: string;
}

/** @throws when the template is malformed or a constraint is unknown */
export function parseTemplate(template: string): RouteTemplate {
  const trimmed = template.replace(/^\/+|\/+$/g, '');
  const segments = trimmed === '' ? [] : splitSegments(trimmed).map(text => parseSegment(text, template));
  const least = segments.filter(isNeeded).length;
  const most = segments.some(({ kind }) => kind === 'rest') ? Number.POSITIVE_INFINITY : segments.length;
  return { template, segments, least, most, precedence: segments.map(precedence).join('') };
}

/**
 * @param path path segments, still percent-encoded
 * @returns the parameters, or undefined when the path does not match
 */
export function matchTemplate(route: RouteTemplate, path: readonly string[]): Record<string, string> | undefined {
  if (path.length < route.least || path.length > route.most) return undefined;
  const params: Record<string, string> = {};
  let position = 0;
  for (const segment of route.segments) {
    if (segment.kind === 'rest') {
      const rest = path.slice(position).map(decodeSegment).join('/');
      if (rest !== '' && !segment.constraints.every(accepts => accepts(rest))) return undefined;
      if (rest !== '') params[segment.name] = rest;
      return params;
    }
    const text = path[position];
    if (text === undefined) {
      const name = parameterOf(segment);
      if (segment.fallback !== undefined && name) params[name] = segment.fallback;
      else if (!segment.optional) return undefined;
      continue;
    }
    if (!matchParts(segment, decodeSegment(text), params)) return undefined;
    position += 1;
  }
  return position === path.length ? params : undefined;
}

function matchParts(
  { parts, pattern }: Segment & { kind: 'parts' },
  text: string,
  params: Record<string, string>,
): boolean {
  const match = pattern.exec(text);
  if (!match) return false;
  return parts.filter(isParameter).every(({ name, constraints }, index) => {
    const value = match[index + 1]!;
    params[name] = value;
    return constraints.every(accepts => accepts(value));
  });
}

const isParameter = (part: Part): part is Parameter => typeof part !== 'string';

function patternOf(parts: readonly Part[]): RegExp {
  const pattern = parts.map(part => (isParameter(part) ? '(.+)' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  return new RegExp(`^${pattern.join('')}$`, 'is');
}

/** Splits at slashes outside braces: a regex constraint may hold one. */
function splitSegments(template: string): string[] {
  const segments: string[] = [''];
  let depth = 0;
  for (const character of template) {
    if (character === '{') depth += 1;
    if (character === '}') depth -= 1;
    if (character === '/' && depth === 0) segments.push('');
    else segments[segments.length - 1] += character;
  }
  return segments;
}

function parseSegment(text: string, template: string): Segment {
  const rest = /^\{\*{1,2}([^:}]+)((?::.*)?)\}$/.exec(text);
  if (rest) return { kind: 'rest', name: rest[1]!, constraints: parseConstraints(rest[2]!, template) };
  const segment = { parts: [] as Part[], optional: false, fallback: undefined as string | undefined };
  let literal = '';
  for (let index = 0; index < text.length; index += 1) {
    if (text[index] !== '{') {
      literal += text[index];
      continue;
    }
    const end = closingBrace(text, index);
    if (end < 0) throw new Error(`Route "${template}" has an unclosed "{". Close it, or write the route without it.`);
    if (literal) segment.parts.push(literal);
    literal = '';
    const parameter = parseParameter(text.slice(index + 1, end), template);
    segment.parts.push({ name: parameter.name, constraints: parameter.constraints });
    segment.optional ||= parameter.optional;
    segment.fallback ??= parameter.fallback;
    index = end;
  }
  if (literal) segment.parts.push(literal);
  return { kind: 'parts', pattern: patternOf(segment.parts), ...segment };
}

function closingBrace(text: string, open: number): number {
  let depth = 0;
  for (let index = open; index < text.length; index += 1) {
    if (text[index] === '{') depth += 1;
    if (text[index] === '}') depth -= 1;
    if (depth === 0) return index;
  }
  return -1;
}

function parseParameter(
  text: string,
  template: string,
): { name: string; constraints: Constraint[]; optional: boolean; fallback: string | undefined } {
  const match = /^([A-Za-z_][\w-]*)((?::.*?)?)(\?|=.*)?$/s.exec(text);
  if (!match) throw new Error(`Route "${template}" has an unreadable parameter "{${text}}".`);
  const tail = match[3];
  return {
    name: match[1]!,
    constraints: parseConstraints(match[2]!, template),
    optional: tail === '?',
    fallback: tail?.startsWith('=') ? tail.slice(1) : undefined,
  };
}

function parseConstraints(text: string, template: string): Constraint[] {
  const constraints: Constraint[] = [];
  for (const [, name, argument] of text.matchAll(/:([a-z]+)(?:\(((?:[^()]|\([^()]*\))*)\))?/gi)) {
    const make = known[name!.toLowerCase()];
    if (!make) {
      throw new Error(
        `Route "${template}" uses the unknown constraint "${name}". Known: ${Object.keys(known).join(', ')}.`,
      );
    }
    constraints.push(
      make(
        (argument ?? '').split(',').map(part => part.trim()),
        argument ?? '',
      ),
    );
  }
  return constraints;
}

const matches = (pattern: RegExp) => (): Constraint => value => pattern.test(value);
const integer = (least: bigint, most: bigint) => (): Constraint => value =>
  /^[+-]?\d+$/.test(value) && BigInt(value) >= least && BigInt(value) <= most;

const known: Record<string, (parts: string[], whole: string) => Constraint> = {
  int: integer(-(2n ** 31n), 2n ** 31n - 1n),
  long: integer(-(2n ** 63n), 2n ** 63n - 1n),
  bool: matches(/^(true|false)$/i),
  alpha: matches(/^[a-z]*$/i),
  guid: matches(/^[({]?[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}[)}]?$/i),
  decimal: matches(/^[+-]?[\d,]*\.?\d+$/),
  double: matches(/^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i),
  float: matches(/^[+-]?\d*\.?\d+(e[+-]?\d+)?$/i),
  datetime: () => value => !Number.isNaN(Date.parse(value)),
  required: () => value => value !== '',
  minlength:
    ([least]) =>
    value =>
      value.length >= Number(least),
  maxlength:
    ([most]) =>
    value =>
      value.length <= Number(most),
  length:
    ([least, most]) =>
    value =>
      value.length >= Number(least) && value.length <= Number(most ?? least),
  min:
    ([least]) =>
    value =>
      /^[+-]?\d+$/.test(value) && Number(value) >= Number(least),
  max:
    ([most]) =>
    value =>
      /^[+-]?\d+$/.test(value) && Number(value) <= Number(most),
  range:
    ([least, most]) =>
    value =>
      /^[+-]?\d+$/.test(value) && Number(value) >= Number(least) && Number(value) <= Number(most),
  regex: (_, whole) => {
    const pattern = new RegExp(whole.replaceAll('{{', '{').replaceAll('}}', '}').replaceAll('\\\\', '\\'), 'i');
    return value => pattern.test(value);
  },
};

const isNeeded = (segment: Segment): boolean =>
  segment.kind === 'parts' && !segment.optional && segment.fallback === undefined;

function precedence(segment: Segment): string {
  if (segment.kind === 'rest') return segment.constraints.length > 0 ? '4' : '5';
  const [first] = segment.parts;
  if (segment.parts.length > 1) return '2';
  if (typeof first === 'string') return '1';
  return first!.constraints.length > 0 ? '2' : '3';
}

function parameterOf(segment: Segment & { kind: 'parts' }): string | undefined {
  const [only] = segment.parts;
  return typeof only === 'object' ? only.name : undefined;
}
