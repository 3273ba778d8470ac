import { expect, test } from 'vitest';
import type { CallEvent, CallFact } from './call-event.ts';
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

const journal = (...facts: CallFact[]): CallEvent[] =>
  facts.map((fact, seq) => ({ ...fact, seq, at: seq }) as CallEvent);
const asked = (model: string, costMicros?: number) => ({
  ...({ type: 'model-ran', turn: 1, model, ttftMs: 1, ms: 2, inputTokens: 10, outputTokens: 5 } as const),
  ...{ cachedTokens: 0, cancelled: false, ...(costMicros !== undefined && { costMicros }) },
});
const became = (to: string): CallFact => ({
  ...({ type: 'agent-changed', turn: 1, from: 'reception', to, version: 'v', kind: 'announced' } as const),
  ...{ language: 'en-US', visit: 1, reason: '', context: '', knowsAll: true },
});
const foldOf = (...facts: CallFact[]) => callRecord(opening, ringing as CallLife, journal(...facts), 1);

test('what models cost is told whole, and by the agent that asked them', () => {
  const { llm, cost } = foldOf(
    asked('big', 30),
    became('billing'),
    asked('big', 7),
    asked('small', 1),
    asked('big', 2),
  );
  expect(llm.costMicros).toBe(40);
  expect(cost).toEqual([
    { agent: 'reception', model: 'big', requests: 1, inTok: 10, outTok: 5, micros: 30 },
    { agent: 'billing', model: 'big', requests: 2, inTok: 20, outTok: 10, micros: 9 },
    { agent: 'billing', model: 'small', requests: 1, inTok: 10, outTok: 5, micros: 1 },
  ]);
});

test('what has no known price costs nothing that could be told', () => {
  const { llm, cost } = foldOf(asked('big'));
  expect('costMicros' in llm).toBe(false);
  expect(cost).toBeUndefined();
});

test('turns that a rule took from the model are counted by rule, each once', () => {
  const guarded = (turn: number, rule: 'abuse' | 'person'): CallFact => ({ type: 'guarded', turn, rule, next: 'say' });
  expect(foldOf(guarded(1, 'abuse'), guarded(1, 'abuse'), guarded(2, 'abuse'), guarded(3, 'person')).guarded).toEqual({
    abuse: 2,
    person: 1,
  });
  expect(foldOf().guarded).toBeUndefined();
});
