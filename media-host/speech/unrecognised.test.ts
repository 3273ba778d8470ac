import { expect, test } from 'vitest';
import { createUnrecognised } from './unrecognised.ts';

const frame = () => new ArrayBuffer(640);

test('what a phrase covers is forgotten, what it does not cover is kept for the next recogniser', () => {
  const unrecognised = createUnrecognised();
  for (let i = 0; i < 50; i++) unrecognised.add(frame());
  unrecognised.recognisedUpTo(410);
  expect(unrecognised.startMs()).toBe(400);
  expect(unrecognised.all()).toHaveLength(30);
  expect(unrecognised.totalMs()).toBe(1000);
});

test('an hour of silence keeps no more than the bound', () => {
  const unrecognised = createUnrecognised(30_000);
  for (let i = 0; i < 180_000; i++) unrecognised.add(frame());
  expect(unrecognised.all().length).toBeLessThanOrEqual(1500);
  expect(unrecognised.totalMs() - unrecognised.startMs()).toBeLessThanOrEqual(30_000);
});
