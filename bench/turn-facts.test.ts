import { expect, test } from 'vitest';
import type { CallEvent } from '../contracts/call-event.ts';
import type { AgentSound } from '../emulators/caller/caller.ts';
import type { TurnCall } from './turn-call.ts';
import { longestSilenceMs, missing, turnFacts } from './turn-facts.ts';

const planned = { kind: 'plain', spoken: 'Where is my desk?', words: 'Where is my desk?', quietMs: 0 } as const;
const sound = (startMs: number, endMs: number): AgentSound => ({
  startUs: startMs * 1000,
  endUs: endMs * 1000,
  soundMs: endMs - startMs,
  over: true,
});
const spoke = (turn: number, at: number, text = 'Where is my desk?'): CallEvent => ({
  type: 'caller-spoke',
  seq: 0,
  at,
  turn,
  text,
  startMs: 0,
  endMs: 0,
});

/** One turn from 1000 to 3000 ms. */
const call = (agentSounds: AgentSound[]): TurnCall => ({
  correlationId: '',
  fromUs: 0,
  toUs: 6_000_000,
  turns: [{ planned, utterance: { text: '', startedUs: 1_000_000, endedUs: 3_000_000, cut: false } }],
  agentSounds,
});

test('a turn that is taken after its last sound is not cut off', () => {
  const [facts] = turnFacts(call([sound(3600, 5000)]), [spoke(1, 3200)], 0);
  expect(facts).toMatchObject({ cutOff: false, endOfTurnMs: 200, replyAtEarMs: 600, wordsMissing: 0 });
});

test('a turn taken before its last sound is cut off, although nothing was heard and it was taken again', () => {
  const [facts] = turnFacts(call([sound(3600, 5000)]), [spoke(1, 2500, 'Where is'), spoke(1, 3200)], 0);
  expect(facts).toMatchObject({ cutOff: true, silently: true, cut: { atMs: 1500, ofMs: 2000, taken: 'Where is' } });
  expect(facts).not.toHaveProperty('endOfTurnMs');
});

test('an agent that begins while the caller speaks cuts the turn off', () => {
  const [facts] = turnFacts(call([sound(2800, 5000)]), [spoke(1, 2500, 'Where is')], 0);
  expect(facts).toMatchObject({ cutOff: true, silently: false });
});

test('a turn whose every word was taken before its end has an end that was told late', () => {
  const [facts] = turnFacts(call([sound(2900, 5000)]), [spoke(1, 2900)], 0);
  expect(facts).toMatchObject({ cutOff: false, misdated: true, wordsMissing: 0 });
  expect(facts).not.toHaveProperty('endOfTurnMs');
});

test('what is corrected of the turn before is no decision about this one', () => {
  const two = call([sound(3600, 4000), sound(5700, 5900)]);
  const utterance = { text: '', startedUs: 4_500_000, endedUs: 5_500_000, cut: false };
  const later = { ...two, turns: [...two.turns, { planned, utterance }] };
  const facts = turnFacts(later, [spoke(1, 3200), spoke(1, 4600), spoke(2, 5600)], 0);
  expect(facts[1]).toMatchObject({ cutOff: false, endOfTurnMs: 100 });
});

test('words that the record lacks are counted, whatever their case and marks', () => {
  expect(missing('Where is my desk?', 'where is desk')).toBe(1);
  expect(missing('Where is my desk?', 'Where is my desk.')).toBe(0);
});

test('the longest silence is one in which neither side is heard', () => {
  expect(longestSilenceMs(call([sound(3600, 3700)]))).toBe(2300);
});
