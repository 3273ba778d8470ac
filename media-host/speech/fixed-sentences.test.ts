import { expect, test } from 'vitest';
import { createFixedSentences } from './fixed-sentences.ts';
import type { Voice, VoiceListener } from './voice.ts';

/** A voice that speaks when the test says so; each second of sound is marked with the number of its making. */
function setUp(mostBytes?: number) {
  const makings: { ssml: string; listener: VoiceListener; signal: AbortSignal; end(): void; fail(): void }[] = [];
  const voice: Voice = {
    speak: (ssml, listener, signal) =>
      new Promise((resolve, reject) => {
        makings.push({
          ssml,
          listener,
          signal,
          end: () => resolve({ ms: 200 }),
          fail: () => reject(new Error('away')),
        });
      }),
    close: async () => undefined,
  };
  const fixed = createFixedSentences(voice, mostBytes);
  const say = (ssml: string, abort = new AbortController()) => {
    const heard: number[] = [];
    const words: string[] = [];
    const spoken = fixed.speak(
      ssml,
      { sound: pcm => heard.push(...new Uint8Array(pcm)), word: word => words.push(word.text) },
      abort.signal,
    );
    return { heard, words, spoken, abort };
  };
  const make = (at = 0) => {
    makings[at]?.listener.word({ text: 'Hello', offsetMs: 0, durationMs: 100 });
    for (const value of [1, 2, 3]) makings[at]?.listener.sound(new Uint8Array([value, value]).buffer);
  };
  return { fixed, makings, say, make };
}

const whole = [1, 1, 2, 2, 3, 3];

test('a sentence is made once; whoever wants it later has it at once, in the same chunks and words', async () => {
  const { makings, say, make, fixed } = setUp();
  const first = say('a');
  make();
  makings[0]?.end();
  await first.spoken;
  const second = say('a');
  expect([second.heard, second.words]).toEqual([whole, ['Hello']]);
  expect(await second.spoken).toEqual({ ms: 200 });
  expect(first.heard).toEqual(whole);
  expect(makings).toHaveLength(1);
  expect(fixed.gauge).toEqual({ kept: 1, bytes: 6, hits: 1, misses: 1 });
});

test('what was given away is not what is kept', async () => {
  const { makings, say, make, fixed } = setUp();
  const given: ArrayBuffer[] = [];
  const spoken = fixed.speak(
    'a',
    { sound: pcm => given.push(pcm), word: () => undefined },
    new AbortController().signal,
  );
  make();
  structuredClone(given, { transfer: given });
  makings[0]?.end();
  await spoken;
  expect(say('a').heard).toEqual(whole);
});

test('calls that want it while it is made share the making, from its beginning', async () => {
  const { makings, say, make } = setUp();
  const first = say('a');
  make();
  const second = say('a');
  expect(second.heard).toEqual(whole);
  makings[0]?.listener.sound(new Uint8Array([4, 4]).buffer);
  makings[0]?.end();
  await Promise.all([first.spoken, second.spoken]);
  expect([first.heard, second.heard]).toEqual([
    [...whole, 4, 4],
    [...whole, 4, 4],
  ]);
  expect(makings).toHaveLength(1);
});

test('a caller who interrupts hears no more of it, and it is kept for the next', async () => {
  const { makings, say, make } = setUp();
  const first = say('a');
  makings[0]?.listener.sound(new Uint8Array([9, 9]).buffer);
  first.abort.abort();
  await first.spoken;
  make();
  makings[0]?.end();
  expect(first.heard).toEqual([9, 9]);
  expect(makings[0]?.signal.aborted).toBe(false);
  await new Promise(resolve => setImmediate(resolve));
  expect(say('a').heard).toEqual([9, 9, ...whole]);
});

test('one that failed is not kept, and everybody who waited is told', async () => {
  const { makings, say, fixed } = setUp();
  const [first, second] = [say('a'), say('a')];
  makings[0]?.fail();
  await expect(first.spoken).rejects.toThrow('away');
  await expect(second.spoken).rejects.toThrow('away');
  const third = say('a');
  expect(makings).toHaveLength(2);
  makings[1]?.end();
  await third.spoken;
  // Without a sound there is nothing to keep.
  expect(fixed.gauge).toMatchObject({ kept: 0, bytes: 0 });
});

test('no more is kept than the bound; the one not wanted for longest goes', async () => {
  const { makings, say, make, fixed } = setUp(14);
  for (const [at, ssml] of ['a', 'b'].entries()) {
    const saying = say(ssml);
    make(at);
    makings[at]?.end();
    await saying.spoken;
  }
  await say('a').spoken;
  const third = say('c');
  make(2);
  makings[2]?.end();
  await third.spoken;
  expect(fixed.gauge).toMatchObject({ kept: 2, bytes: 12 });
  say('a');
  expect(makings).toHaveLength(3);
  say('b');
  expect(makings).toHaveLength(4);
});

test('what is prepared is made one by one and there when it is wanted; a failure of that is nobody’s', async () => {
  const { makings, say, make, fixed } = setUp();
  for (const ssml of ['a', 'b', 'a', 'c']) fixed.prepare(ssml);
  expect(makings.map(({ ssml }) => ssml)).toEqual(['a']);
  make();
  makings[0]?.end();
  await new Promise(resolve => setImmediate(resolve));
  makings[1]?.fail();
  await new Promise(resolve => setImmediate(resolve));
  expect(makings.map(({ ssml }) => ssml)).toEqual(['a', 'b', 'c']);
  expect(say('a').heard).toEqual(whole);
});
