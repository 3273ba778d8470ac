import { type KeyValues, startsWithKey } from './partition-key.ts';
import { badRequest } from './service-error.ts';
import type { Container, Document } from './store/container.ts';

/** Where a reader of the change feed stands, from its headers. */
export type FeedPosition = { ifNoneMatch: string | undefined; ifModifiedSince: string | undefined };

/** Changed documents, and the etag to go on from; no documents means 304. */
export type FeedPage = { documents: Document[]; etag: string };

/**
 * Latest-version mode: each document once, as it is now, in the order it last changed; deletions and expired documents
 * do not appear. An etag (`"<lsn>"`) goes before a point in time, and `*` means from now on.
 */
export function readChangeFeed(
  container: Container,
  position: FeedPosition,
  filter: { key: KeyValues | undefined; accepts: (key: KeyValues) => boolean },
  size: number,
  nowMs: number,
): FeedPage {
  if (position.ifNoneMatch === '*') return { documents: [], etag: etagOf(container.lsn) };
  const after = position.ifNoneMatch === undefined ? 0 : lsnOf(position.ifNoneMatch);
  const since = position.ifNoneMatch === undefined ? secondsOf(position.ifModifiedSince) : 0;
  const documents: Document[] = [];
  let last = Math.max(after, 0);
  for (const item of container.changedAfter(after)) {
    if (documents.length >= size) return { documents, etag: etagOf(last) };
    last = item.lsn;
    if (item.document._ts < since || container.isExpired(item, nowMs)) continue;
    if (filter.key && !startsWithKey(item.key, filter.key)) continue;
    if (!filter.accepts(item.key)) continue;
    documents.push({ ...item.document, _lsn: item.lsn });
  }
  return { documents, etag: etagOf(Math.max(last, container.lsn)) };
}

function etagOf(lsn: number): string {
  return `"${lsn}"`;
}

function lsnOf(etag: string): number {
  const lsn = Number(etag.replace(/^"|"$/g, ''));
  if (!Number.isSafeInteger(lsn)) throw badRequest(`'${etag}' is no etag of this change feed.`);
  return lsn;
}

function secondsOf(httpDate: string | undefined): number {
  if (httpDate === undefined) return 0;
  const ms = Date.parse(httpDate);
  if (Number.isNaN(ms)) throw badRequest(`'${httpDate}' is no date for If-Modified-Since.`);
  return Math.floor(ms / 1000);
}
