import { describe, expect, test } from 'vitest';
import { converse, wakesAt } from './conversation.ts';
import { type Conversation, type ConversationEvent, type Intent, listening } from './conversation-state.ts';
import { plainRules } from './testing/plain-rules.ts';

/** A conversation that is told what happens and wakes when it wants to; lines are said in `lineMs`. */
function conversation({ lineMs = 1500 } = {}) {
  let state: Conversation = { ...listening, epoch: 1, silence: { ...listening.silence, since: 0 } };
  const did: (Intent & { at: number })[] = [];
  const saying: { endsAt: number; epoch: number }[] = [];
  const tell = (event: ConversationEvent) => {
    const step = converse(state, event, plainRules);
    state = step.state;
    for (const intent of step.intents) {
      did.push({ ...intent, at: event.at });
      if (intent.do === 'say-seeking' || intent.do === 'return') {
        tell({ type: 'reply-ready', epoch: intent.epoch, at: event.at });
        saying.push({ endsAt: event.at + lineMs, epoch: intent.epoch });
      }
    }
  };
  const until = (end: number) => {
    for (let now = 0; ; ) {
      const [line] = saying;
      const due = Math.min(wakesAt(state, now, plainRules) ?? end, line?.endsAt ?? end);
      if (due >= end) return;
      now = due;
      if (line && line.endsAt <= now) {
        saying.shift();
        tell({ type: 'reply-played', epoch: line.epoch, at: now });
      } else tell({ type: 'wake', at: now, soundsUntil: line?.endsAt });
    }
  };
  const at = (ms: number) => ({ at: ms });
  return {
    tell,
    until,
    at,
    did,
    state: () => state,
    of: (what: Intent['do']) => did.filter(({ do: it }) => it === what),
  };
}

const ringing = { type: 'seek', stage: 'ringing', asking: 1, of: 1 } as const;

test('a control plane that says nothing more leaves nobody waiting: after 200 s the agent is there again', () => {
  const it = conversation();
  it.tell({ ...ringing, at: 1000 });
  it.until(300_000);
  const lines = it.of('say-seeking').map(({ at }) => at);
  expect(lines[0]).toBeLessThan(1100);
  for (const [i, at] of lines.slice(1).entries()) expect(at - (lines[i] ?? 0)).toBeLessThanOrEqual(4000);
  expect(it.of('cancel-person')).toHaveLength(1);
  expect(it.of('return')).toMatchObject([{ reason: 'unheard' }]);
  expect(it.of('return')[0]?.at).toBeGreaterThan(200_000);
  expect(it.of('return')[0]?.at).toBeLessThan(206_000);
});

test('news of the search begins its time anew', () => {
  const it = conversation();
  it.tell({ ...ringing, at: 1000 });
  it.until(190_000);
  it.tell({ ...ringing, stage: 'briefing', at: 190_000 });
  it.until(380_000);
  expect(it.of('return')).toEqual([]);
});

describe('a search that has ended', () => {
  test('is not apologised for while the caller speaks, and all that was said is answered at once', () => {
    const it = conversation();
    it.tell({ ...ringing, at: 1000 });
    it.tell({ type: 'final', text: 'My name is Anna Miller.', at: 2000 });
    it.until(10_000);
    it.tell({ type: 'sound', ms: 20, voice: true, at: 10_000 });
    it.tell({ type: 'partial', text: 'and i', at: 10_300 });
    it.tell({ type: 'seek-ended', reason: 'nobody', at: 10_400 });
    expect(it.of('return')).toEqual([]);
    it.tell({ type: 'final', text: 'And I live in Rome.', at: 11_000 });
    it.tell({ type: 'quiet', at: 11_100 });
    it.until(16_000);
    expect(it.of('return')).toMatchObject([{ said: ['My name is Anna Miller.', 'And I live in Rome.'] }]);
    expect(it.of('note-caller')).toHaveLength(2);
    expect(it.state().seeking).toBeUndefined();
  });

  test('ends once, and what ends that never began is nothing', () => {
    const it = conversation();
    it.tell({ type: 'seek-ended', reason: 'nobody', at: 500 });
    expect(it.did).toEqual([]);
    it.tell({ ...ringing, at: 1000 });
    it.tell({ type: 'seek-ended', reason: 'nobody', at: 1200 });
    it.tell({ type: 'seek-ended', reason: 'nobody', at: 1300 });
    it.until(3000);
    expect(it.of('return')).toHaveLength(1);
  });

  test('by the caller’s wish stays ended until the control plane knows; then another may begin', () => {
    const it = conversation();
    it.tell({ ...ringing, at: 1000 });
    it.tell({ type: 'final', text: 'Never mind.', at: 4000 });
    it.until(8000);
    expect(it.of('cancel-person')).toHaveLength(1);
    it.tell({ ...ringing, stage: 'next', asking: 2, of: 2, at: 8000 });
    expect(it.state().seeking).toMatchObject({ stage: 'withdrawn' });
    it.tell({ type: 'seek-ended', reason: 'cancelled', at: 8100 });
    expect(it.of('return')).toHaveLength(1);
    expect(it.state().seeking).toBeUndefined();
    it.tell({ ...ringing, at: 9000 });
    expect(it.state().seeking).toMatchObject({ stage: 'ringing', lines: 0 });
  });
});

test('keys that a caller presses meanwhile are kept with the words', () => {
  const it = conversation();
  it.tell({ ...ringing, at: 1000 });
  it.until(4000);
  it.tell({ type: 'dtmf', how: 'answer', at: 4100 });
  it.tell({ type: 'keyed', text: '(keys pressed: 7)', at: 6100 });
  it.tell({ type: 'seek-ended', reason: 'nobody', at: 7000 });
  it.until(12_000);
  expect(it.of('return')).toMatchObject([{ said: ['(keys pressed: 7)'] }]);
});
