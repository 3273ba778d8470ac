import fc from 'fast-check';
import { expect, test } from 'vitest';
import { DocumentTransaction } from './documents.ts';
import { applyPatch, type PatchOperation } from './patch.ts';
import { ServiceError } from './service-error.ts';
import { Container } from './store/container.ts';

const KEY = { paths: ['/pk'] };
const segment = fc.constantFrom('a', 'b', 'list', '0', '1', '-', '__proto__', 'constructor', 'x~1y', 'x~0y');
const path = fc.array(segment, { minLength: 1, maxLength: 3 }).map(parts => `/${parts.join('/')}`);
const operation: fc.Arbitrary<PatchOperation> = fc.record({
  op: fc.constantFrom('add', 'set', 'replace', 'remove', 'incr', 'move'),
  path,
  from: path,
  value: fc.oneof(fc.integer(), fc.jsonValue({ maxDepth: 1 })),
});
const document = fc.record({
  id: fc.constant('d'),
  pk: fc.constant('p'),
  a: fc.jsonValue({ maxDepth: 2 }),
  b: fc.object({ key: segment, maxDepth: 1, values: [fc.integer(), fc.string()] }),
  list: fc.array(fc.integer(), { maxLength: 4 }),
});

test('a patch succeeds or is refused as the service would, and never touches the original or a prototype', () => {
  fc.assert(
    fc.property(document, fc.array(operation, { minLength: 1, maxLength: 5 }), (original, operations) => {
      const before = JSON.stringify(original);
      try {
        const patched = applyPatch(original, operations, KEY);
        expect(patched).toMatchObject({ id: 'd', pk: 'p' });
      } catch (error) {
        expect(error).toBeInstanceOf(ServiceError);
      }
      expect(JSON.stringify(original)).toBe(before);
      expect(Object.keys(Object.prototype)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('set then remove is no change, and move there and back is none either', () => {
  fc.assert(
    fc.property(document, fc.jsonValue(), (original, value) => {
      const set = { op: 'set', path: '/fresh', value };
      expect(applyPatch(original, [set, { op: 'remove', path: '/fresh' }], KEY)).toEqual(original);
      const away = { op: 'move', from: '/list', path: '/fresh' };
      const back = { op: 'move', from: '/fresh', path: '/list' };
      expect(applyPatch(original, [away, back], KEY)).toEqual(original);
    }),
  );
});

test('a tilde path names the field with the slash or tilde in it', () => {
  const operations = [
    { op: 'set', path: '/x~1y', value: 1 },
    { op: 'set', path: '/x~0y', value: 2 },
  ];
  expect(applyPatch({}, operations, KEY)).toEqual({ 'x/y': 1, 'x~y': 2 });
});

test('a field cannot be moved into itself, nor the key in whole or part', () => {
  expect(() => applyPatch({ a: { b: 1 } }, [{ op: 'move', from: '/a', path: '/a/c' }], KEY)).toThrow(ServiceError);
  const nested = { paths: ['/who/tenant'] };
  for (const fixed of ['/who', '/who/tenant', '/who/tenant/x']) {
    expect(() => applyPatch({ who: { tenant: 't' } }, [{ op: 'set', path: fixed, value: 1 }], nested)).toThrow(
      'partition key',
    );
  }
  expect(applyPatch({ who: { tenant: 't' } }, [{ op: 'set', path: '/who/name', value: 1 }], nested).who).toMatchObject({
    name: 1,
  });
});

test('whoever writes with the etag last read wins exactly when nobody wrote between', () => {
  const step = fc.record({ slot: fc.integer({ min: 0, max: 2 }), do: fc.constantFrom('read', 'write', 'force') });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), steps => {
      const container = new Container({
        id: 'c',
        partitionKey: KEY,
        indexingPolicy: {},
        _rid: 'AAAAAYAAAAE=',
        _self: '',
        _etag: '',
        _ts: 0,
      });
      const commit = (transaction: DocumentTransaction): void => {
        for (const change of transaction.changes) {
          if (change.op === 'put') container.put(change.document, change.lsn, change.bytes);
        }
      };
      const write = (ifMatch: string | undefined): string => {
        const transaction = new DocumentTransaction(container, 0);
        const { document } = transaction.upsert(['p'], { id: 'd', pk: 'p' }, { ifMatch });
        commit(transaction);
        return document!._etag;
      };
      let latest = write(undefined);
      const held = [latest, latest, latest];
      for (const { slot, do: action } of steps) {
        if (action === 'read') held[slot] = latest;
        else if (action === 'force') latest = write(undefined);
        else if (held[slot] === latest) {
          latest = write(held[slot]);
          held[slot] = latest;
        } else expect(() => write(held[slot])).toThrow(ServiceError);
      }
      expect(new DocumentTransaction(container, 0).read(['p'], 'd').document?._etag).toBe(latest);
    }),
  );
});
