import { describe, expect, test } from 'vitest';
import { converse, wakesAt } from './conversation.ts';
import { type Conversation, type ConversationEvent, type Intent, listening } from './conversation-state.ts';
import { plainRules } from './testing/plain-rules.ts';

/** The agent is saying its goodbye, in the reply of epoch 4. */
const saying: Conversation = { ...listening, phase: 'speaking', audible: true, epoch: 4, turn: 2 };

function play(events: readonly ConversationEvent[], from = saying) {
  let state = from;
  const intents: Intent[] = [];
  for (const event of events) {
    const step = converse(state, event, plainRules);
    state = step.state;
    intents.push(...step.intents);
  }
  return { state, intents, did: intents.map(intent => intent.do) };
}

const wanted = (at: number, epoch = 4): ConversationEvent => ({
  type: 'end',
  epoch,
  reason: 'settled',
  heard: false,
  at,
});
const heard = (at: number): ConversationEvent => ({ type: 'end', epoch: 4, reason: 'settled', heard: true, at });
const sound = (at: number, ms = 20): ConversationEvent => ({ type: 'sound', voice: true, ms, at });

describe('an end that the agent wants', () => {
  test('comes when its words have been heard, and not before', () => {
    expect(play([wanted(0)]).did).toEqual([]);
    const { intents, state } = play([wanted(0), heard(1000)]);
    expect(intents).toEqual([{ do: 'end-call', epoch: 4, turn: 2, reason: 'settled' }]);
    expect(state.parted).toBe(true);
    expect(play([heard(1100), { type: 'wake', at: 9000 }], state).did).toEqual([]);
  });

  test('is nothing where the reply that wanted it is not current any more, or a person is sought', () => {
    expect(play([wanted(0, 3), { ...heard(1000), epoch: 3 } as ConversationEvent]).did).toEqual([]);
    const seeking = { type: 'seek', stage: 'ringing', asking: 1, of: 1, at: 0 } as const;
    expect(play([seeking, wanted(1), heard(1000)]).did).not.toContain('end-call');
  });

  test('waits for a caller who sounds, and comes when it was only a cough', () => {
    const before = play([wanted(0), sound(900), sound(920), sound(940), heard(960)]);
    expect(before.did).toEqual(['lower-voice']);
    const at = wakesAt(before.state, 960, plainRules);
    expect(at).toBeLessThanOrEqual(1800);
    const after = play(
      [
        { type: 'quiet', at: 980 },
        { type: 'wake', at: 1300 },
        { type: 'wake', at: 1900 },
      ],
      before.state,
    );
    expect(after.did).toEqual(['raise-voice', 'end-call']);
  });

  test('waits for a sound that has lowered nothing yet, and for keys', () => {
    const { did, state } = play([wanted(0), { ...sound(990), voice: false } as ConversationEvent, heard(1000)]);
    expect(did).toEqual([]);
    expect(play([{ type: 'quiet', at: 1010 }], state).did).toEqual(['end-call']);
    const thinking: Conversation = { ...saying, phase: 'thinking', audible: false };
    const keys = play([wanted(0), { type: 'dtmf', how: 'answer', at: 900 }, heard(1000)], thinking);
    expect(keys.did).toEqual([]);
    expect(play([{ type: 'keyed', text: '(keys pressed: 1 #)', at: 1500 }], keys.state).did).toEqual(['answer']);
  });

  test('is called off by words, which are answered', () => {
    const { did, state } = play([
      wanted(0),
      sound(900),
      { type: 'partial', text: 'one more thing when do you open', at: 1000 },
      heard(1010),
      { type: 'quiet', at: 1100 },
      { type: 'final', text: 'One more thing, when do you open?', at: 1800 },
      { type: 'wake', at: 4000 },
    ]);
    expect(did).toContain('answer');
    expect(did).not.toContain('end-call');
    expect(state.parted).toBe(false);
  });

  test('is called off by words over what must be heard, too', () => {
    const { did } = play([
      wanted(0),
      { type: 'final', text: 'When do you open?', at: 500, protected: true },
      heard(1000),
      { type: 'wake', at: 4000 },
    ]);
    expect(did).toEqual(['stop-speaking', 'answer']);
  });

  test('is not called off by a goodbye', () => {
    const { did } = play([
      wanted(0),
      { type: 'partial', text: 'thank you bye', at: 500 },
      { type: 'final', text: 'Thank you, bye!', at: 900 },
      heard(1000),
    ]);
    expect(did).toEqual(['note-aside', 'end-call']);
  });

  test('leaves nothing to be answered: what is said after it is kept', () => {
    const { intents } = play([
      wanted(0),
      heard(1000),
      { type: 'final', text: 'Wait, one more thing!', at: 1100 },
      { type: 'wake', at: 4000 },
    ]);
    expect(intents.slice(1)).toEqual([{ do: 'note-caller', turn: 3, said: ['Wait, one more thing!'] }]);
  });
});
