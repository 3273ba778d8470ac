import { expect, test } from 'vitest';
import type { SaveRecordInput } from './activities/save-record.ts';
import { call } from './call.orchestrator.ts';
import { type CallMessage, callEventName } from './call-message.ts';
import type { CallStart } from './call-start.ts';
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
function life(messages: Told[], activities: Script['activities'] = {}) {
  const played = play(call, {
    input: start,
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
