import type { OrchestrationContext, Task } from 'durable-functions';
import { expect, test } from 'vitest';
import { callEventName } from './call-message.ts';
import { Inbox } from './inbox.ts';
import { play } from './testing/scripted-orchestration.ts';

/** Reads as an orchestration does: wakes every second, works a while, and stops at `end`. */
function* reader(context: OrchestrationContext): Generator<Task, string[], unknown> {
  const { df } = context;
  const inbox = new Inbox(context);
  const read: string[] = [];
  for (;;) {
    const message = yield* inbox.next(new Date(df.currentUtcDateTime).getTime() + 1_000);
    if (message?.id === 'end') return read;
    read.push(message?.id ?? 'alarm');
    if (!message) yield df.callActivity('work');
  }
}

const readAt = (...arrivals: [at: number, id: string][]) =>
  play(reader, {
    input: undefined,
    activities: { work: () => undefined },
    activityMs: 100,
    messages: arrivals.map(([at, id]) => ({ at, name: callEventName, message: { id } })),
  }).output;

test('messages come in order, however many at one moment', () => {
  expect(readAt([10, 'a'], [10, 'b'], [20, 'c'], [20, 'end'])).toEqual(['a', 'b', 'c']);
});

test('a message delivered again is not read again', () => {
  expect(readAt([10, 'a'], [10, 'a'], [20, 'b'], [30, 'a'], [40, 'end'])).toEqual(['a', 'b']);
});

test('an alarm comes when nothing else does, and the message after it is not lost', () => {
  expect(readAt([1_500, 'a'], [2_000, 'end'])).toEqual(['alarm', 'a']);
});

test('messages that arrive while an alarm is worked on are all read, and at once', () => {
  const read = readAt([1_010, 'a'], [1_020, 'b'], [1_030, 'c'], [2_500, 'd'], [3_400, 'end']);
  expect(read).toEqual(['alarm', 'a', 'b', 'c', 'alarm', 'd']);
});

test('only the newest hundred ids are remembered', () => {
  const many = Array.from({ length: 101 }, (_, i): [number, string] => [10, `m${i}`]);
  expect(readAt(...many, [20, 'm0'], [20, 'm50'], [30, 'end'])).toHaveLength(102);
});
