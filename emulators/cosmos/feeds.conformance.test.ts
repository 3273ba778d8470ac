import { ChangeFeedStartFrom, type Container, PartitionKeyDefinitionVersion, PartitionKeyKind } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, connect, failure } from './conformance-client.ts';

let service: Connected;
beforeAll(async () => {
  service = await connect();
});
afterAll(() => service[Symbol.asyncDispose]());

type Numbered = { id: string; pk: string; n: number; half?: number };

async function fill(container: Container, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++)
    await container.items.upsert({ id: `d${n}`, pk: `p${n % 3}`, n, half: n >> 1, halves: [2 * n, 2 * n + 1] });
}

describe('a query', () => {
  let container: Container;
  beforeAll(async () => {
    container = await service.container();
    await fill(container, 0, 25);
  });

  const pages = async (query: string, maxItemCount: number) => {
    const sizes: number[] = [];
    const rows: unknown[] = [];
    let continuationToken: string | undefined;
    do {
      // A new iterator for every page: the token is all that is carried over.
      const options = { maxItemCount, ...(continuationToken !== undefined && { continuationToken }) };
      const page = await container.items.query(query, options).fetchNext();
      sizes.push(page.resources.length);
      rows.push(...page.resources);
      continuationToken = page.continuationToken;
    } while (continuationToken !== undefined);
    return { sizes, rows };
  };
  const numbers = (count: number) => Array.from({ length: count }, (_, index) => index);

  test('comes in pages that together are the whole, each row once', async () => {
    expect(await pages('SELECT VALUE c.n FROM c', 10)).toEqual({ sizes: [10, 10, 5], rows: numbers(25) });
    expect((await pages('SELECT VALUE c.n FROM c', 25)).sizes).toEqual([25]);
  });

  test.each([
    ['SELECT VALUE c.n FROM c ORDER BY c.n DESC', numbers(25).reverse()],
    ['SELECT VALUE c.half FROM c ORDER BY c.half', numbers(25).map(n => n >> 1)],
    ['SELECT VALUE half FROM c JOIN half IN c.halves', numbers(50)],
    ['SELECT TOP 12 VALUE c.n FROM c', numbers(12)],
    ['SELECT VALUE c.n FROM c OFFSET 5 LIMIT 15', numbers(20).slice(5)],
    ['SELECT VALUE c.n FROM c ORDER BY c.n DESC OFFSET 5 LIMIT 9', numbers(25).reverse().slice(5, 14)],
    ['SELECT DISTINCT VALUE c.half FROM c', numbers(13)],
  ])('%s pages like any other', async (query, expected) => {
    expect((await pages(query, 4)).rows).toEqual(expected);
  });

  test('groups come in pages too', async () => {
    const { rows, sizes } = await pages('SELECT c.half, COUNT(1) AS n FROM c GROUP BY c.half', 5);
    expect(sizes).toEqual([5, 5, 3]);
    expect(rows).toEqual(numbers(13).map(half => ({ half, n: half === 12 ? 1 : 2 })));
  });

  test('keeps its place while documents are written and deleted', async () => {
    const busy = await service.container();
    await fill(busy, 0, 10);
    const iterator = busy.items.query<number>('SELECT VALUE c.n FROM c', { maxItemCount: 4 });
    const first = (await iterator.fetchNext()).resources;
    await busy.item('d0', 'p0').delete();
    await busy.items.upsert({ id: 'd5', pk: 'p2', n: 50 });
    await fill(busy, 10, 11);
    const rest = [...(await iterator.fetchNext()).resources, ...(await iterator.fetchNext()).resources];
    expect([...first, ...rest]).toEqual([0, 1, 2, 3, 4, 50, 6, 7, 8, 9, 10]);
  });

  test('without a page size comes in pages of 100', async () => {
    const many = await service.container();
    await Promise.all(Array.from({ length: 130 }, (_, n) => many.items.create({ id: `d${n}`, pk: 'p' })));
    const page = await many.items.query('SELECT * FROM c').fetchNext();
    expect(page.resources).toHaveLength(100);
    expect((await many.items.query('SELECT * FROM c').fetchAll()).resources).toHaveLength(130);
    expect((await many.items.query('SELECT * FROM c', { maxItemCount: -1 }).fetchNext()).resources).toHaveLength(130);
  });

  test('sorted by long texts keeps its token short', async () => {
    const texts = await service.container();
    for (let n = 0; n < 5; n++) await texts.items.create({ id: `d${n}`, pk: 'p', text: 'é'.repeat(20_000) + n });
    const iterator = texts.items.query('SELECT VALUE c.id FROM c ORDER BY c.text DESC', { maxItemCount: 2 });
    expect((await iterator.fetchAll()).resources).toEqual(['d4', 'd3', 'd2', 'd1', 'd0']);
  });

  test('ends a page at 4 MB', async () => {
    const large = await service.container();
    for (let n = 0; n < 6; n++) await large.items.create({ id: `d${n}`, pk: 'p', text: 'x'.repeat(1_000_000) });
    const iterator = large.items.query('SELECT * FROM c');
    expect((await iterator.fetchNext()).resources).toHaveLength(4);
    expect((await iterator.fetchNext()).resources).toHaveLength(2);
  });

  test('refuses the token of another query', async () => {
    const { continuationToken } = await container.items.query('SELECT * FROM c', { maxItemCount: 1 }).fetchNext();
    const other = container.items.query('SELECT c.n FROM c', { continuationToken: continuationToken! });
    expect((await failure(other.fetchNext())).code).toBe(400);
  });

  test('runs through the client pipeline when the client insists on a plan', async () => {
    const options = { forceQueryPlan: true };
    const { resources } = await container.items.query('SELECT VALUE c.n FROM c WHERE c.n < 3', options).fetchAll();
    expect(resources).toEqual([0, 1, 2]);
  });
});

describe('the change feed', () => {
  const read = async (iterator: { readNext(): Promise<{ result: unknown; statusCode?: number }> }) => {
    const ids: string[] = [];
    const statuses: (number | undefined)[] = [];
    for (;;) {
      const response = await iterator.readNext();
      statuses.push(response.statusCode);
      if (response.statusCode === 304) return { ids, pages: statuses.length - 1 };
      ids.push(...(response.result as Numbered[]).map(({ id }) => id));
    }
  };

  test('from the beginning has every document once, as it is now, in order of change', async () => {
    const container = await service.container();
    await fill(container, 0, 5);
    await container.items.upsert({ id: 'd1', pk: 'p1', n: 100 });
    await container.item('d2', 'p2').delete();
    const iterator = container.items.getChangeFeedIterator({
      changeFeedStartFrom: ChangeFeedStartFrom.Beginning(),
      maxItemCount: 2,
    });
    expect(await read(iterator)).toEqual({ ids: ['d0', 'd3', 'd4', 'd1'], pages: 2 });
    await fill(container, 7, 8);
    expect(await read(iterator)).toEqual({ ids: ['d7'], pages: 1 });
  });

  test('of more than 250 changes is read to the end', async () => {
    const container = await service.container();
    await Promise.all(Array.from({ length: 260 }, (_, n) => container.items.create({ id: `d${n}`, pk: 'p' })));
    const feed = await read(
      container.items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning(), maxItemCount: 50 }),
    );
    expect(new Set(feed.ids).size).toBe(260);
    expect(feed.pages).toBe(6);
  });

  test('from now has only what comes after', async () => {
    const container = await service.container();
    await fill(container, 0, 3);
    const iterator = container.items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Now() });
    expect((await iterator.readNext()).statusCode).toBe(304);
    await fill(container, 3, 5);
    expect((await read(iterator)).ids).toEqual(['d3', 'd4']);
  });

  test('from a point in time has what changed since', async () => {
    let now = Date.UTC(2026, 10, 20, 9);
    await using timed = await connect({ clock: () => now });
    const container = await timed.container();
    await fill(container, 0, 2);
    now += 60_000;
    await fill(container, 2, 6);
    const changeFeedStartFrom = ChangeFeedStartFrom.Time(new Date(now));
    const iterator = container.items.getChangeFeedIterator({ changeFeedStartFrom, maxItemCount: 3 });
    expect(await read(iterator)).toEqual({ ids: ['d2', 'd3', 'd4', 'd5'], pages: 2 });
  });

  test('goes on from a continuation in another iterator', async () => {
    const container = await service.container();
    await fill(container, 0, 6);
    const start = { changeFeedStartFrom: ChangeFeedStartFrom.Beginning(), maxItemCount: 4 };
    const { continuationToken } = await container.items.getChangeFeedIterator(start).readNext();
    const changeFeedStartFrom = ChangeFeedStartFrom.Continuation(continuationToken);
    expect((await read(container.items.getChangeFeedIterator({ changeFeedStartFrom }))).ids).toEqual(['d4', 'd5']);
  });

  test('of one partition has only its documents', async () => {
    const container = await service.container();
    await fill(container, 0, 7);
    const changeFeedStartFrom = ChangeFeedStartFrom.Beginning('p1');
    expect((await read(container.items.getChangeFeedIterator({ changeFeedStartFrom }))).ids).toEqual(['d1', 'd4']);
  });

  test('of the first level of a hierarchical key has only what is below', async () => {
    const container = await service.container({
      partitionKey: {
        paths: ['/tenant', '/pk'],
        kind: PartitionKeyKind.MultiHash,
        version: PartitionKeyDefinitionVersion.V2,
      },
    });
    for (const tenant of ['t1', 't2', 't3']) {
      for (const pk of ['a', 'b']) await container.items.create({ id: `${tenant}${pk}`, tenant, pk });
    }
    const changeFeedStartFrom = ChangeFeedStartFrom.Beginning(['t2']);
    expect((await read(container.items.getChangeFeedIterator({ changeFeedStartFrom }))).ids).toEqual(['t2a', 't2b']);
  });

  test('read by the older iterator ends with the last change', async () => {
    const container = await service.container();
    await fill(container, 0, 7);
    const iterator = container.items.changeFeed('p0', { startFromBeginning: true, maxItemCount: 2 });
    const ids: string[] = [];
    while (iterator.hasMoreResults) ids.push(...(await iterator.fetchNext()).result.map(({ id }) => id));
    expect(ids).toEqual(['d0', 'd3', 'd6']);
  });
});
