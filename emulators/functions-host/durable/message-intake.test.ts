import { expect, test } from 'vitest';
import { type HistoryEvent, historyEvent } from './history.ts';
import { takeMessages } from './message-intake.ts';
import type { InstanceMessage } from './outbox.ts';
import type { InboxRow, Instance } from './store.ts';

const instance = { instanceId: 'i', executionId: 'now', status: 'Running' } as Instance;
const started = historyEvent('ExecutionStarted', 0);

const rows = (...messages: (InstanceMessage & { for?: string })[]): InboxRow[] =>
  messages.map(({ for: executionId = null, ...message }, index) => ({
    id: index + 1,
    instanceId: 'i',
    executionId: executionId as string | null,
    dueAt: index,
    message: JSON.stringify(message),
  }));

const completed = (id: number): HistoryEvent => historyEvent('TaskCompleted', 0, { TaskScheduledId: id, Result: '1' });
const raised = (name: string): HistoryEvent => historyEvent('EventRaised', 0, { Name: name });
const event = (of: HistoryEvent, executionId?: string): InstanceMessage & { for?: string } => ({
  kind: 'event',
  event: of,
  ...(executionId ? { for: executionId } : {}),
});

test('answers for a former execution are dropped', () => {
  const taken = takeMessages(instance, rows(event(completed(0), 'before'), event(completed(1), 'now')), [started]);
  expect(taken.consumed).toEqual([1, 2]);
  expect(taken.events.map(({ TaskScheduledId }) => TaskScheduledId)).toEqual([1]);
});

test('a second answer to one decision is dropped, from history and within a batch', () => {
  const taken = takeMessages(instance, rows(event(completed(0)), event(completed(1)), event(completed(1))), [
    started,
    completed(0),
  ]);
  expect(taken.consumed).toEqual([1, 2, 3]);
  expect(taken.events).toHaveLength(1);
});

test('the start goes before events that were faster', () => {
  const taken = takeMessages(instance, rows(event(raised('early')), event(started)), []);
  expect(taken.events.map(({ EventType }) => EventType)).toEqual([0, 15]);
  expect(takeMessages(instance, rows(event(started)), [started]).events).toEqual([]);
});

test('messages wait while the instance is suspended, and resume lets the next episode have them in order', () => {
  const suspended = { ...instance, status: 'Suspended' as const };
  const held = takeMessages(suspended, rows(event(raised('a'))), [started]);
  expect(held).toMatchObject({ consumed: [], runs: false, suspended: true });
  const resumed = takeMessages(
    suspended,
    rows(event(raised('a')), { kind: 'resume', reason: null }, event(raised('b'))),
    [started],
  );
  expect(resumed).toMatchObject({ consumed: [2], runs: false, suspended: false, more: true });
});

test('what came before a suspend still runs, what comes after waits', () => {
  const taken = takeMessages(instance, rows(event(raised('a')), { kind: 'suspend', reason: 'r' }, event(raised('b'))), [
    started,
  ]);
  expect(taken).toMatchObject({ consumed: [1, 2], runs: true, suspended: true });
});

test('terminate wins over everything that waits', () => {
  const taken = takeMessages(instance, rows(event(raised('a')), { kind: 'terminate', reason: 'enough' }), [started]);
  expect(taken.terminated).toBe('enough');
});
