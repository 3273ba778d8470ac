import { describe, expect, test } from 'vitest';
import { type CallerMemory, callerMemoryId, callerPartition, merged, noMemory } from '../../contracts/caller-memory.ts';
import { scriptedDocuments } from '../testing/scripted-documents.ts';
import { callerMemories } from './memories.ts';

const hash = 'a1'.repeat(12);
const place = `${callerPartition(hash)} ${callerMemoryId}`;

function setUp(hours = 72) {
  const documents = scriptedDocuments();
  return { documents, memories: callerMemories(documents, hours), fields: () => documents.stored.get(place)?.fields };
}

const left = (n: number): CallerMemory => ({
  facts: { [`fact-${n}`]: { value: `${n}`, at: n, callId: `c${n}` }, name: { value: `N${n}`, at: n, callId: `c${n}` } },
  calls: [{ callId: `c${n}`, at: n, agent: 'reception' }],
});

describe('the memory of a caller', () => {
  test('has what each of ten calls left that end at one moment', async () => {
    const { memories, fields } = setUp();
    const calls = Array.from({ length: 10 }, (_, i) => left(i + 1));
    await Promise.all(calls.map(call => memories.add(hash, call)));
    expect(await memories.of(hash)).toEqual(calls.reduce(merged, noMemory));
    expect(fields()).toMatchObject({ ver: 10, ttl: 72 * 3600, pk: `caller|${hash}`, id: 'caller' });
  });

  test('is not written again where a call tells again what it has left', async () => {
    const { memories, documents, fields } = setUp();
    await memories.add(hash, left(1));
    await memories.add(hash, left(2));
    const before = structuredClone(fields());
    for (const n of [1, 2, 1]) await memories.add(hash, left(n));
    expect(fields()).toEqual(before);
    expect(documents.writes).toBe(2);
  });

  test('is nothing where nothing was left', async () => {
    const { memories, documents } = setUp();
    await memories.add(hash, noMemory);
    expect(await memories.of(hash)).toBeUndefined();
    expect(documents.writes).toBe(0);
  });

  test('is forgotten for good: who has yet to write of an earlier moment brings nothing back', async () => {
    const { memories } = setUp(1);
    await memories.add(hash, left(3));
    await Promise.all([memories.forget(hash, 10), memories.add(hash, left(4)), memories.add(hash, left(5))]);
    await memories.add(hash, left(10));
    expect(await memories.of(hash)).toBeUndefined();
    await memories.add(hash, left(11));
    expect(await memories.of(hash)).toMatchObject({ facts: { name: { value: 'N11' } } });
  });

  test('is forgotten also before anything was written, and outlives the calls that may still tell', async () => {
    const { memories, fields } = setUp(0);
    await memories.forget(hash, 10);
    await memories.add(hash, left(9));
    expect(await memories.of(hash)).toBeUndefined();
    expect(fields()).toMatchObject({ facts: {}, calls: [], ttl: 48 * 3600 });
  });

  test('begins anew over a document nobody can read', async () => {
    const { memories, documents } = setUp();
    documents.stored.set(place, { fields: { facts: 'none', ver: 4 }, etag: 'e' });
    expect(await memories.of(hash)).toBeUndefined();
    await memories.add(hash, left(1));
    expect(documents.stored.get(place)?.fields).toMatchObject({ ver: 5, calls: [{ callId: 'c1' }] });
  });

  test('is told as not kept while the database is away', async () => {
    const { memories, documents } = setUp();
    documents.down = true;
    await expect(memories.add(hash, left(1))).rejects.toMatchObject({ code: 'STORE_UNAVAILABLE' });
    documents.down = false;
    await memories.add(hash, left(1));
    expect(await memories.of(hash)).toEqual(merged(noMemory, left(1)));
  });
});
