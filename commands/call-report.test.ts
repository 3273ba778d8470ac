import { expect, test } from 'vitest';
import type { CallEvent } from '../contracts/call-event.ts';
import { type CallOpening, callRecord, type TurnDocument, turnDocument } from '../contracts/call-record.ts';
import type { ConversationResult } from '../emulators/caller/conversation.ts';
import { callReport } from './call-report.ts';
import { brokenPromises, wordsApart } from './promises.ts';

const callId = 'a'.repeat(32);
const spoke = { agent: 'reception', interrupted: false, startMs: 0, endMs: 900 };

const events: CallEvent[] = (
  [
    { type: 'media-opened', hostId: 'h', mode: 'media', agent: 'reception', agentVersion: '1', sampleRate: 16_000 },
    { type: 'agent-spoke', ...spoke, turn: 0, text: 'Hello.', heard: 'Hello.' },
    { type: 'caller-spoke', turn: 1, text: 'What are your opening hours?', startMs: 1, endMs: 2 },
    // A cough before it, which lowered the voice for a moment.
    { type: 'floor-disputed', turn: 1, outcome: 'raised', loweredAtUs: 4_100_000, atUs: 4_300_000 },
    { type: 'floor-disputed', turn: 1, outcome: 'stopped', loweredAtUs: 4_752_500, atUs: 5_000_000 },
    { type: 'barge-in', turn: 1, by: 'voice', decidedAtUs: 5_000_000, unsentMs: 0, unplayedMs: 80 },
    {
      ...{ type: 'agent-spoke', ...spoke, turn: 1, text: 'We are open from nine.', heard: 'We are' },
      ...{ interrupted: true, replyMs: 700, ownMs: 4 },
    },
    { type: 'caller-spoke', turn: 2, text: 'Wait, where are you?', startMs: 3, endMs: 4 },
    { type: 'agent-spoke', ...spoke, turn: 2, text: 'Station Road.', heard: 'Station Road.', replyMs: 600, ownMs: 3 },
  ] as const
).map((fact, seq) => ({ ...fact, seq, at: 1000 + seq }) as CallEvent);

const opening: CallOpening = {
  ...{ callId, direction: 'in', startedAt: 0, callerHash: 'h', calleeId: 'c', entryAgent: 'reception' },
  ...{ mode: 'media', ttlSeconds: 60 },
};
const record = callRecord(opening, { phase: 'ended', endedBy: 'caller', answeredAt: 1, endedAt: 2 }, events, 3);
const turns = events.map(event => turnDocument(callId, 'reception', event, 60)).filter(turn => turn !== undefined);

const told: ConversationResult = {
  answeredMs: 42,
  firstAudioMs: 120.5,
  greeting: 'Hello.',
  turns: [
    { said: 'What are your opening hours?', heard: 'We are', replyMs: 812.3, agentAudioMs: 700 },
    { said: 'Wait, where are you?', heard: 'Station Road.', replyMs: 640, agentAudioMs: 800 },
  ],
  bargeIns: [
    {
      ...{ onsetUs: 4_700_000, stopAtUs: 5_000_400, onsetToStopMs: 300.4, framesAfterStop: 0, leftoverMs: 80 },
      agentTextHeard: 'We are',
    },
  ],
  endedBy: 'caller',
  stepsLeft: 0,
};

test('a handoff is told with the utterance after which it happened, and each answer with who gave it', () => {
  const handoff = {
    from: 'reception',
    to: 'billing',
    version: '1',
    kind: 'announced',
    language: 'en-US',
    visit: 1,
  } as const;
  const context = { reason: 'an invoice', context: '', knowsAll: true };
  const changed = [
    { type: 'agent-changed', turn: 2, ...handoff, ...context },
    { type: 'agent-changed', turn: 2, ...handoff, kind: 'language', ...context },
    { type: 'agent-spoke', ...spoke, agent: 'billing', turn: 2, text: 'Billing.', heard: 'Billing.' },
  ].map((fact, at) => ({ ...fact, seq: events.length + at, at: 2000 + at }) as CallEvent);
  const all = [...events, ...changed];
  const documents = all.map(event => turnDocument(callId, 'reception', event, 60)).filter(turn => turn !== undefined);
  const report = callReport(callId, told, { record, turns: documents, events: all });
  expect(report.handoffs).toEqual([
    { turn: 2, from: 'reception', to: 'billing', kind: 'announced', reason: 'an invoice' },
  ]);
  expect(report.turns.map(turn => turn.agents)).toEqual([['reception'], ['reception', 'billing']]);
});

test('ear and record are joined turn by turn', () => {
  expect(callReport(callId, told, { record, turns, events })).toEqual({
    callId,
    mode: 'media',
    answeredMs: 42,
    firstAudioMs: 120.5,
    greeting: { heard: 'Hello.', agent: 'Hello.' },
    turns: [
      {
        ...{ said: 'What are your opening hours?', heard: 'We are', agent: 'We are open from nine.' },
        ...{ agents: ['reception'], replyMs: 812.3, ownMs: 4 },
      },
      {
        ...{ said: 'Wait, where are you?', heard: 'Station Road.', agent: 'Station Road.', replyMs: 640, ownMs: 3 },
        agents: ['reception'],
      },
    ],
    handoffs: [],
    bargeIns: [
      {
        ...{ onsetToLoweredMs: 52.5, onsetToStopMs: 300.4, decisionToStopAudioMs: 0.4, framesAfterStop: 0 },
        ...{ leftoverMs: 80, agentTextHeard: 'We are' },
      },
    ],
    endedBy: 'caller',
    record,
  });
});

test.each([
  ['no dispute was written', null, [], { stopAtUs: 5_000_400 }],
  ['it was held at once', null, [{ heldAtUs: 4_800_000 }], { stopAtUs: 5_000_400 }],
  ['it was lowered once more while it lasted', 60, [{ loweredAtUs: 4_760_000 }, { loweredAtUs: 4_900_000 }], {}],
  ['it was lowered only for the next interruption', null, [{ loweredAtUs: 6_200_000 }], {}],
] as const)('where %s, onset to lowered is %j', (_, onsetToLoweredMs, disputes, stop) => {
  const written = disputes.map(
    (dispute, seq): CallEvent => ({
      ...{ type: 'floor-disputed', turn: 1, outcome: 'raised', atUs: 6_500_000, seq, at: 1 },
      ...dispute,
    }),
  );
  const bargeIn = { stopAtUs: undefined, onsetToStopMs: undefined, framesAfterStop: 0, leftoverMs: 0 };
  const bargeIns = [4_700_000, 6_000_000].map(onsetUs => ({ ...bargeIn, ...stop, onsetUs, agentTextHeard: '' }));
  const report = callReport(callId, { ...told, bargeIns }, { turns, events: written });
  expect(report.bargeIns[0]?.onsetToLoweredMs).toBe(onsetToLoweredMs);
});

test('two utterances that became one turn share its answer; a misheard one keeps its place', () => {
  const write = (turn: number, seq: number, role: 'caller' | 'agent', text: string): TurnDocument => ({
    ...{ id: `turn:${seq}`, pk: callId, type: 'turn', callId, seq, turn, role, agent: 'a', at: seq, text, ttl: 1 },
  });
  const said = (...texts: string[]): ConversationResult => ({
    ...told,
    bargeIns: [],
    turns: texts.map(text => ({ said: text, heard: '', replyMs: undefined, agentAudioMs: 0 })),
  });
  const merged = [write(1, 1, 'caller', 'one and two'), write(1, 2, 'agent', 'Both.')];
  const report = callReport(callId, said('One', 'and two'), { turns: merged, events: [] });
  expect(report.turns.map(turn => turn.agent)).toEqual(['Both.', 'Both.']);
  expect(report.record).toBeNull();

  const misheard = [write(1, 1, 'caller', 'wan'), write(1, 2, 'agent', 'First.'), write(2, 3, 'caller', 'two')];
  expect(callReport(callId, said('one', 'two'), { turns: misheard, events: [] }).turns.map(turn => turn.agent)).toEqual(
    ['First.', null],
  );
});

test('a call that kept its promises breaks none; each broken one is a sentence', () => {
  const good = callReport(callId, told, { record, turns, events });
  expect(brokenPromises(good, { turns: 2 })).toEqual([]);
  const bad = {
    ...good,
    record: null,
    turns: [
      { ...good.turns[0]!, heard: 'Something else entirely' },
      { ...good.turns[1]!, heard: '' },
    ],
    bargeIns: [{ ...good.bargeIns[0]!, framesAfterStop: 3 }],
  };
  expect(brokenPromises(bad, { turns: 3 })).toEqual([
    'The call had 2 turns instead of 3.',
    expect.stringContaining('the ear heard "Something else entirely"'),
    'Nothing was heard in answer to "Wait, where are you?".',
    '3 audio frames came after StopAudio.',
    'The record of the call was not final within 5 s of its end.',
  ]);
});

test.each([
  ['we are open', 'we are open from nine', 0],
  ['we open from nine', 'we are open from nine', 1],
  ['we are closed', 'we are open from nine', 1],
  ['something else', 'we are open from nine', 2],
  ['', 'we are', 0],
])('"%s" is as a beginning of "%s" wrong in %i words', (heard, agent, apart) => {
  const words = (text: string) => text.split(' ').filter(word => word !== '');
  expect(wordsApart(words(heard), words(agent))).toBe(apart);
});

test('a short word is not found inside a longer one', () => {
  const spokenTurns: CallEvent[] = (
    [
      { type: 'caller-spoke', turn: 1, text: 'it does not work', startMs: 1, endMs: 2 },
      { type: 'agent-spoke', ...spoke, turn: 1, text: 'Again?', heard: 'Again?' },
      { type: 'caller-spoke', turn: 2, text: 'no', startMs: 3, endMs: 4 },
      { type: 'agent-spoke', ...spoke, turn: 2, text: 'I see.', heard: 'I see.' },
    ] as const
  ).map((fact, seq) => ({ ...fact, seq, at: 1000 + seq }) as CallEvent);
  const documents = spokenTurns
    .map(event => turnDocument(callId, 'reception', event, 60))
    .filter(turn => turn !== undefined);
  const said = ['it does not work', 'no'].map(words => ({ said: words, heard: '', replyMs: 1, agentAudioMs: 1 }));
  const report = callReport(callId, { ...told, turns: said }, { record, turns: documents, events: spokenTurns });
  expect(report.turns.map(turn => turn.agent)).toEqual(['Again?', 'I see.']);
});
