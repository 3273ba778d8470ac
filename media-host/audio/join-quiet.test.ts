import fc from 'fast-check';
import { expect, test } from 'vitest';
import { joinQuiet } from './join-quiet.ts';

const bytesPerMs = 32;
const frame = (n: number, ms = 20) => new Uint8Array(ms * bytesPerMs).fill(n);
const bytes = (pcm: ArrayBuffer | undefined) => (pcm ? new Uint8Array(pcm) : new Uint8Array());
const frames = fc.array(fc.record({ voiced: fc.boolean(), times: fc.integer({ min: 1, max: 40 }) }), { maxLength: 12 });

test('whatever is said when, the same sound comes out in the same order, and none waits longer than told', () => {
  fc.assert(
    fc.property(frames, fc.constantFrom(0, 200, 1000), fc.constantFrom(20, 60, 100), (stretches, afterMs, joinMs) => {
      const joiner = joinQuiet({ afterMs, joinMs });
      const given: number[] = [];
      const came: number[] = [];
      for (const { voiced, times } of stretches) {
        for (let i = 0; i < times; i++) {
          const pcm = frame(given.length % 251);
          given.push(...pcm);
          came.push(...bytes(joiner.push(pcm, voiced)));
          pcm.fill(255);
          expect(given.length - came.length).toBeLessThan(joinMs * bytesPerMs);
          if (voiced) expect(came.length).toBe(given.length);
        }
      }
      given.push(...frame(1));
      came.push(...bytes(joiner.push(frame(1), true)));
      expect(Buffer.from(came).equals(Buffer.from(given))).toBe(true);
    }),
    { numRuns: 30 },
  );
});

test('a voice and the silence that ends its phrase pass frame by frame, each in a buffer of its own', () => {
  const joiner = joinQuiet({ afterMs: 1000 });
  for (let ms = 0; ms < 2000; ms += 20) {
    const pcm = frame(1);
    expect(bytes(joiner.push(pcm, ms < 1000))).toEqual(frame(1));
  }
});

test('later silence goes in fifths of the messages, and the next voice takes along what waited', () => {
  const joiner = joinQuiet({ afterMs: 0, joinMs: 100 });
  const sent = Array.from({ length: 50 }, (_, n) => joiner.push(frame(n), false)).filter(pcm => pcm !== undefined);
  expect(sent.map(pcm => pcm.byteLength)).toEqual(Array.from({ length: 10 }, () => 100 * bytesPerMs));
  joiner.push(frame(50), false);
  expect(bytes(joiner.push(frame(51), true))).toEqual(new Uint8Array([...frame(50), ...frame(51)]));
});
