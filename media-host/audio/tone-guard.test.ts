import { expect, test } from 'vitest';
import { bankVoices } from '../../emulators/caller/voice/bank.ts';
import { noise, seeded } from '../../emulators/speech/test-sounds.ts';
import { unforetold } from './tone-guard.ts';

const windowSamples = 512;
const tone = (level: number, ...frequencies: number[]) =>
  Int16Array.from({ length: windowSamples }, (_, i) =>
    Math.round(frequencies.reduce((sum, hz) => sum + level * Math.sin((2 * Math.PI * hz * i) / 16_000), 0)),
  );

test('one tone or two leave next to nothing that is not foretold', () => {
  for (const low of [697, 770, 852, 941])
    for (const high of [1209, 1336, 1477, 1633])
      for (const level of [500, 5000]) expect(unforetold(tone(level, low, high), 0, windowSamples)).toBeLessThan(0.005);
  for (const pair of [[350, 440], [480, 620], [425]])
    expect(unforetold(tone(3000, ...pair), 0, windowSamples)).toBeLessThan(0.005);
});

test('a voice and noise leave more', () => {
  const windows = bankVoices().flatMap(({ clips }) =>
    clips.flatMap(clip =>
      Array.from({ length: Math.floor(clip.length / windowSamples) }, (_, i) =>
        unforetold(clip, i * windowSamples, windowSamples),
      ),
    ),
  );
  expect(windows.filter(rest => rest > 0.01).length / windows.length).toBeGreaterThan(0.95);
  expect(unforetold(noise(32, 2000, seeded(3)), 0, windowSamples)).toBeGreaterThan(0.3);
});

test('digital silence is no tone', () => {
  expect(unforetold(new Int16Array(windowSamples), 0, windowSamples)).toBe(1);
});
