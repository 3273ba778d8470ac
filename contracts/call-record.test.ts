import { expect, test } from 'vitest';
import { type CallLife, type LifeEvent, live, ringing } from './call-life.ts';
import { type CallOpening, callRecord } from './call-record.ts';
import type { HandoffRecord } from './handoff.ts';

const opening: CallOpening = {
  ...{ callId: 'c', direction: 'in', startedAt: 0, callerHash: 'h', calleeId: '4:+15550100' },
  ...{ entryAgent: 'reception', mode: 'media', ttlSeconds: 86_400 },
};
const up: LifeEvent[] = [
  { type: 'answered', callConnectionId: 'cc', at: 100 },
  { type: 'connected', callConnectionId: 'cc', at: 200 },
];
const over: LifeEvent = { type: 'disconnected', code: 200, subCode: 7000, at: 60_000 };
const handoff = (outcome: HandoffRecord['outcome']): LifeEvent => ({
  type: 'handoff-ended',
  record: { at: '2026-01-01T00:00:00.000Z', reason: 'billing', mode: 'consult', asked: [], outcome },
  at: 50_000,
});
const recordOf = (events: LifeEvent[], direction: 'in' | 'out' = 'in') =>
  callRecord({ ...opening, direction }, events.reduce(live, ringing as CallLife), [], 2);

test('a call a person took is a handoff, and one nobody took is not', () => {
  expect(recordOf([...up, handoff('accepted'), over])).toMatchObject({
    outcome: 'handoff',
    handoffs: [{ reason: 'billing' }],
  });
  expect(recordOf([...up, handoff('back-to-agent'), { ...over, subCode: 540000 }])).toMatchObject({
    outcome: 'contained',
    handoffs: [{ outcome: 'back-to-agent' }],
  });
});

test('a caller who was moved elsewhere has not been dropped', () => {
  expect(recordOf([...up, { type: 'transferred', at: 50_000 }, over])).toMatchObject({
    ...{ outcome: 'handoff', endedBy: 'agent', endReason: 'transferred' },
  });
  expect(recordOf([...up, over]).outcome).toBe('dropped');
});

test('a handoff that ends with the call is told after it, and nothing else is', () => {
  const record = recordOf([
    ...up,
    { ...over, subCode: 540000 },
    handoff('caller-left'),
    { type: 'transferred', at: 1 },
  ]);
  expect(record).toMatchObject({ outcome: 'contained', handoffs: [{ outcome: 'caller-left' }] });
});

test.each([
  ['out', 486, 'no_answer'],
  ['out', 603, 'no_answer'],
  ['out', 403, 'error'],
  ['in', 408, 'error'],
] as const)('a call %s that failed with %i is %s', (direction, code, outcome) => {
  expect(recordOf([{ type: 'answer-failed', code, subCode: 8539, at: 1 }], direction).outcome).toBe(outcome);
});
