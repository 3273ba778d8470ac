import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, connect, failure } from './conformance-client.ts';

let service: Connected;
beforeAll(async () => {
  service = await connect();
});
afterAll(() => service[Symbol.asyncDispose]());

const call = (more: object = {}) => ({ id: 'call', pk: 'c1', rev: 1, ...more });

describe('databases and containers', () => {
  test('are created once, read, listed and deleted', async () => {
    const { database, statusCode } = await service.client.databases.create({ id: 'once' });
    expect(statusCode).toBe(201);
    expect((await failure(service.client.databases.create({ id: 'once' }))).code).toBe(409);
    const { container } = await database.containers.create({
      id: 'calls',
      partitionKey: { paths: ['/pk'], version: 2 },
    });
    expect((await failure(database.containers.create({ id: 'calls', partitionKey: '/pk' }))).code).toBe(409);
    const { resource } = await container.read();
    expect(resource).toMatchObject({
      id: 'calls',
      partitionKey: { paths: ['/pk'] },
      indexingPolicy: { automatic: true },
    });
    expect(resource?._rid).toEqual(expect.any(String));
    expect((await service.client.databases.readAll().fetchAll()).resources.map(({ id }) => id)).toContain('once');
    const found = await database.containers.query({ query: "SELECT * FROM root r WHERE r.id = 'calls'" }).fetchAll();
    expect(found.resources).toHaveLength(1);
    await container.delete();
    expect((await failure(container.read())).code).toBe(404);
    await database.delete();
    expect((await failure(database.read())).code).toBe(404);
  });

  test('a container created again under an old name is empty and has another rid', async () => {
    const container = await service.container({ id: 'reborn' });
    await container.items.create(call());
    const before = (await container.read()).resource?._rid;
    await container.delete();
    const again = await service.container({ id: 'reborn' });
    expect((await again.items.readAll().fetchAll()).resources).toEqual([]);
    expect((await again.read()).resource?._rid).not.toBe(before);
  });

  test('the partition key of a container stays as it is, the rest may be replaced', async () => {
    const container = await service.container();
    const { resource } = await container.read();
    await container.replace({ ...resource!, defaultTtl: 60 });
    expect((await container.read()).resource?.defaultTtl).toBe(60);
    const moved = container.replace({ ...resource!, partitionKey: { paths: ['/other'] } });
    expect((await failure(moved)).code).toBe(400);
  });

  test('throughput is remembered as an offer', async () => {
    const container = await service.container({ id: 'paid', throughput: 800 });
    const { resource, offer } = await container.readOffer();
    expect(resource?.content?.offerThroughput).toBe(800);
    await offer?.replace({ ...resource!, content: { offerThroughput: 1200 } as never });
    expect((await container.readOffer()).resource?.content?.offerThroughput).toBe(1200);
    expect((await (await service.container()).readOffer()).resource).toBeUndefined();
  });
});

describe('a document', () => {
  test('comes back with its system fields, an etag header and a charge', async () => {
    const container = await service.container();
    const { resource, headers, requestCharge, etag, statusCode } = await container.items.create(call());
    expect(statusCode).toBe(201);
    expect(resource).toMatchObject({ ...call(), _attachments: 'attachments/', _etag: etag });
    expect(resource?._etag).toMatch(/^"[0-9a-f-]{36}"$/);
    expect(resource?._ts).toBeGreaterThan(1_600_000_000);
    expect(resource?._self).toContain(resource?._rid);
    expect(requestCharge).toBe(5);
    expect(headers['x-ms-session-token']).toMatch(/^0:-1#\d+$/);
    const read = await container.item('call', 'c1').read();
    expect(read.resource).toEqual(resource);
    expect(read.requestCharge).toBe(1);
  });

  test('keeps its rid and changes its etag with every write', async () => {
    const container = await service.container();
    const first = await container.items.upsert(call());
    const second = await container.items.upsert(call({ rev: 2 }));
    expect([first.statusCode, second.statusCode]).toEqual([201, 200]);
    expect(second.resource?._rid).toBe(first.resource?._rid);
    expect(second.etag).not.toBe(first.etag);
  });

  test('is created once per key and id', async () => {
    const container = await service.container();
    await container.items.create(call());
    expect((await failure(container.items.create(call()))).code).toBe(409);
    expect((await container.items.create(call({ pk: 'c2' }))).statusCode).toBe(201);
  });

  test('that is not there is a 404 to read, replace, patch and delete', async () => {
    const item = (await service.container()).item('none', 'c1');
    expect((await item.read()).statusCode).toBe(404);
    expect((await failure(item.replace({ id: 'none', pk: 'c1' }))).code).toBe(404);
    expect((await failure(item.patch([{ op: 'set', path: '/a', value: 1 }]))).code).toBe(404);
    expect((await failure(item.delete())).code).toBe(404);
  });

  test('may have any value as key, also none', async () => {
    const container = await service.container();
    for (const pk of ['text', 12.5, true, null]) {
      await container.items.create({ id: 'a', pk });
      expect((await container.item('a', pk).read()).resource?.pk).toBe(pk);
    }
    await container.items.create({ id: 'a', none: 1 });
    expect((await container.item('a', undefined).read()).resource?.none).toBe(1);
  });

  test('may be called anything without a slash, backslash, question mark or hash', async () => {
    const container = await service.container();
    for (const id of ['a b', 'ü€', '50%', 'a+b', "a&b;=c'x", 'x|y', 'x'.repeat(1023)]) {
      await container.items.create({ id, pk: 'c1' });
      expect((await container.item(id, 'c1').read()).resource?.id).toBe(id);
    }
    await expect(container.items.create({ id: 'a/b', pk: 'c1' })).rejects.toThrow();
    expect((await failure(container.items.create({ id: 'x'.repeat(1024), pk: 'c1' }))).code).toBe(400);
    expect((await failure(container.items.create({ pk: 'c1' }, { disableAutomaticIdGeneration: true }))).code).toBe(
      400,
    );
  });

  test('larger than 2 MB is refused with 413', async () => {
    const container = await service.container();
    const text = 'x'.repeat(1024 * 1024);
    expect((await container.items.create(call({ text }))).statusCode).toBe(201);
    expect((await failure(container.items.upsert(call({ text: text + text })))).code).toBe(413);
    expect((await failure(container.items.upsert(call({ text: text.repeat(5) })))).code).toBe(413);
  });

  test('keeps fields called like parts of JavaScript objects', async () => {
    const container = await service.container();
    const body = JSON.parse('{"id":"odd","pk":"c1","__proto__":{"polluted":true},"constructor":1,"toString":2}');
    await container.items.create(body);
    const { resources } = await container.items
      .query('SELECT c["__proto__"] AS p, c.constructor, c.hasOwnProperty FROM c')
      .fetchAll();
    expect(resources).toEqual([{ p: { polluted: true }, constructor: 1 }]);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });
});

describe('conditions', () => {
  test('a write with an old etag is a 412 and changes nothing', async () => {
    const container = await service.container();
    const { etag: old } = await container.items.create(call());
    await container.items.upsert(call({ rev: 2 }));
    const accessCondition = { type: 'IfMatch', condition: old };
    const item = container.item('call', 'c1');
    expect((await failure(container.items.upsert(call({ rev: 3 }), { accessCondition }))).code).toBe(412);
    expect((await failure(item.replace(call({ rev: 3 }), { accessCondition }))).code).toBe(412);
    expect((await failure(item.patch([{ op: 'incr', path: '/rev', value: 1 }], { accessCondition }))).code).toBe(412);
    expect((await failure(item.delete({ accessCondition }))).code).toBe(412);
    expect((await item.read()).resource?.rev).toBe(2);
  });

  test('a write with the present etag goes through', async () => {
    const container = await service.container();
    const { etag } = await container.items.create(call());
    const accessCondition = { type: 'IfMatch', condition: etag };
    const { resource } = await container.item('call', 'c1').replace(call({ rev: 2 }), { accessCondition });
    expect(resource?.rev).toBe(2);
  });

  test('a read of what the caller already has is a 304 without a body', async () => {
    const container = await service.container();
    const { etag } = await container.items.create(call());
    const accessCondition = { type: 'IfNoneMatch', condition: etag };
    const read = await container.item('call', 'c1').read({ accessCondition });
    expect(read.statusCode).toBe(304);
    expect(read.resource).toBeFalsy();
  });
});

describe('unique keys', () => {
  test('hold within a logical partition', async () => {
    const container = await service.container({ uniqueKeyPolicy: { uniqueKeys: [{ paths: ['/mail'] }] } });
    await container.items.create({ id: 'a', pk: 'c1', mail: 'x@y' });
    expect((await failure(container.items.create({ id: 'b', pk: 'c1', mail: 'x@y' }))).code).toBe(409);
    expect((await container.items.create({ id: 'b', pk: 'c2', mail: 'x@y' })).statusCode).toBe(201);
    expect((await container.items.upsert({ id: 'a', pk: 'c1', mail: 'x@y', n: 1 })).statusCode).toBe(200);
  });
});
