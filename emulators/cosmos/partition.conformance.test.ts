import { PartitionKeyBuilder, PartitionKeyDefinitionVersion, PartitionKeyKind } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, connect, failure } from './conformance-client.ts';

let service: Connected;
beforeAll(async () => {
  service = await connect();
});
afterAll(() => service[Symbol.asyncDispose]());

describe('a hierarchical key', () => {
  const levels = {
    partitionKey: {
      paths: ['/tenant', '/day', '/callId'],
      kind: PartitionKeyKind.MultiHash,
      version: PartitionKeyDefinitionVersion.V2,
    },
  };
  const seeded = async () => {
    const container = await service.container(levels);
    for (const tenant of ['t1', 't2']) {
      for (const day of ['d1', 'd2']) {
        for (const callId of ['c1', 'c2']) await container.items.create({ id: 'call', tenant, day, callId });
      }
    }
    return container;
  };
  const countBy = async (container: Awaited<ReturnType<typeof seeded>>, partitionKey: string[]) =>
    (await container.items.query('SELECT VALUE COUNT(1) FROM c', { partitionKey }).fetchAll()).resources[0];

  test('keeps documents with different full keys apart', async () => {
    const container = await seeded();
    expect((await container.items.readAll().fetchAll()).resources).toHaveLength(8);
    const { resource } = await container.item('call', ['t1', 'd2', 'c1']).read();
    expect(resource).toMatchObject({ tenant: 't1', day: 'd2', callId: 'c1' });
    await container.item('call', ['t1', 'd2', 'c1']).delete();
    expect((await container.items.readAll().fetchAll()).resources).toHaveLength(7);
  });

  test('is queried by its first levels', async () => {
    const container = await seeded();
    expect(await countBy(container, ['t1'])).toBe(4);
    expect(await countBy(container, ['t1', 'd1'])).toBe(2);
    expect(await countBy(container, ['t1', 'd1', 'c2'])).toBe(1);
    expect(await countBy(container, ['d1'])).toBe(0);
  });

  test('must be whole to read or write one document', async () => {
    const container = await seeded();
    expect((await failure(container.item('call', ['t1', 'd1']).read())).code).toBe(400);
    const { result } = await container.items.batch([{ operationType: 'Read', id: 'call' }], ['t1', 'd1', 'c1']);
    expect(result?.[0]?.statusCode).toBe(200);
  });

  test('may lack a level, which is then undefined', async () => {
    const container = await service.container(levels);
    await container.items.create({ id: 'call', tenant: 't1', day: 'd1' });
    const key = new PartitionKeyBuilder().addValue('t1').addValue('d1').addNoneValue().build();
    expect((await container.item('call', key).read()).resource).toMatchObject({ tenant: 't1' });
  });
});

describe('the partition of a query', () => {
  test('keeps out the rows of every other partition', async () => {
    const container = await service.container();
    for (const pk of ['a', 'b']) for (const id of ['1', '2', '3']) await container.items.create({ id, pk });
    const { resources } = await container.items.query('SELECT VALUE c.pk FROM c', { partitionKey: 'a' }).fetchAll();
    expect(resources).toEqual(['a', 'a', 'a']);
  });
});

describe('time to live', () => {
  test('follows the container, then the document, and -1 is for ever', async () => {
    let now = Date.UTC(2026, 10, 20);
    await using timed = await connect({ clock: () => now });
    const container = await timed.container({ defaultTtl: 100 });
    await container.items.create({ id: 'default', pk: 'a' });
    await container.items.create({ id: 'short', pk: 'a', ttl: 10 });
    await container.items.create({ id: 'kept', pk: 'a', ttl: -1 });
    const ids = async () => (await container.items.readAll<{ id: string }>().fetchAll()).resources.map(({ id }) => id);
    now += 9_999;
    expect(await ids()).toEqual(['default', 'short', 'kept']);
    now += 1;
    expect(await ids()).toEqual(['default', 'kept']);
    expect((await container.item('short', 'a').read()).statusCode).toBe(404);
    expect((await container.items.create({ id: 'short', pk: 'a', ttl: 10 })).statusCode).toBe(201);
    now += 90_000;
    expect(await ids()).toEqual(['kept']);
    expect(timed.cosmos.stats().documents).toBe(1);
  });

  test('starts anew with every write', async () => {
    let now = Date.UTC(2026, 10, 20);
    await using timed = await connect({ clock: () => now });
    const container = await timed.container({ defaultTtl: -1 });
    await container.items.create({ id: 'lease', pk: 'a', ttl: 30 });
    now += 29_000;
    await container.item('lease', 'a').patch([{ op: 'set', path: '/owner', value: 'h1' }]);
    now += 29_000;
    expect((await container.item('lease', 'a').read()).resource?.owner).toBe('h1');
    now += 1_000;
    expect((await container.item('lease', 'a').read()).statusCode).toBe(404);
  });

  test('counts for nothing where the container has no default', async () => {
    let now = Date.UTC(2026, 10, 20);
    await using timed = await connect({ clock: () => now });
    const container = await timed.container();
    await container.items.create({ id: 'stays', pk: 'a', ttl: 1 });
    now += 10_000;
    expect((await container.item('stays', 'a').read()).statusCode).toBe(200);
  });

  test('of zero or text is refused', async () => {
    const container = await service.container({ defaultTtl: 60 });
    expect((await failure(container.items.create({ id: 'a', pk: 'a', ttl: 0 }))).code).toBe(400);
    expect((await failure(container.items.create({ id: 'a', pk: 'a', ttl: 'soon' as never }))).code).toBe(400);
  });

  test('raised later does not bring back what had expired', async () => {
    let now = Date.UTC(2026, 10, 20);
    await using timed = await connect({ clock: () => now });
    const container = await timed.container({ defaultTtl: 10 });
    await container.items.create({ id: 'old', pk: 'a' });
    now += 20_000;
    const { resource } = await container.read();
    await container.replace({ ...resource!, defaultTtl: 1000 });
    expect((await container.item('old', 'a').read()).statusCode).toBe(404);
  });
});
