import { expect, test } from 'vitest';
import type { OpenEars, Recognised } from './ears.ts';
import { speechMarkup } from './ssml.ts';
import type { Voice } from './voice.ts';

/**
 * What every pair of ears and voice must do, whichever service is behind them. `hearable` makes sound that the ears
 * understand as the text: a tone code for the stand-in, recorded speech for a real service.
 */
export interface SpeechUnderTest {
  open: OpenEars;
  voice: Voice;
  hearable: (text: string) => Int16Array;
}

const frameSamples = 320;
const markup = (text: string) => speechMarkup({ text, voice: 'en-US-JennyNeural', language: 'en-US' });

export function speechConformance(name: string, make: () => SpeechUnderTest): void {
  test(`${name}: words come back as partials and then as one final with its place in the sound`, async () => {
    const { open, hearable } = make();
    const { finals, partials, ears, heard } = listen(open);
    const pcm = hearable('What are your opening hours?');
    give(ears, new Int16Array(16_000 * 0.5));
    give(ears, pcm);
    give(ears, new Int16Array(16_000));
    await heard(1);
    expect(finals[0]?.text).toBe('What are your opening hours?');
    expect(partials.length).toBeGreaterThan(0);
    expect(finals[0]?.offsetMs).toBeGreaterThanOrEqual(450);
    expect(finals[0]?.offsetMs).toBeLessThanOrEqual(700);
    expect(Math.abs((finals[0]?.durationMs ?? 0) - pcm.length / 16)).toBeLessThan(250);
    await ears.close();
  });

  test(`${name}: sound given before recognition runs is heard from its first word`, async () => {
    const { open, hearable } = make();
    const { finals, ears, heard } = listen(open);
    give(ears, hearable('Hello there.'));
    give(ears, new Int16Array(16_000));
    await heard(1);
    expect(finals[0]?.text).toBe('Hello there.');
    await ears.close();
  });

  test(`${name}: two pairs of ears do not mix`, async () => {
    const { open, hearable } = make();
    const one = listen(open);
    const two = listen(open);
    give(one.ears, hearable('Apples and pears'));
    give(two.ears, hearable('Bricks and mortar'));
    for (const { ears } of [one, two]) give(ears, new Int16Array(16_000));
    await Promise.all([one.heard(1), two.heard(1)]);
    expect([one.finals[0]?.text, two.finals[0]?.text]).toEqual(['Apples and pears', 'Bricks and mortar']);
    await Promise.all([one.ears.close(), two.ears.close()]);
  });

  test(`${name}: the voice gives whole samples, every word with its time, and the length of it all`, async () => {
    const { voice } = make();
    let bytes = 0;
    const words: { text: string; offsetMs: number; durationMs: number }[] = [];
    const spoken = await voice.speak(
      markup('Your parcel arrives on Tuesday.'),
      {
        sound: pcm => {
          expect(pcm.byteLength % 2).toBe(0);
          bytes += pcm.byteLength;
        },
        word: word => words.push(word),
      },
      new AbortController().signal,
    );
    expect(words.map(word => word.text.replace(/[^\w]/g, '')).filter(text => text !== '')).toEqual([
      'Your',
      'parcel',
      'arrives',
      'on',
      'Tuesday',
    ]);
    expect(words.every((word, i) => i === 0 || word.offsetMs >= (words[i - 1]?.offsetMs ?? 0))).toBe(true);
    expect(Math.abs(spoken.ms - bytes / 32)).toBeLessThanOrEqual(1);
    expect(spoken.ms).toBeGreaterThan(1000);
  });

  test(`${name}: a voice that is told to stop says nothing more, and the next utterance is whole`, async () => {
    const { voice } = make();
    const abort = new AbortController();
    let after = 0;
    await voice.speak(
      markup('This sentence is long enough to be cut somewhere in its middle, long before it ends.'),
      {
        sound: () => {
          if (abort.signal.aborted) after++;
          abort.abort();
        },
        word: () => undefined,
      },
      abort.signal,
    );
    expect(after).toBe(0);
    let bytes = 0;
    const next = await voice.speak(
      markup('And now this.'),
      {
        sound: pcm => {
          bytes += pcm.byteLength;
        },
        word: () => undefined,
      },
      new AbortController().signal,
    );
    expect(Math.abs(next.ms - bytes / 32)).toBeLessThanOrEqual(1);
    expect(next.ms).toBeGreaterThan(300);
  });
}

export function listen(open: OpenEars) {
  const finals: Recognised[] = [];
  const partials: Recognised[] = [];
  const lost: string[] = [];
  let again = 0;
  let look: () => void = () => undefined;
  const ears = open(
    { language: 'en-US', phrases: ['Switchboard'] },
    {
      listening: () => undefined,
      partial: words => partials.push(words),
      final: words => {
        finals.push(words);
        look();
      },
      noMatch: () => undefined,
      lost: code => {
        lost.push(code);
        look();
      },
      again: () => {
        again++;
        look();
      },
    },
  );
  const until = (met: () => boolean) =>
    new Promise<void>(resolve => {
      look = () => {
        if (met()) resolve();
      };
      look();
    });
  return {
    ears,
    finals,
    partials,
    lost,
    heard: (count: number) => until(() => finals.length >= count),
    recovered: (count: number) => until(() => again >= count),
    failed: (count: number) => until(() => lost.length >= count),
  };
}

export function give(ears: { hear(pcm: ArrayBuffer): void }, pcm: Int16Array): void {
  for (let at = 0; at < pcm.length; at += frameSamples) ears.hear(pcm.slice(at, at + frameSamples).buffer);
}
