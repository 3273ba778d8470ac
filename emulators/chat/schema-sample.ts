/** The smallest value that fits a JSON schema: what the stand-in answers when JSON is asked and no rule has any. */
import type { JsonSchema } from './asked.ts';

const deepestSample = 12;

export function sampleOf(schema: JsonSchema, root: JsonSchema = schema, depth = 0): unknown {
  if (depth > deepestSample) return null;
  const again = (part: unknown) => sampleOf((part ?? {}) as JsonSchema, root, depth + 1);
  if (typeof schema['$ref'] === 'string') return again(at(root, schema['$ref']));
  if ('const' in schema) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const union = schema['anyOf'] ?? schema['oneOf'];
  if (Array.isArray(union)) return again(union[0]);
  const type = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  switch (type) {
    case 'object': {
      const required = new Set((schema['required'] ?? []) as string[]);
      const properties = Object.entries((schema['properties'] ?? {}) as JsonSchema);
      return Object.fromEntries(
        properties.filter(([name]) => required.has(name)).map(([name, part]) => [name, again(part)]),
      );
    }
    case 'array':
      return Array.from({ length: Number(schema['minItems'] ?? 0) }, () => again(schema['items']));
    case 'integer':
    case 'number':
      return Number(schema['minimum'] ?? 0);
    case 'boolean':
      return false;
    case 'string':
      return 'none';
    default:
      return null;
  }
}

function at(root: JsonSchema, pointer: string): unknown {
  const keys = pointer.replace(/^#\/?/, '').split('/').filter(Boolean);
  return keys.reduce<unknown>((value, key) => (value as JsonSchema | undefined)?.[key], root);
}
