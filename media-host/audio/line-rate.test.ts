import { expect, test } from 'vitest';
import { createLineRate } from './line-rate.ts';

const tone = (hz: number, rate: number, ms: number) => {
  const samples = Int16Array.from({ length: (rate * ms) / 1000 }, (_, i) =>
    Math.round(8000 * Math.sin((2 * Math.PI * hz * i) / rate)),
  );
  return new Uint8Array(samples.buffer);
};

/** Crossings of zero upwards in a second, which is the pitch. */
function pitchOf(pcm: Uint8Array, rate: number): number {
  const all = new Int16Array(Uint8Array.from(pcm).buffer);
  const samples = all.subarray(all.length / 4, (all.length * 3) / 4);
  let crossings = 0;
  for (let i = 1; i < samples.length; i++) if ((samples[i - 1] ?? 0) < 0 && (samples[i] ?? 0) >= 0) crossings++;
  return (crossings * rate) / samples.length;
}

test('at our own rate sound passes untouched', () => {
  const line = createLineRate(16_000);
  const pcm = tone(440, 16_000, 20);
  expect(line.set(16_000)).toBe(true);
  expect(line.inbound(pcm)).toBe(pcm);
  expect(line.outbound(pcm)).toBe(pcm);
});

test('a line of 24 kHz keeps pitch and length both ways, whatever frames it comes in', () => {
  const line = createLineRate(16_000);
  line.set(24_000);
  const second = tone(440, 24_000, 1000);
  const heard: Uint8Array[] = [];
  for (let at = 0; at < second.length; at += 960) heard.push(line.inbound(second.slice(at, at + 960)));
  const inbound = Buffer.concat(heard);
  expect(inbound.length).toBe(32_000);
  expect(Math.abs(pitchOf(inbound, 16_000) - 440)).toBeLessThanOrEqual(3);
  const outbound = line.outbound(tone(440, 16_000, 1000));
  expect(outbound.length).toBe(48_000);
  expect(Math.abs(pitchOf(outbound, 24_000) - 440)).toBeLessThanOrEqual(3);
});

test('a rate that cannot be had is refused, and the line stays as it was', () => {
  const line = createLineRate(16_000);
  expect(line.set(11_025)).toBe(false);
  const pcm = tone(440, 16_000, 20);
  expect(line.inbound(pcm)).toBe(pcm);
});
