import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createSampleJoiner } from './whole-samples.ts';

test('however the bytes are cut, whole samples come out, in order and none lost', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 9 }), { maxLength: 30 }), chunks => {
      const join = createSampleJoiner();
      const out = chunks.map(chunk => new Uint8Array(join(chunk.slice().buffer)));
      for (const chunk of out) expect(chunk.length % 2).toBe(0);
      const given = chunks.flatMap(chunk => [...chunk]);
      expect(out.flatMap(chunk => [...chunk])).toEqual(given.slice(0, given.length - (given.length % 2)));
    }),
  );
});

test('what is handed on may be given away: it is no view of what came', () => {
  const came = new Uint8Array([1, 2, 3, 4]).buffer;
  expect(createSampleJoiner()(came)).not.toBe(came);
});
