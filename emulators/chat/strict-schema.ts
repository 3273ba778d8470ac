/**
 * The rules of `strict: true`: every object closed, every property required. The service refuses a schema that breaks
 * them, and a stand-in that accepted it would hide that until the first call in the cloud.
 */
import type { JsonSchema } from './asked.ts';

/** What is wrong with the schema, in the service's words; undefined when nothing is. */
export function strictFault(schema: unknown, context: string[] = []): string | undefined {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return undefined;
  const { type, properties, required, additionalProperties, items, anyOf, $defs } = schema as JsonSchema;
  const where = `In context=(${context.map(part => `'${part}'`).join(', ')})`;
  if (type === 'object' || properties !== undefined) {
    if (additionalProperties !== false)
      return `${where}, 'additionalProperties' is required to be supplied and to be false.`;
    const listed = new Set(Array.isArray(required) ? required : []);
    const missing = Object.keys(properties ?? {}).find(name => !listed.has(name));
    if (missing !== undefined) {
      return `${where}, 'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
    }
  }
  const inside: [string, unknown][] = [
    ...entriesOf('properties', properties),
    ...entriesOf('anyOf', anyOf),
    ...entriesOf('$defs', $defs),
    ['items', items],
  ];
  for (const [name, part] of inside) {
    const fault = strictFault(part, [...context, ...name.split('/')]);
    if (fault) return fault;
  }
  return undefined;
}

function entriesOf(name: string, parts: unknown): [string, unknown][] {
  return Object.entries((parts ?? {}) as object).map(([key, part]) => [`${name}/${key}`, part]);
}
