import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { converse, wakesAt } from './conversation.ts';
import {
  type Conversation,
  type ConversationEvent,
  type ConversationRules,
  type Intent,
  listening,
} from './conversation-state.ts';

import { silenceRules } from './silence.ts';
import { plainRules } from './testing/plain-rules.ts';

const rules: ConversationRules = { ...plainRules, courtesyMs: 1500 };

type Unstamped = ConversationEvent extends infer E
  ? E extends { at: number }
    ? Omit<E, 'at'> & { at?: number }
    : never
  : never;
type Told = Intent & { at: number };

/** A conversation whose clock runs from event to event, waking whenever it asks to be woken. */
function conversation(change: Partial<ConversationRules> = {}) {
  const all = { ...rules, ...change };
  const intents: Told[] = [];
  let state: Conversation = listening;
  let now = 0;
  let wakes = 0;
  const apply = (event: ConversationEvent) => {
    now = event.at;
    if (event.type === 'wake') wakes++;
    const step = converse(state, event, all);
    state = step.state;
    for (const intent of step.intents) intents.push({ ...intent, at: now });
  };
  const until = (at: number) => {
    for (let due = wakesAt(state, now, all); due !== undefined && due <= at; due = wakesAt(state, now, all)) {
      apply({ type: 'wake', at: due, soundsUntil: due });
    }
    now = at;
  };
  return {
    intents,
    state: () => state,
    now: () => now,
    wakes: () => wakes,
    until,
    /** Runs events, 100 ms apart unless they say otherwise. */
    run(...events: Unstamped[]) {
      for (const event of events) {
        const at = event.at ?? now + 100;
        until(at);
        apply({ ...event, at } as ConversationEvent);
      }
    },
    does: (what: Intent['do']) => intents.filter(intent => intent.do === what),
  };
}

/** The caller said "Hello.", and the answer sounds. */
function answered(change: Partial<ConversationRules> = {}) {
  const it = conversation(change);
  it.run({ type: 'partial', text: 'hello there' }, { type: 'final', text: 'Hello there.' });
  it.until(it.now() + 1500);
  it.run({ type: 'reply-ready', epoch: it.state().epoch });
  it.intents.length = 0;
  return it;
}

describe('taking turns', () => {
  test('a turn that sounds finished is answered on its partial words, and the final agrees', () => {
    const it = conversation();
    it.run(
      { type: 'sound', ms: 20, voice: true, at: 0 },
      { type: 'partial', text: 'what are your opening hours', at: 900 },
      { type: 'quiet', at: 1000 },
    );
    it.until(2000);
    const [answer] = it.does('answer');
    expect(answer).toMatchObject({ turn: 1, epoch: 1, said: ['what are your opening hours'], final: false });
    expect(answer?.at).toBeLessThanOrEqual(1500);
    it.run({ type: 'final', text: 'What are your opening hours?' });
    expect(it.does('correct')).toMatchObject([{ turn: 1, said: 'What are your opening hours?' }]);
    it.until(6000);
    expect(it.does('answer')).toHaveLength(1);
  });

  test('a final that says more than was answered is answered whole, in the same turn', () => {
    const it = conversation();
    it.run({ type: 'partial', text: 'i want to pay my bill', at: 0 });
    it.until(2000);
    it.run({ type: 'final', text: 'I want to pay my bill and change my address.' });
    it.until(4000);
    expect(it.does('answer').at(-1)).toMatchObject({ turn: 1, said: ['I want to pay my bill and change my address.'] });
  });

  test('a final while the agent thinks joins the turn', () => {
    const it = conversation();
    it.run({ type: 'final', text: 'My name is Ann.', at: 0 });
    it.until(1000);
    it.run({ type: 'final', text: 'I want to pay.' });
    it.until(2500);
    expect(it.does('answer').map(intent => intent.do === 'answer' && [intent.turn, intent.said])).toEqual([
      [1, ['My name is Ann.']],
      [1, ['My name is Ann.', 'I want to pay.']],
    ]);
  });

  test('a reply that is ready waits while the caller goes on speaking, and comes out when nothing follows', () => {
    const it = conversation();
    it.run({ type: 'final', text: 'One moment please.', at: 0 });
    it.until(800);
    it.run({ type: 'sound', ms: 20, voice: true }, { type: 'reply-ready', epoch: it.state().epoch });
    expect(it.does('speak')).toEqual([]);
    it.run({ type: 'no-match' }, { type: 'quiet' });
    it.until(it.now() + 100);
    expect(it.does('speak')).toHaveLength(1);
  });

  test('words that never become final are taken as said', () => {
    const it = conversation();
    it.run({ type: 'partial', text: 'hello', at: 0 });
    it.until(8000);
    expect(it.does('answer')).toMatchObject([{ said: ['hello'] }]);
  });

  test('stale replies move nothing', () => {
    const it = answered();
    it.run({ type: 'partial', text: 'wait' }, { type: 'reply-ready', epoch: 1 }, { type: 'reply-played', epoch: 1 });
    expect(it.state()).toMatchObject({ phase: 'listening', epoch: 2 });
  });
});

describe('over the agent', () => {
  test.each(['no', 'stop', 'wait', 'what about tomorrow'])('"%s" stops it', text => {
    const it = answered();
    it.run({ type: 'partial', text });
    expect(it.does('stop-speaking')).toMatchObject([{ epoch: 2, by: 'voice' }]);
    it.until(it.now() + 5000);
    expect(it.does('answer')).toMatchObject([{ turn: 2, said: [text] }]);
  });

  test.each(['uh-huh', 'yeah', 'okay'])('"%s" is spoken through, and noted as an aside', text => {
    const it = answered();
    it.run(
      { type: 'sound', ms: 20, voice: true },
      { type: 'partial', text },
      { type: 'quiet' },
      { type: 'final', text: `${text}.`, at: it.now() + 800 },
    );
    it.until(it.now() + 1000);
    expect(it.intents.map(intent => intent.do)).toEqual(['lower-voice', 'raise-voice', 'note-aside']);
    expect(it.state().phase).toBe('speaking');
  });

  test('"yes" over the end of a question is its answer', () => {
    const it = answered();
    it.run({ type: 'final', text: 'Yes.' }, { type: 'reply-played', epoch: it.state().epoch, question: true });
    it.until(it.now() + 2000);
    expect(it.does('answer')).toMatchObject([{ said: ['Yes.'] }]);
  });

  test('what must be heard is heard; what was said over it is answered after it', () => {
    const it = answered();
    it.run(
      { type: 'sound', ms: 500, voice: true, protected: true },
      { type: 'partial', text: 'no stop', protected: true },
      { type: 'final', text: 'No, stop!', protected: true },
      { type: 'quiet' },
    );
    expect(it.intents).toEqual([]);
    it.run({ type: 'reply-played', epoch: it.state().epoch });
    it.until(it.now() + 2000);
    expect(it.does('answer')).toMatchObject([{ said: ['No, stop!'] }]);
  });

  test('a key stops it, even where the voice cannot', () => {
    const it = answered();
    it.run({ type: 'dtmf' });
    expect(it.intents.at(-1)).toMatchObject({ do: 'stop-speaking', by: 'dtmf' });
  });

  test('words that fill a wait may be interrupted by more of the question, which is then answered whole', () => {
    const it = conversation();
    it.run({ type: 'final', text: 'I want to pay.', at: 0 });
    it.until(4000);
    expect(it.does('fill')).toHaveLength(1);
    it.run({ type: 'reply-ready', epoch: it.state().epoch, filler: true }, { type: 'final', text: 'With my card.' });
    it.until(it.now() + 2000);
    expect(it.does('answer').at(-1)).toMatchObject({ turn: 1, said: ['I want to pay.', 'With my card.'] });
  });
});

describe('no dead air', () => {
  test('a silent caller is asked again, three times, and then taken leave of', () => {
    const it = conversation();
    it.run({ type: 'greet', at: 0 });
    for (let n = 0; n < 5; n++) {
      it.run({ type: 'reply-ready', epoch: it.state().epoch });
      it.run({ type: 'reply-played', epoch: it.state().epoch, at: it.now() + 1000 });
      it.until(it.now() + 4000);
    }
    expect(it.does('prompt').map(intent => intent.do === 'prompt' && intent.prompt)).toEqual([
      'reprompt',
      'reprompt',
      'reprompt',
      'goodbye',
    ]);
    expect(it.does('hang-up')).toHaveLength(1);
  });

  test('a caller who answers the goodbye is not hung up on', () => {
    const it = conversation({ silence: { ...silenceRules, maxPrompts: 0 } });
    it.run({ type: 'greet', at: 0 }, { type: 'reply-ready', epoch: 1 }, { type: 'reply-played', epoch: 1 });
    it.until(4000);
    it.run({ type: 'reply-ready', epoch: it.state().epoch }, { type: 'partial', text: 'sorry i am here' });
    it.until(it.now() + 3000);
    expect(it.does('hang-up')).toEqual([]);
    expect(it.does('answer')).toHaveLength(1);
  });

  test('a voice that gives no words is told so, and recognition is renewed', () => {
    const it = conversation();
    it.run({ type: 'greet', at: 0 }, { type: 'reply-ready', epoch: 1 }, { type: 'reply-played', epoch: 1 });
    for (let n = 0; n < 100; n++) it.run({ type: 'sound', ms: 20, voice: true, at: 1000 + n * 20 });
    it.run({ type: 'quiet' });
    it.until(it.now() + 4000);
    expect(it.does('prompt')[0]).toMatchObject({ prompt: 'unheard' });
  });

  test('a slow answer is bridged, again and again, and never twice within the same wait', () => {
    const it = conversation();
    it.run({ type: 'final', text: 'I want to pay.', at: 0 });
    it.until(12_000);
    const fills = it.does('fill').map(({ at }) => at);
    expect(fills.length).toBeGreaterThanOrEqual(3);
    for (const [i, at] of fills.entries()) expect(at - (fills[i - 1] ?? 0)).toBeLessThanOrEqual(4000);
  });
});

test('a wait that cannot be filled while the caller sounds is looked at a few times, and not all the time', () => {
  const it = conversation();
  it.run({ type: 'final', text: 'I want to pay.', at: 0 });
  it.until(2000);
  it.run({ type: 'partial', text: 'and i would like to' }, { type: 'sound', ms: 20, voice: true });
  const before = it.wakes();
  it.until(it.now() + 6000);
  expect(it.wakes() - before).toBeLessThan(100);
});

test('no final transcript is lost in 100,000 random interleavings of sound, partial, final and cancel', () => {
  const interleavings = 100_000;
  let finals = 0;
  let lost = 0;
  const event = fc.constantFrom(
    ...(['partial', 'final', 'partial', 'final', 'sound', 'quiet', 'dtmf', 'no-match', 'ready'] as const),
    ...(['played', 'filler', 'stale-ready', 'stale-played', 'protected'] as const),
    ...(['ends', 'ended'] as const),
  );
  const step = fc.record({
    what: event,
    afterMs: fc.integer({ min: 0, max: 4000 }),
    speech: fc.constantFrom('sentence', 'yeah', 'stop'),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 20 }), script => {
      const it = conversation();
      const said: string[] = [];
      for (const { what, afterMs, speech } of script) {
        const at = it.now() + afterMs;
        const text = `${speech} ${said.length}`;
        const { epoch } = it.state();
        if (what === 'final' || what === 'protected') {
          said.push(text);
          it.run({ type: 'final', text, at, protected: what === 'protected' });
        } else if (what === 'partial') it.run({ type: 'partial', text: `part of ${said.length}`, at });
        else if (what === 'sound') it.run({ type: 'sound', ms: 32, voice: afterMs % 2 === 0, at });
        else if (what === 'ready' || what === 'filler')
          it.run({ type: 'reply-ready', epoch, filler: what === 'filler', at });
        else if (what === 'stale-ready') it.run({ type: 'reply-ready', epoch: epoch - 1, at });
        else if (what === 'played') it.run({ type: 'reply-played', epoch, at });
        else if (what === 'stale-played') it.run({ type: 'reply-played', epoch: epoch - 1, at });
        else if (what === 'ends' || what === 'ended')
          it.run({ type: 'end', epoch, reason: 'settled', heard: what === 'ended', at });
        else it.run({ type: what, at });
      }
      // Whatever the agent is saying ends, and everybody is silent for a while.
      it.run({ type: 'reply-played', epoch: it.state().epoch }, { type: 'quiet' });
      it.until(it.now() + 10_000);
      const told = it.intents.flatMap(intent =>
        intent.do === 'answer' || intent.do === 'note-caller'
          ? intent.said
          : intent.do === 'note-aside'
            ? [intent.text]
            : intent.do === 'correct'
              ? [intent.said]
              : [],
      );
      finals += said.length;
      lost += said.filter(sentence => !told.some(text => text.includes(sentence))).length;
    }),
    { numRuns: interleavings, seed: 20261121 },
  );
  console.log(`final transcripts: ${finals} said in ${interleavings} interleavings, ${lost} lost`);
  expect(lost).toBe(0);
  expect(finals).toBeGreaterThan(interleavings);
});
