import { badRequest } from './service-error.ts';
import { memberOf } from './sql/values.ts';

/** A container's key: one path, or up to three for a hierarchical one (`MultiHash`). */
export type KeyDefinition = { paths: string[]; kind?: string; version?: number };
/** One value per path; undefined where the document has none. */
export type KeyValues = (string | number | boolean | null | undefined)[];

/** `/a/"b c"` → a, b c */
export function segmentsOfPath(path: string): string[] {
  return [...path.matchAll(/\/(?:"([^"]*)"|([^/]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** The key values a document carries. @throws ServiceError when one is an array or object. */
export function keyOfDocument(document: unknown, definition: KeyDefinition): KeyValues {
  return definition.paths.map(path => {
    const value = segmentsOfPath(path).reduce<unknown>(memberOf, document);
    if (typeof value === 'object' && value !== null) {
      throw badRequest(`Partition key ${path} must be a string, number, boolean or null.`);
    }
    return value as KeyValues[number];
  });
}

/** Reads `x-ms-documentdb-partitionkey`: a JSON array in which `{}` stands for undefined. */
export function parseKey(text: string): KeyValues {
  const values = readArray(text);
  return values.map(value => {
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value as KeyValues[number];
    if (typeof value === 'object' && !Array.isArray(value) && Object.keys(value!).length === 0) return undefined;
    throw badRequest(`Partition key ${text} is invalid.`);
  });
}

function readArray(text: string): unknown[] {
  let values: unknown;
  try {
    values = JSON.parse(text);
  } catch {
    values = undefined;
  }
  if (!Array.isArray(values)) throw badRequest(`Partition key ${text} is invalid: it must be a JSON array.`);
  return values;
}

/** The name of a logical partition: equal for equal keys. */
export function keyText(values: KeyValues): string {
  return JSON.stringify(values.map(value => (value === undefined ? {} : value)));
}

/** Whether `values` begin with `prefix`, as in a query by the first levels of a hierarchical key. */
export function startsWithKey(values: KeyValues, prefix: KeyValues): boolean {
  return prefix.every((value, index) => value === values[index]);
}

/** @throws ServiceError unless `values` name one logical partition of a container keyed by `definition`. */
export function requireFullKey(values: KeyValues, definition: KeyDefinition): KeyValues {
  if (values.length === definition.paths.length) return values;
  throw badRequest(
    `Partition key provided either doesn't correspond to definition in the collection or doesn't match partition key field values specified in the document: the definition has ${definition.paths.length} path(s), ${values.length} value(s) were given.`,
    1001,
  );
}
