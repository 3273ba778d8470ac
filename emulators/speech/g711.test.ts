import { expect, test } from 'vitest';
import { fromALaw, fromMuLaw, toALaw, toMuLaw } from './g711.ts';

test.each([
  ['mu-law', toMuLaw, fromMuLaw],
  ['A-law', toALaw, fromALaw],
])('%s keeps every sample within a thirtieth of its size', (_, compress, expand) => {
  for (let sample = -32_768; sample <= 32_767; sample += 7) {
    const back = expand(compress(sample));
    expect(Math.abs(back - Math.max(-32_635, Math.min(32_635, sample)))).toBeLessThanOrEqual(
      Math.max(16, Math.abs(sample) / 30),
    );
  }
});

test('well-known codes are what the standard says', () => {
  expect([toMuLaw(0), fromMuLaw(0xff), fromMuLaw(0x00), fromMuLaw(0x80)]).toEqual([0xff, 0, -32_124, 32_124]);
  expect([toALaw(0), fromALaw(0xd5), fromALaw(0xaa), fromALaw(0x2a)]).toEqual([0xd5, 8, 32_256, -32_256]);
  for (let byte = 0; byte < 256; byte += 1) {
    expect(toALaw(fromALaw(byte))).toBe(byte);
    if (byte !== 0x7f) expect(toMuLaw(fromMuLaw(byte))).toBe(byte); // 0x7f is a second zero
  }
});
