import { QueryError } from './query-error.ts';
import { pathOf, type Query } from './syntax.ts';

/** The part of a container's indexing policy that decides what ORDER BY may use. */
export type IndexingPolicy = {
  includedPaths?: { path: string }[];
  excludedPaths?: { path: string }[];
  compositeIndexes?: { path: string; order?: string }[][];
};

/**
 * Refuses an ORDER BY the service could not serve: over something that is no document path, over a path the policy
 * excludes, or over several paths without a composite index of just these in this (or the opposite) order.
 */
export function requireOrderIndex(query: Query, policy: IndexingPolicy): void {
  if (query.orderBy.length === 0) return;
  const [source] = query.sources;
  const start = source?.from.kind === 'path' && !source.each ? pathOf(source.from.path) : undefined;
  const keys = query.orderBy.map(({ value, descending }) => {
    const path = pathOf(value);
    if (!start || !path || path.root !== source?.alias || path.path.length === 0) {
      throw new QueryError(
        'Unsupported ORDER BY clause. ORDER BY item expression could not be mapped to a document path.',
      );
    }
    const segments = [...start.path, ...path.path].map(segment => (typeof segment === 'number' ? '[]' : segment));
    return { segments, descending };
  });
  if (keys.length > 1) {
    if (!policy.compositeIndexes?.some(index => serves(index, keys))) {
      throw new QueryError(
        'The order by query does not have a corresponding composite index that it can be served from.',
      );
    }
  } else if (!isIndexed(keys[0]!.segments, policy)) {
    throw new QueryError('The index path corresponding to the specified order-by item is excluded.');
  }
}

type Key = { segments: string[]; descending: boolean };

function serves(index: { path: string; order?: string }[], keys: Key[]): boolean {
  if (index.length !== keys.length) return false;
  const directions = index.map((part, at) => {
    const key = keys[at]!;
    if (segmentsOf(part.path).join('\n') !== key.segments.join('\n')) return undefined;
    return (part.order === 'descending') === key.descending;
  });
  return directions.every(same => same === true) || directions.every(same => same === false);
}

/** The longer matching path decides; `?` is more precise than `*`. `id` and `_ts` are indexed whatever is excluded. */
export function isIndexed(segments: string[], policy: IndexingPolicy): boolean {
  const only = segments.length === 1 ? segments[0] : undefined;
  if (only === 'id' || only === '_ts') return true;
  const included = precision(segments, policy.includedPaths ?? []);
  return included > precision(segments, policy.excludedPaths ?? []);
}

function precision(segments: string[], paths: { path: string }[]): number {
  return Math.max(-1, ...paths.map(({ path }) => precisionOf(segments, segmentsOf(path))));
}

function precisionOf(segments: string[], pattern: string[]): number {
  const fixed = pattern.slice(0, -1);
  const last = pattern.at(-1);
  if (!fixed.every((part, index) => part === segments[index])) return -1;
  if (last === '*') return fixed.length * 2;
  return last === '?' && fixed.length === segments.length ? fixed.length * 2 + 1 : -1;
}

/** `/a/"b c"/[]/?` → a, b c, [], ? */
function segmentsOf(path: string): string[] {
  return [...path.matchAll(/\/(?:"([^"]*)"|([^/]*))/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
