import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, connect, failure } from './conformance-client.ts';

let service: Connected;
beforeAll(async () => {
  service = await connect();
});
afterAll(() => service[Symbol.asyncDispose]());

const call = (more: object = {}) => ({ id: 'call', pk: 'c1', rev: 1, ...more });

describe('patch', () => {
  const start = () => call({ n: 1, list: [1, 2, 3], deep: { a: 1 } });
  const patched = async (operations: object[]) => {
    const container = await service.container();
    await container.items.create(start());
    const { resource } = await container.item('call', 'c1').patch(operations as never);
    return resource as Record<string, unknown>;
  };

  test('adds, sets, replaces, removes, increments and moves', async () => {
    const result = await patched([
      { op: 'add', path: '/added', value: { x: 1 } },
      { op: 'set', path: '/deep/b', value: 2 },
      { op: 'replace', path: '/n', value: 10 },
      { op: 'remove', path: '/deep/a' },
      { op: 'incr', path: '/n', value: -3 },
      { op: 'incr', path: '/fresh', value: 1.5 },
      { op: 'move', from: '/added', path: '/moved' },
    ]);
    expect(result).toMatchObject({ n: 7, fresh: 1.5, deep: { b: 2 }, moved: { x: 1 } });
    expect(result).not.toHaveProperty('added');
    expect(result['deep']).not.toHaveProperty('a');
  });

  test('inserts into arrays with add and overwrites elements with set', async () => {
    const result = await patched([
      { op: 'add', path: '/list/1', value: 'in' },
      { op: 'add', path: '/list/-', value: 'end' },
      { op: 'set', path: '/list/0', value: 'first' },
      { op: 'remove', path: '/list/2' },
    ]);
    expect(result['list']).toEqual(['first', 'in', 3, 'end']);
  });

  test.each([
    ['replace of a field that is not there', [{ op: 'replace', path: '/none', value: 1 }]],
    ['remove of a field that is not there', [{ op: 'remove', path: '/none' }]],
    ['set below a field that is not there', [{ op: 'set', path: '/none/x', value: 1 }]],
    ['an index beyond the end', [{ op: 'add', path: '/list/9', value: 1 }]],
    ['incr of text', [{ op: 'incr', path: '/id', value: 1 }]],
    ['the partition key', [{ op: 'set', path: '/pk', value: 'x' }]],
    ['the id', [{ op: 'set', path: '/id', value: 'x' }]],
    ['a time to live that is none', [{ op: 'set', path: '/ttl', value: 'soon' }]],
    ['a system field', [{ op: 'set', path: '/_ts', value: 1 }]],
    ['more than ten operations', Array.from({ length: 11 }, () => ({ op: 'incr', path: '/n', value: 1 }))],
    ['no operation', []],
  ])('refuses %s with 400 and changes nothing', async (_what, operations) => {
    const container = await service.container();
    const { etag } = await container.items.create(start());
    expect((await failure(container.item('call', 'c1').patch(operations as never))).code).toBe(400);
    expect((await container.item('call', 'c1').read()).etag).toBe(etag);
  });

  test('is conditional on a query over the document', async () => {
    const container = await service.container();
    await container.items.create(start());
    const item = container.item('call', 'c1');
    const operations = [{ op: 'set' as const, path: '/rev', value: 5 }];
    await item.patch({ condition: 'from c where c.rev < 5', operations });
    expect((await failure(item.patch({ condition: 'from c where c.rev < 5', operations }))).code).toBe(412);
    expect((await failure(item.patch({ condition: 'from c where', operations }))).code).toBe(400);
    expect((await item.read()).resource?.rev).toBe(5);
  });
});
