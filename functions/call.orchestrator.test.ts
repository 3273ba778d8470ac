import { expect, test } from 'vitest';
import type { SaveRecordInput } from './activities/save-record.ts';
import { call } from './call.orchestrator.ts';
import { type CallMessage, callEventName } from './call-message.ts';
import type { CallStart, RingStart } from './call-start.ts';
import { play, type Script } from './testing/scripted-orchestration.ts';

const start: CallStart = {
  opening: {
    ...{ callId: 'c', direction: 'in', startedAt: 0, callerHash: 'h', calleeId: '4:+15550100' },
    ...{ entryAgent: 'reception', mode: 'media', ttlSeconds: 86_400 },
  },
  ...{ mode: 'media', incomingCallContext: 'secret', mediaUrl: 'wss://media', maxCallMs: 3_600_000 },
};

type Told = Record<string, unknown> & { at: number; type: CallMessage['type'] };

let number = 0;
const told = (...messages: Told[]) =>
  messages.map(({ id = `m${number++}`, from = 'acs', ...message }) => ({
    at: message.at,
    name: callEventName,
    message: { id, from, ...message },
  }));

const answered: Told = { at: 50, type: 'answered', from: 'us', callConnectionId: 'cc' };
const connected: Told = { at: 800, type: 'connected', callConnectionId: 'cc' };
const hungUp = (at: number): Told => ({ at, type: 'disconnected', code: 200, subCode: 540000 });

/** Plays a call; the journal is closed from the first look on, and hanging up is reported by nobody unless told. */
function life(messages: Told[], activities: Script['activities'] = {}, input: CallStart = start) {
  const played = play(call, {
    input,
    messages: told(...messages),
    activities: {
      'save-record': () => ({ saved: true }),
      'hang-up': () => ({ gone: false }),
      'look-up': () => ({ up: true }),
      answer: () => undefined,
      ...activities,
    },
  });
  const saved = played.ran.filter(each => each.name === 'save-record').at(-1)?.input as SaveRecordInput;
  return { ...played, saved, names: played.ran.map(each => each.name) };
}

test('a plain call needs two activities: a note as it connects, the record as it ends', () => {
  const { names, output, saved } = life([answered, connected, hungUp(60_000)]);
  expect(names).toEqual(['save-record', 'save-record']);
  expect(output).toMatchObject({ phase: 'ended', endedBy: 'caller' });
  expect(saved.life).toMatchObject({ callConnectionId: 'cc', answeredAt: 50, connectedAt: 800, endedAt: 60_000 });
});

test('messages that come at one moment, twice, or before their time are each folded once', () => {
  const twice = { ...connected, id: 'same' };
  const { saved, names } = life([twice, twice, { ...answered, at: 800 }, hungUp(800), hungUp(800)]);
  expect(names).toEqual(['save-record', 'save-record']);
  expect(saved.life).toMatchObject({ phase: 'ended', endedBy: 'caller' });
});

test('messages that come while an activity runs are not lost', () => {
  const participants = [1, 2, 3].map(sequence => ({ at: 800, type: 'participants', sequence, count: 2 }) as Told);
  const { saved } = life([answered, connected, ...participants, hungUp(800)]);
  expect(saved.life).toMatchObject({ participants: { sequence: 3 }, endedBy: 'caller' });
});

test('an answer nobody reports is made by the orchestration 3 s after the ring', () => {
  const answer = (_: never, at: number) => ({ id: 'a', from: 'us', type: 'answered', callConnectionId: 'cc', at });
  const { ran, saved } = life([{ ...connected, at: 4_000 }, hungUp(9_000)], { answer });
  expect(ran[0]).toMatchObject({ name: 'answer', at: 3_000 });
  expect(saved.life).toMatchObject({ answeredAt: 3_000, connectedAt: 4_000 });
});

test('an answer that fails for good ends in a record', () => {
  const answer = () => {
    throw new Error('ACS is away');
  };
  expect(life([], { answer }).output).toMatchObject({ endReason: 'answer-failed 503/0' });
});

test('our own failure to answer says nothing once somebody has answered', () => {
  const late: Told = { at: 100, type: 'answer-failed', from: 'us', code: 404, subCode: 0 };
  expect(life([answered, late, connected, hungUp(5_000)]).output).toMatchObject({ endedBy: 'caller' });
  expect(life([answered, { ...late, from: 'acs' }]).output).toMatchObject({ endReason: 'answer-failed 404/0' });
});

test('a context somebody has used is an answer if the call connects, and a caller who left if it does not', () => {
  const unclear: Told = { at: 60, type: 'answer-unclear', from: 'us' };
  expect(life([unclear, { ...connected, at: 3_500 }, hungUp(9_000)]).output).toMatchObject({ endedBy: 'caller' });
  const left = life([unclear]);
  expect(left.output).toMatchObject({ endedBy: 'system', endReason: 'not-connected' });
  expect(left.endedAt).toBe(4_060);
  expect(left.names).not.toContain('answer');
});

test('a call that is answered and never connects is hung up and recorded after 30 s', () => {
  const { ran, output, endedAt } = life([answered]);
  expect(ran[0]).toMatchObject({ name: 'hang-up', at: 30_050, input: { callConnectionId: 'cc' } });
  expect(output).toMatchObject({ endReason: 'not-connected' });
  expect(endedAt).toBe(30_050);
});

test('the longest call is ended by us, and recorded even if ACS never confirms it', () => {
  const { ran, output, endedAt } = life([answered, connected]);
  const hangUps = ran.filter(each => each.name === 'hang-up');
  expect(hangUps).toEqual([{ at: 3_600_800, name: 'hang-up', input: { callId: 'c', callConnectionId: 'cc' } }]);
  expect(output).toMatchObject({ endedBy: 'system', endReason: 'longest-call-reached' });
  expect(endedAt).toBe(3_605_800);
});

test('an end that ACS never reports is found out within 5 minutes', () => {
  const { output, endedAt } = life([answered, connected], { 'look-up': (_, now) => ({ up: now < 500_000 }) });
  expect(output).toMatchObject({ endReason: 'ended-unreported' });
  expect(endedAt).toBe(600_800);
});

test('a hang-up asked for before the call has a connection is carried out as soon as it has', () => {
  const asked: Told = { at: 10, type: 'hang-up-asked', from: 'us', by: 'agent', reason: 'wrong-number' };
  const { ran, output } = life([asked, answered, hungUp(300)]);
  expect(ran[0]).toMatchObject({ name: 'hang-up', at: 50 });
  expect(output).toMatchObject({ endedBy: 'agent', endReason: 'wrong-number' });
});

test('a call whose sound reaches nobody is hung up', () => {
  const failed: Told = { at: 900, type: 'streaming-failed', code: 500, subCode: 8603 };
  const { names, output } = life([answered, connected, failed]);
  expect(names).toContain('hang-up');
  expect(output).toMatchObject({ endedBy: 'system', endReason: 'media-failed 500/8603' });
});

const remembering: CallStart = { ...start, remembers: true };

test('what a call leaves is remembered of its caller once the record stands', () => {
  const { ran, output } = life([answered, connected, hungUp(60_000)], {}, remembering);
  expect(ran.map(({ name }) => name)).toEqual(['save-record', 'save-record', 'remember-caller']);
  expect(ran.at(-1)?.input).toMatchObject({ opening: { callerHash: 'h' }, life: { endedAt: 60_000 } });
  expect(output).toMatchObject({ phase: 'ended', endedBy: 'caller' });
});

test('a memory that cannot be written changes nothing of the call', () => {
  const fails = () => {
    throw new Error('Cosmos is away');
  };
  const { output, saved } = life([answered, connected, hungUp(60_000)], { 'remember-caller': fails }, remembering);
  expect(output).toMatchObject({ phase: 'ended', endedBy: 'caller' });
  expect(saved.life.phase).toBe('ended');
});

test('nothing is remembered of a call that nobody answered, or that began where nobody is remembered', () => {
  expect(life([hungUp(2_000)], {}, remembering).names).not.toContain('remember-caller');
  expect(life([answered, connected, hungUp(60_000)]).names).not.toContain('remember-caller');
});

test('the summaries of an answered call are begun when its record stands, and endanger nothing', () => {
  const summarising: CallStart = { ...start, summarises: true };
  const whole: Told[] = [answered, connected, hungUp(60_000)];
  const { ran } = life(whole, {}, summarising);
  expect(ran.map(({ name }) => name)).toEqual(['save-record', 'save-record', 'begin-summaries']);
  expect(ran.at(-1)?.input).toEqual({ callId: start.opening.callId });
  const fails = () => {
    throw new Error('Cosmos is away');
  };
  expect(life(whole, { 'begin-summaries': fails }, summarising).output).toMatchObject({ endedBy: 'caller' });
  expect(life([hungUp(2_000)], {}, summarising).names).not.toContain('begin-summaries');
  expect(life(whole).names).not.toContain('begin-summaries');
});

test('the record waits for the journal, and no longer than 5 s', () => {
  const looks: SaveRecordInput[] = [];
  const save = (input: SaveRecordInput) => {
    if (input.life.phase === 'ended') looks.push(input);
    return { saved: input.life.phase !== 'ended' || input.lastLook };
  };
  const { endedAt } = life([answered, connected, hungUp(10_000)], { 'save-record': save });
  expect(looks).toHaveLength(8);
  expect(looks.map(look => look.lastLook).indexOf(true)).toBe(7);
  expect(endedAt - 10_000).toBeLessThanOrEqual(3_500);
});

const ofPeople: CallStart = {
  ...start,
  ...{ version: 2, idleMs: 60_000 },
  people: { targets: ['+15550111', '+15550112'], mode: 'consult', ringSeconds: 25 },
};

/** As the carrier answers orders: it takes them all. */
const taking = { 'carry-out': () => ({ outcome: 'asked', invitationId: 'i' }), 'tell-media': () => ({}) };
const handled = (played: ReturnType<typeof life>) =>
  played.ran.flatMap(({ name, input }) => {
    const { order, message } = input as { order?: { do: string }; message?: { do: string } };
    return name === 'carry-out' || name === 'tell-media' ? [order?.do ?? message?.do] : [];
  });
const streaming: Told = { at: 900, type: 'streaming-started' };

test('a person takes the call, and it ends when they hang up', () => {
  const done = (at: number, context: string, more = {}): Told => ({
    ...{ at, type: 'order-ended', context, end: 'succeeded', code: 200, subCode: 0 },
    ...more,
  });
  const asked: Told = { at: 5_000, from: 'us', type: 'handoff-asked', ask: { reason: 'billing', summary: '' } };
  const played = life(
    [
      ...[answered, connected, streaming, asked],
      ...[done(9_000, 'c.1'), done(20_000, 'c.3'), done(22_000, 'c.4', { tones: '1' })],
      { at: 9_100, type: 'participants', sequence: 3, count: 3 },
      { at: 90_000, type: 'participants', sequence: 4, count: 2 },
      { ...hungUp(90_100), subCode: 7000 },
    ],
    { ...taking, 'look-up': () => ({ up: true, people: 2, present: false }) },
    ofPeople,
  );
  expect(handled(played)).toEqual([
    'seek-person',
    'add',
    'seek-person',
    'play',
    'recognise',
    'leave',
    'stop-streaming',
  ]);
  expect(played.output).toMatchObject({ endedBy: 'agent', endReason: 'person-left' });
  expect(played.saved.life.handoffs).toMatchObject([{ reason: 'billing', outcome: 'accepted' }]);
});

test('nobody takes the call: the agent has it back within 2 s of the last no', () => {
  const no = (at: number, context: string): Told => ({
    ...{ at, type: 'order-ended', context, end: 'failed', code: 603, subCode: 8538 },
  });
  const asked: Told = { at: 5_000, from: 'us', type: 'handoff-asked', ask: { reason: 'billing', summary: '' } };
  const played = life(
    [answered, connected, streaming, asked, no(9_000, 'c.1'), no(12_000, 'c.3'), hungUp(60_000)],
    taking,
    ofPeople,
  );
  expect(handled(played)).toEqual(['seek-person', 'add', 'seek-person', 'add', 'back-to-agent']);
  const back = played.ran.find(({ input }) => (input as { message?: { do: string } }).message?.do === 'back-to-agent');
  expect(back?.at).toBeLessThanOrEqual(12_000 + 2_000);
  expect(played.output).toMatchObject({ endedBy: 'caller' });
});

test('the agent is told that it has the caller back when the way to it opens again, and nothing waits for that', () => {
  const asked: Told = { at: 5_000, from: 'us', type: 'handoff-asked', ask: { reason: 'billing', summary: '' } };
  const order: Told = { id: 'op', at: 6_500, from: 'us', type: 'ordered', order: { do: 'cancel-media' } };
  const away = (_: never, at: number) => {
    if (at < 20_000) throw new Error('Web PubSub is away');
    return {};
  };
  const nobody: CallStart = { ...ofPeople, people: { targets: [], mode: 'consult', ringSeconds: 25 } };
  const played = life(
    [answered, connected, streaming, asked, order, hungUp(60_000)],
    { ...taking, 'tell-media': away },
    nobody,
  );
  const told = played.ran.filter(({ name }) => name === 'tell-media');
  expect(told.map(({ at }) => at)).toEqual([5_000, 6_000, 8_000, 12_000, 20_000]);
  expect(new Set(told.map(({ input }) => (input as { message: { id: string } }).message.id)).size).toBe(1);
  expect(played.ran.find(({ name }) => name === 'carry-out')?.at).toBe(6_500);
});

test('an order is carried out under its own name, and its end is shown', () => {
  const order = { do: 'cancel-media' };
  const ordered: Told = { id: 'op', at: 5_000, from: 'us', type: 'ordered', order };
  const carryOut = { 'carry-out': () => ({ outcome: 'done' }) };
  const played = life([answered, connected, streaming, ordered, hungUp(9_000)], carryOut, ofPeople);
  expect(played.ran.find(({ name }) => name === 'carry-out')?.input).toEqual({
    ...{ callId: 'c', callConnectionId: 'cc', order, context: 'op' },
  });
  expect(played.status).toMatchObject({
    phase: 'ended',
    operations: [{ id: 'op', order: 'cancel-media', state: 'done' }],
  });
});

test('an outbound call is dialled once, and busy is no answer', () => {
  const { incomingCallContext: _context, ...rest } = ofPeople as RingStart;
  const dialled = (_: never, at: number) => ({ id: 'd', from: 'us', type: 'dialled', callConnectionId: 'cc', at });
  const out: CallStart = { ...rest, opening: { ...rest.opening, direction: 'out' }, dial: { target: '+15550177' } };
  const busy: Told = { at: 3_000, type: 'answer-failed', code: 486, subCode: 8539 };
  const played = life([busy], { dial: dialled }, out);
  expect(played.names).toEqual(['dial', 'save-record']);
  expect(played.output).toMatchObject({ endReason: 'answer-failed 486/8539' });
});

test('a long call goes on in fresh executions, and neither forgets nor repeats', () => {
  const chatter = Array.from(
    { length: 400 },
    (_, i): Told => ({
      ...{ id: `p${i}`, at: 2_000 + i * 2_000, type: 'participants', sequence: i, count: 2 },
    }),
  );
  const again = { ...chatter[250], at: 2_000 + 252 * 2_000 + 500 } as Told;
  const played = life([answered, connected, streaming, ...chatter, again, hungUp(900_000)], taking, ofPeople);
  expect(played.continuedWith.length).toBeGreaterThanOrEqual(1);
  expect(played.names.filter(name => name === 'save-record')).toHaveLength(2);
  expect(played.names).toContain('look-up');
  expect(played.saved.life).toMatchObject({ participants: { sequence: 399 }, endedBy: 'caller', answeredAt: 50 });
});

test('a call that ends in the moment it goes on as new is found ended by the first look', () => {
  const chatter = Array.from(
    { length: 300 },
    (_, i): Told => ({
      ...{ at: 2_000 + i, type: 'participants', sequence: i, count: 2 },
    }),
  );
  const { output, endedAt } = life(
    [answered, connected, streaming, ...chatter],
    { 'look-up': () => ({ up: false }) },
    ofPeople,
  );
  expect(output).toMatchObject({ endReason: 'ended-unreported' });
  expect(endedAt).toBeLessThan(10_000);
});

/** As version 1 of this code left them to those that come after. */
const startOfVersion1 = `{"opening":{"callId":"c","direction":"in","startedAt":0,"callerHash":"h","calleeId":"4:+15550100",
"entryAgent":"reception","mode":"media","ttlSeconds":86400},"mode":"media","incomingCallContext":"secret",
"mediaUrl":"wss://media","maxCallMs":3600000}`;
const stateOfVersion1 = `{"v":1,"life":{"phase":"connected","callConnectionId":"cc","answeredAt":50,"connectedAt":800,
"streamingAt":900,"participants":{"sequence":7,"count":2}},"begunAt":0,"phaseSince":800,"answerTried":false,"noted":true,
"hangUpBegun":false,"seenUpAt":800,"made":2,"operations":[{"id":"op","order":"play","state":"asked","askedAt":1000,
"until":161000}],"strays":[],"media":{"state":"on","since":900,"startedAt":900}}`;

test('a call begun by version 1 is gone on with', () => {
  const begun = life([answered, connected, hungUp(60_000)], {}, JSON.parse(startOfVersion1));
  expect(begun.output).toMatchObject({ endedBy: 'caller' });
  const nobody: Told = { at: 5_000, from: 'us', type: 'handoff-asked', ask: { reason: 'billing', summary: '' } };
  expect(handled(life([answered, connected, nobody, hungUp(9_000)], taking, JSON.parse(startOfVersion1)))).toEqual([
    'back-to-agent',
  ]);
});

test('a state of version 1 is gone on with, its open order and known messages included', () => {
  const input = { v: 1, start: JSON.parse(startOfVersion1), state: JSON.parse(stateOfVersion1), seen: ['old'] };
  const repeated: Told = { id: 'old', at: 1_500, type: 'disconnected', code: 200, subCode: 540000 };
  const ended: Told = { at: 3_000, type: 'order-ended', context: 'op', end: 'succeeded', code: 200, subCode: 0 };
  const played = life([repeated, ended, hungUp(60_000)], taking, input as never);
  expect(played.names).toEqual(['look-up', 'save-record']);
  expect(played.status).toMatchObject({ operations: [{ id: 'op', state: 'done' }] });
  expect(played.saved.life).toMatchObject({ answeredAt: 50, endedBy: 'caller', endedAt: 60_000 });
});
