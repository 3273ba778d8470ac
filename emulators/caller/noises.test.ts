import { expect, test } from 'vitest';
import { createEveryBandDecoder } from '../tone/tone.ts';
import { createLineNoise } from './line-noise.ts';
import { type CoughKind, clickSound, coughSound, noiseSound, puffSound } from './noises.ts';

const KINDS: readonly CoughKind[] = ['cough', 'throat', 'sneeze'];

function rms(pcm: Int16Array): number {
  return Math.sqrt(pcm.reduce((total, sample) => total + sample * sample, 0) / pcm.length);
}

test('coughs are as long as asked, loud, die away, and are the same for the same seed', () => {
  for (const kind of KINDS) {
    for (const ms of [150, 300, 450]) {
      const pcm = coughSound(ms, kind, 5);
      expect(pcm.length).toBe(ms * 16);
      expect(rms(pcm)).toBeGreaterThan(1000);
      expect(rms(pcm.subarray(-320))).toBeLessThan(rms(pcm));
      expect(pcm).toEqual(coughSound(ms, kind, 5));
      expect(pcm).not.toEqual(coughSound(ms, kind, 6));
    }
  }
});

test('no sound has words in it, or is louder than a line can carry', () => {
  const sounds = [1, 2, 3].flatMap(seed => [
    ...KINDS.map(kind => coughSound(400, kind, seed)),
    puffSound(300, seed),
    clickSound(seed),
    noiseSound(300, 6000, seed),
  ]);
  for (const pcm of sounds) {
    expect(createEveryBandDecoder({ sampleRate: 16_000 }).push(pcm)).toEqual([]);
    expect(pcm.every(sample => Math.abs(sample) < 32_767)).toBe(true);
    expect(rms(pcm)).toBeGreaterThan(500);
  }
});

test('the noise of a line has the level asked for and goes round without a seam', () => {
  for (const kind of ['white', 'street'] as const) {
    const long = new Int16Array(20 * 16_000);
    createLineNoise({ kind, level: 250 }, 9)(long);
    expect(rms(long)).toBeGreaterThan(240);
    expect(rms(long)).toBeLessThan(260);
    const steps = long.map((sample, i) => Math.abs(sample - (long[i - 1] ?? sample)));
    const usual = rms(steps);
    expect(steps.reduce((most, step) => Math.max(most, step), 0)).toBeLessThan(usual * 6);
  }
});
