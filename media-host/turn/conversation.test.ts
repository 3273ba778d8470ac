import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Conversation, type ConversationEvent, converse, type Intent, silent } from './conversation.ts';

type Unstamped = ConversationEvent extends infer E ? (E extends { at: number } ? Omit<E, 'at'> : never) : never;

/** Runs events a second apart unless they say otherwise. */
function run(events: readonly (Unstamped & { at?: number })[]): { state: Conversation; intents: Intent[] } {
  let state = silent;
  const intents: Intent[] = [];
  let clock = 0;
  for (const event of events) {
    clock = event.at ?? clock + 1000;
    const step = converse(state, { ...event, at: clock } as ConversationEvent);
    state = step.state;
    intents.push(...step.intents);
  }
  return { state, intents };
}

const asked = (intents: readonly Intent[]) => intents.filter(intent => intent.do === 'answer');
const speaking: Unstamped[] = [
  { type: 'final', text: 'Hello.' },
  { type: 'reply-ready', epoch: 1 },
];

describe('taking turns', () => {
  test('a final is answered, and its reply is let out as soon as it has sound', () => {
    const { state, intents } = run(speaking);
    expect(intents).toEqual([
      { do: 'answer', epoch: 1, turn: 1, said: ['Hello.'] },
      { do: 'speak', epoch: 1 },
    ]);
    expect(state.phase).toBe('speaking');
  });

  test.each(['no', 'yes', 'hi', 'stop'])('the word "%s" interrupts the agent', text => {
    const { state, intents } = run([...speaking, { type: 'partial', text }]);
    expect(intents).toContainEqual({ do: 'stop-speaking', epoch: 2, by: 'voice' });
    expect(state.phase).toBe('listening');
  });

  test('a partial while nothing sounds cancels nothing', () => {
    const { state, intents } = run([
      { type: 'final', text: 'My policy is' },
      { type: 'partial', text: 'four' },
    ]);
    expect(intents.filter(intent => intent.do !== 'wake-at')).toEqual([
      { do: 'answer', epoch: 1, turn: 1, said: ['My policy is'] },
    ]);
    expect(state.phase).toBe('thinking');
  });

  test('a final while the agent thinks joins the turn', () => {
    const { intents } = run([
      { type: 'final', text: 'My policy is' },
      { type: 'final', text: '4471.' },
    ]);
    expect(asked(intents).at(-1)).toEqual({ do: 'answer', epoch: 2, turn: 1, said: ['My policy is', '4471.'] });
  });

  test('a reply that is ready waits while the caller goes on speaking, and comes out when nothing follows', () => {
    const events: (Unstamped & { at?: number })[] = [
      { type: 'final', text: 'One moment', at: 0 },
      { type: 'partial', text: 'and', at: 100 },
      { type: 'reply-ready', epoch: 1, at: 200 },
    ];
    const waiting = run(events);
    expect(waiting.state.replyWaits).toBe(true);
    expect(waiting.intents).toContainEqual({ do: 'wake-at', at: 1300 });
    expect(run([...events, { type: 'wake', at: 1300 }]).intents.at(-1)).toEqual({ do: 'speak', epoch: 1 });
    expect(run([...events, { type: 'no-match', at: 400 }]).intents.at(-1)).toEqual({ do: 'speak', epoch: 1 });
  });

  test('words that never become final are taken as said', () => {
    const { intents } = run([...speaking, { type: 'partial', text: 'stop', at: 5000 }, { type: 'wake', at: 8000 }]);
    expect(asked(intents).at(-1)).toMatchObject({ said: ['stop'] });
  });

  test('stale replies move nothing', () => {
    const { state } = run([
      ...speaking,
      { type: 'partial', text: 'wait' },
      { type: 'reply-ready', epoch: 1 },
      { type: 'reply-played', epoch: 1 },
    ]);
    expect(state).toMatchObject({ phase: 'listening', epoch: 2 });
  });

  test('pressing a key interrupts', () => {
    expect(run([...speaking, { type: 'dtmf' }]).intents.at(-1)).toEqual({ do: 'stop-speaking', epoch: 2, by: 'dtmf' });
  });
});

test('no final transcript is lost in 100,000 random interleavings of partial, final and cancel', () => {
  let finals = 0;
  let lost = 0;
  const event = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(
        'partial',
        'final',
        'dtmf',
        'no-match',
        'wake',
        'ready',
        'played',
        'stale-ready',
        'stale-played',
      ),
    },
    { weight: 2, arbitrary: fc.constantFrom('partial', 'final') },
  );
  fc.assert(
    fc.property(
      fc.array(fc.record({ what: event, afterMs: fc.integer({ min: 0, max: 4000 }) }), { minLength: 1, maxLength: 30 }),
      script => {
        let state = silent;
        let at = 0;
        let number = 0;
        /** Every sentence said, and those that an answer which was spoken (or is on its way) has covered. */
        const said: string[] = [];
        const covered = new Set<string>();
        for (const { what, afterMs } of script) {
          at += afterMs;
          const text = `sentence ${number}`;
          let next: ConversationEvent;
          if (what === 'final') {
            next = { type: 'final', text, at };
            said.push(text);
            number++;
          } else if (what === 'partial') next = { type: 'partial', text: `part of ${number}`, at };
          else if (what === 'ready' || what === 'stale-ready')
            next = { type: 'reply-ready', epoch: state.epoch - (what === 'ready' ? 0 : 1), at };
          else if (what === 'played' || what === 'stale-played')
            next = { type: 'reply-played', epoch: state.epoch - (what === 'played' ? 0 : 1), at };
          else next = { type: what as 'dtmf' | 'no-match' | 'wake', at };
          const before = state;
          const step = converse(state, next);
          state = step.state;
          for (const intent of step.intents)
            if (intent.do === 'answer') for (const sentence of intent.said) covered.add(sentence);
          // A sentence may leave `unanswered` only because its reply began to sound or was played out.
          for (const sentence of before.unanswered) {
            const dropped = !state.unanswered.includes(sentence);
            const answered = step.intents.some(intent => intent.do === 'speak') || next.type === 'reply-played';
            if (dropped && !answered) lost++;
          }
          expect(state.epoch).toBeGreaterThanOrEqual(before.epoch);
        }
        finals += said.length;
        lost += said.filter(sentence => !covered.has(sentence)).length;
      },
    ),
    { numRuns: 100_000, seed: 20261121 },
  );
  console.log(`final transcripts: ${finals} said in 100000 interleavings, ${lost} lost`);
  expect(lost).toBe(0);
  expect(finals).toBeGreaterThan(100_000);
});
