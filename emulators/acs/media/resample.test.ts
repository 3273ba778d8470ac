import { expect, test } from 'vitest';
import { Resampler } from './resample.ts';

const frames = 20;

function sine(rate: number, hz: number): Buffer[] {
  return Array.from({ length: frames }, (_, frame) => {
    const pcm = Buffer.alloc(rate / 25);
    const count = pcm.length / 2;
    for (let n = 0; n < count; n++) {
      pcm.writeInt16LE(Math.round(10_000 * Math.sin((2 * Math.PI * hz * (frame * count + n)) / rate)), n * 2);
    }
    return pcm;
  });
}

/** Amplitude of `hz` in the later part of a stream. */
function amplitude(pcm: Buffer, rate: number, hz: number): number {
  let re = 0;
  let im = 0;
  const from = (pcm.length / 4) & ~1;
  const count = (pcm.length - from) / 2;
  for (let n = 0; n < count; n++) {
    const sample = pcm.readInt16LE(from + n * 2);
    re += sample * Math.cos((2 * Math.PI * hz * n) / rate);
    im += sample * Math.sin((2 * Math.PI * hz * n) / rate);
  }
  return (2 * Math.hypot(re, im)) / count;
}

function run(from: 16_000 | 24_000, to: 16_000 | 24_000, hz: number): Buffer {
  const resampler = new Resampler(from, to);
  return Buffer.concat(
    sine(from, hz).map(frame => {
      const output = Buffer.alloc(to / 25);
      resampler.run(frame, output);
      return output;
    }),
  );
}

test.each([200, 1_000, 3_000, 5_500])('a tone of %i Hz survives both ways', hz => {
  expect(Math.abs(amplitude(run(16_000, 24_000, hz), 24_000, hz) - 10_000)).toBeLessThan(600);
  expect(Math.abs(amplitude(run(24_000, 16_000, hz), 16_000, hz) - 10_000)).toBeLessThan(600);
});

test('what 16 kHz cannot carry is not folded into it', () => {
  expect(amplitude(run(24_000, 16_000, 10_500), 16_000, 5_500)).toBeLessThan(150);
});

test('upward there is no mirror image', () => {
  expect(amplitude(run(16_000, 24_000, 5_000), 24_000, 11_000)).toBeLessThan(150);
});

test('the loudest input does not wrap around', () => {
  const resampler = new Resampler(16_000, 24_000);
  const input = Buffer.alloc(640);
  for (let n = 0; n < 320; n++) input.writeInt16LE(n < 160 ? 32_767 : -32_768, n * 2);
  const output = Buffer.alloc(960);
  resampler.run(input, output);
  for (let n = 60; n < 220; n++) expect(output.readInt16LE(n * 2)).toBeGreaterThan(20_000);
});
