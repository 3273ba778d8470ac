import { expect, test } from 'vitest';
import { Recorder, RecordingBudget } from './recorder.ts';

const frame = (byte: number) => Buffer.alloc(640, byte);

test('audio and silence come back in their places, up to the limit', () => {
  const recorder = new Recorder(80, new RecordingBudget(() => false));
  recorder.addSilence(640);
  recorder.add(frame(1));
  recorder.addSilence(640);
  recorder.addSilence(640);
  recorder.add(frame(2));
  expect(recorder.pcm()).toEqual(Buffer.concat([frame(0), frame(1), frame(0), frame(0)]));
});

test('a full budget frees the oldest, and otherwise keeps silence in place of sound', () => {
  const recorders: Recorder[] = [];
  const budget = new RecordingBudget(() => recorders.shift()?.release() ?? false, 1_280);
  const first = new Recorder(1_000, budget);
  const second = new Recorder(1_000, budget);
  recorders.push(first);
  first.add(frame(1));
  second.add(frame(2));
  second.add(frame(3));
  second.add(frame(4));
  expect(first.pcm()).toHaveLength(0);
  expect(second.pcm()).toEqual(Buffer.concat([frame(2), frame(3), frame(0)]));
});
