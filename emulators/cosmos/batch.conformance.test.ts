import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, connect } from './conformance-client.ts';

let service: Connected;
beforeAll(async () => {
  service = await connect();
});
afterAll(() => service[Symbol.asyncDispose]());

const call = (more: object = {}) => ({ id: 'call', pk: 'c1', rev: 1, ...more });

describe('batch', () => {
  test('all operations of a batch take effect, each with its status', async () => {
    const container = await service.container();
    await container.items.create(call({ id: 'old' }));
    await container.items.create(call({ id: 'gone' }));
    const { result, code } = await container.items.batch(
      [
        { operationType: 'Create', resourceBody: call({ id: 'new' }) },
        { operationType: 'Upsert', resourceBody: call({ id: 'new', rev: 2 }) },
        { operationType: 'Patch', id: 'new', resourceBody: { operations: [{ op: 'incr', path: '/rev', value: 1 }] } },
        { operationType: 'Replace', id: 'old', resourceBody: call({ id: 'old', rev: 9 }) },
        { operationType: 'Delete', id: 'gone' },
        { operationType: 'Read', id: 'new' },
      ],
      'c1',
    );
    expect(code).toBe(200);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([201, 200, 200, 200, 204, 200]);
    expect(result?.[5]?.resourceBody).toMatchObject({ id: 'new', rev: 3 });
    expect(result?.[5]?.eTag).toBe((await container.item('new', 'c1').read()).etag);
    expect((await container.item('gone', 'c1').read()).statusCode).toBe(404);
  });

  test('one failure undoes the whole batch: the offender keeps its status, the others get 424', async () => {
    const container = await service.container();
    await container.items.create(call({ id: 'old' }));
    const { result, code } = await container.items.batch(
      [
        { operationType: 'Create', resourceBody: call({ id: 'new' }) },
        { operationType: 'Delete', id: 'old' },
        { operationType: 'Create', resourceBody: call({ id: 'new' }) },
        { operationType: 'Upsert', resourceBody: call({ id: 'later' }) },
      ],
      'c1',
    );
    expect(code).toBe(207);
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([424, 424, 409, 424]);
    expect((await container.items.readAll<{ id: string }>().fetchAll()).resources.map(({ id }) => id)).toEqual(['old']);
  });

  test('an etag that does not match fails the batch with 412', async () => {
    const container = await service.container();
    await container.items.create(call());
    const { result } = await container.items.batch(
      [
        { operationType: 'Upsert', resourceBody: call({ rev: 2 }), ifMatch: '"other"' },
        { operationType: 'Create', resourceBody: call({ id: 'b' }) },
      ],
      'c1',
    );
    expect(result?.map(({ statusCode }) => statusCode)).toEqual([412, 424]);
  });

  test('more than 2 MB fails the batch with 413', async () => {
    const container = await service.container();
    const operations = ['a', 'b', 'c'].map(id => ({
      operationType: 'Create' as const,
      resourceBody: call({ id, text: 'x'.repeat(900_000) }),
    }));
    await expect(container.items.batch(operations, 'c1')).rejects.toThrow('Request size is too large');
  });

  test('a document of another key fails the batch with 400', async () => {
    const container = await service.container();
    const { result } = await container.items.batch(
      [{ operationType: 'Create', resourceBody: call({ pk: 'c2' }) }],
      'c1',
    );
    expect(result?.[0]?.statusCode).toBe(400);
  });
});

describe('bulk', () => {
  test('operations succeed and fail one by one, over any keys', async () => {
    const container = await service.container();
    await container.items.create(call());
    const responses = await container.items.bulk([
      { operationType: 'Create', resourceBody: call({ pk: 'c2' }) },
      { operationType: 'Create', resourceBody: call() },
      { operationType: 'Read', id: 'call', partitionKey: 'c1' },
      { operationType: 'Delete', id: 'none', partitionKey: 'c1' },
      {
        operationType: 'Patch',
        id: 'call',
        partitionKey: 'c2',
        resourceBody: { operations: [{ op: 'incr', path: '/rev', value: 4 }] },
      },
    ]);
    expect(responses.map(({ statusCode }) => statusCode)).toEqual([201, 409, 200, 404, 200]);
    expect((await container.item('call', 'c2').read()).resource?.rev).toBe(5);
  });

  test('executeBulkOperations writes more than one chunk', async () => {
    const container = await service.container();
    const operations = Array.from({ length: 250 }, (_, index) => ({
      operationType: 'Upsert' as const,
      partitionKey: `c${index}`,
      resourceBody: call({ pk: `c${index}`, index }),
    }));
    const results = await container.items.executeBulkOperations(operations);
    expect(results.filter(({ response }) => response?.statusCode === 201)).toHaveLength(250);
    expect((await container.items.query('SELECT VALUE COUNT(1) FROM c').fetchAll()).resources).toEqual([250]);
  });
});
