import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallEvent, CallFact } from '../../contracts/call-event.ts';
import { itemsOf } from '../agent/cast/views.ts';
import { resume } from './resume.ts';

const opened: CallFact = {
  ...{ type: 'media-opened', hostId: 'mh', mode: 'media', agent: 'desk' },
  ...{ agentVersion: 'v', sampleRate: 16_000 },
};
const said = (turn: number, text: string): CallFact => ({ type: 'caller-spoke', turn, text, startMs: 0, endMs: 1 });
const speaking = (turn: number, text: string, more: { said?: string; complete?: boolean } = {}): CallFact => ({
  ...{ type: 'agent-speaking', turn, agent: 'desk', text, said: '', complete: true },
  ...more,
});
const spoke = (turn: number, text: string, heard = text): CallFact => ({
  ...{ type: 'agent-spoke', turn, agent: 'desk', text, heard, interrupted: heard !== text },
  ...{ startMs: 0, endMs: 1 },
});
const bargeIn = (turn: number): CallFact => ({
  ...{ type: 'barge-in', turn, by: 'voice', decidedAtUs: 0, unsentMs: 0, unplayedMs: 0 },
});
const closed = (reason: Extract<CallFact, { type: 'media-closed' }>['reason']): CallFact => ({
  ...{ type: 'media-closed', reason, code: 1012 },
});
const journal = (...facts: CallFact[]): CallEvent[] =>
  facts.map((fact, seq) => ({ ...fact, seq, at: 1000 * seq }) as CallEvent);

const greeting = [opened, speaking(0, 'Hello.'), spoke(0, 'Hello.')];
const spoken = (events: readonly CallFact[]) =>
  itemsOf(resume(journal(...events)).history).map(item => ('text' in item ? `${item.type}: ${item.text}` : item.type));

describe('the agent goes on', () => {
  test.each<[string, CallFact[], object]>([
    ['with its greeting where nobody has spoken', [opened], { begun: false, rest: '', unanswered: [] }],
    [
      'with an apology where the floor was the caller’s',
      greeting,
      { begun: true, apologises: true, rest: '', unanswered: [], turn: 0 },
    ],
    [
      'with an answer to what had none',
      [...greeting, said(1, 'Where are you?')],
      { apologises: false, unanswered: ['Where are you?'], turn: 1, rest: '' },
    ],
    [
      'with what was said last for the turn, should it have been corrected',
      [...greeting, said(1, 'where are'), said(1, 'Where are you?')],
      { unanswered: ['Where are you?'], turn: 1 },
    ],
    [
      'with the sentence that sounded, and those behind it',
      [...greeting, said(1, 'Where?'), speaking(1, 'Near the station. Come in.', { said: 'Here.' })],
      { apologises: true, rest: 'Near the station. Come in.', unanswered: [], turn: 1 },
    ],
    [
      'with a new answer where the old one was not thought to its end',
      [...greeting, said(1, 'Where?'), speaking(1, 'Here.', { complete: false })],
      { apologises: true, rest: '', unanswered: ['Where?'] },
    ],
    [
      'and does not take up what the caller has cut',
      [...greeting, said(1, 'Where?'), speaking(1, 'Here we are.'), bargeIn(1), spoke(1, 'Here we are.', 'Here')],
      { apologises: true, rest: '', unanswered: [], turn: 1 },
    ],
    [
      'in silence behind a host that left in order',
      [...greeting, said(1, 'Where?'), speaking(1, 'Here.'), spoke(1, 'Here.'), closed('drained')],
      { apologises: false, rest: '', unanswered: [], turn: 1 },
    ],
    [
      'with the rest of a sentence that a draining host had no time for',
      [
        ...greeting,
        said(1, 'Where?'),
        speaking(1, 'Here, at the end.'),
        spoke(1, 'Here, at the end.', 'Here'),
        closed('drained'),
      ],
      { apologises: false, rest: 'at the end.', unanswered: [] },
    ],
    [
      'with an answer behind a host that only filled the wait',
      [...greeting, said(1, 'Where?'), spoke(1, 'One moment.', 'One'), closed('drained')],
      { apologises: false, rest: '', unanswered: ['Where?'] },
    ],
    [
      'in the search for a person, with what the caller said meanwhile kept for later',
      [
        ...greeting,
        said(1, 'A person, please.'),
        ...[speaking(1, 'I will find someone.'), { type: 'handoff-asked', turn: 1, reason: 'asked' } as const],
        ...[spoke(1, 'I will find someone.'), speaking(1, 'I am ringing.'), spoke(1, 'I am ringing.')],
        { type: 'person-sought', turn: 1, stage: 'next', asking: 2, of: 2 } as const,
        ...[said(2, 'Hurry.'), speaking(2, 'It rings.'), said(3, 'Please.')],
      ],
      {
        ...{ seeking: { stage: 'next', asking: 2, of: 2 }, unanswered: ['Hurry.', 'Please.'], turn: 3 },
        ...{ rest: '', apologises: true, handedOver: false },
      },
    ],
    [
      'out of a search that is over, with all that was kept',
      [
        ...greeting,
        ...[said(1, 'A person.'), speaking(1, 'Yes.'), { type: 'handoff-asked', turn: 1, reason: 'asked' } as const],
        ...[spoke(1, 'Yes.'), said(2, 'Hurry.'), said(3, 'Please.')],
        { type: 'back-with-agent', turn: 3, reason: 'nobody' } as const,
      ],
      { seeking: undefined, unanswered: ['Hurry.', 'Please.'], turn: 3 },
    ],
    ['nowhere where a person has the caller', [...greeting, closed('handed-over')], { handedOver: true }],
    [
      'apologising for a crash behind an orderly move',
      [...greeting, closed('drained'), opened],
      { apologises: true, rest: '' },
    ],
  ])('%s', (_, events, expected) => {
    expect(resume(journal(...events))).toMatchObject(expected);
  });

  test('from the word that was cut, where this disk knows it', () => {
    const events = journal(
      ...greeting,
      said(1, 'Where?'),
      speaking(1, 'Near the station, at the end.', { said: 'Here.' }),
    );
    const heard = 'Here. Near the station';
    expect(resume(events, { turn: 1, heard })).toMatchObject({ rest: 'at the end.', lost: { heard, turn: 1 } });
    expect(resume(events, { turn: 0, heard: 'Hello.' })).toMatchObject({ lost: { heard: 'Here.' } });
  });
});

test('what is asked again is not in the history twice', () => {
  const asked = [...greeting, said(1, 'Where?'), speaking(1, 'Here'), spoke(1, 'Here'), said(2, 'When?')];
  expect(spoken(asked)).toEqual(['agent: Hello.', 'caller: Where?', 'agent: Here']);
  const again = [...greeting, said(1, 'Where?'), speaking(1, 'Here.', { complete: false }), spoke(1, 'Here.', 'He')];
  expect(spoken([...again, closed('drained')])).toEqual(['agent: Hello.']);
});

const changed = (turn: number, to: string, more: object = {}): CallFact => ({
  ...{ type: 'agent-changed', turn, from: 'desk', to, version: 'v', kind: 'announced', language: 'en-US', visit: 1 },
  ...{ reason: 'r', context: `told to ${to}`, knowsAll: true },
  ...more,
});
const fact = (name: string, by: 'tool' | 'agent' = 'tool'): CallFact => ({
  ...{ type: 'known', turn: 1, name, value: 'x', by, personal: true },
});

describe('the agent that had the caller goes on', () => {
  const handed = [...greeting, said(1, 'Pay.'), fact('customer-id'), changed(1, 'billing')];

  test('with its visits, facts, language and what it was told', () => {
    const german = { kind: 'language', language: 'de-DE', from: 'billing' };
    const journalled = journal(...handed, changed(1, 'billing', german), fact('name', 'agent'));
    const { cast, unanswered, history } = resume(journalled);
    expect(cast).toMatchObject({ agent: 'billing', language: 'de-DE', stint: 1, greets: true });
    expect(cast?.visits).toEqual({ desk: 1, billing: 1 });
    expect(cast?.facts.map(({ name, by }) => [name, by])).toEqual([
      ['customer-id', 'tool'],
      ['name', 'agent'],
    ]);
    expect(unanswered).toEqual(['Pay.']);
    expect(itemsOf(history).at(-1)).toEqual({ type: 'data', text: 'told to billing' });
  });

  test('knowing of the past what it was given', () => {
    const [one, other] = [true, false].map(knowsAll =>
      spoken([
        ...greeting,
        said(1, 'Pay.'),
        changed(1, 'billing', { knowsAll }),
        speaking(1, 'Yes.'),
        spoke(1, 'Yes.'),
      ]),
    );
    expect(one).toEqual(['agent: Hello.', 'caller: Pay.', 'agent: Yes.', 'data: told to billing']);
    expect(other).toEqual(['data: told to billing']);
  });

  test('each having said its own part of a reply, and the rest being the new one’s', () => {
    const by = { agent: 'billing' } as const;
    const journalled = journal(...handed, speaking(1, 'One moment.', { complete: false }), spoke(1, 'One moment.'), {
      ...speaking(1, 'You owe nothing.'),
      ...by,
    } as CallFact);
    const { cast, rest, lost, history, unanswered } = resume(journalled, { turn: 1, heard: 'You owe' });
    expect(rest).toBe('nothing.');
    expect(lost).toMatchObject({ agent: 'billing', heard: 'You owe' });
    expect(cast?.greets).toBe(false);
    expect(unanswered).toEqual([]);
    expect(itemsOf(history).map(item => ('text' in item ? item.text : item.type))).toEqual([
      ...['Hello.', 'Pay.', 'One moment.', 'told to billing', 'You owe'],
    ]);
  });

  test('also where the old one’s words had yet to end: it is asked, and greets', () => {
    const journalled = journal(...handed, speaking(1, 'One moment.', { complete: false }));
    const { cast, unanswered, history } = resume(journalled);
    expect([unanswered, cast?.agent, cast?.greets]).toEqual([['Pay.'], 'billing', true]);
    expect(itemsOf(history).at(-1)).toEqual({ type: 'data', text: 'told to billing' });
  });

  test('or another, where the host that went on had it no more', () => {
    const { cast } = resume(journal(...handed, { ...opened, agent: 'desk' } as CallFact));
    expect(cast).toMatchObject({ agent: 'desk', stint: 2, visits: { desk: 2 } });
  });
});

test('the model knows what was heard, and of what the caller said all', () => {
  expect(
    spoken([
      ...greeting,
      said(1, 'Where?'),
      ...[speaking(1, 'Here we are.'), bargeIn(1), spoke(1, 'Here we are.', 'Here')],
      said(2, 'no, the other'),
      said(2, 'No, the other one.'),
      ...[speaking(2, 'There.'), spoke(2, 'There.')],
      spoke(2, 'Are you still there?'),
    ]),
  ).toEqual([
    'agent: Hello.',
    'caller: Where?',
    'agent: Here',
    'caller: No, the other one.',
    'agent: There.',
    'agent: Are you still there?',
  ]);
});

test('wherever a conversation is cut, no turn number comes again and the caller is owed at most the last turn', () => {
  const turns = fc.array(
    fc.record({ text: fc.constantFrom('Where?', 'When?'), heard: fc.constantFrom('Here.', 'Here, yes.', '') }),
    { maxLength: 8 },
  );
  fc.assert(
    fc.property(turns, fc.nat(60), (script, at) => {
      const whole = script.flatMap(({ text, heard }, n) => [
        said(n + 1, text),
        speaking(n + 1, 'Here, yes.'),
        ...(heard === 'Here, yes.' ? [] : [bargeIn(n + 1)]),
        spoke(n + 1, 'Here, yes.', heard),
      ]);
      const events = journal(...[...greeting, ...whole].slice(0, at + 1));
      const { turn, unanswered, rest } = resume(events);
      const lastTurn = Math.max(0, ...events.map(event => ('turn' in event ? event.turn : 0)));
      expect(turn).toBe(lastTurn);
      expect(unanswered.length > 0).toBe(events.at(-1)?.type === 'caller-spoke');
      if (rest !== '') expect(['agent-speaking', 'barge-in']).toContain(events.at(-1)?.type);
    }),
  );
});
