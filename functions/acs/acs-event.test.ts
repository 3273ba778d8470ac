import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parseCallAutomationEvent } from '@azure/communication-call-automation';
import { describe, expect, expectTypeOf, test } from 'vitest';
import { type AcsEventOf, acsEventNames, acsEventOf, isAcsEventType } from './acs-event.ts';
import { toneKey } from './tone-key.ts';

type SdkEventName = ReturnType<typeof parseCallAutomationEvent>['kind'];

const now = Date.parse('2026-09-15T12:00:00Z');

const event = (name: string, data: object = {}, more: object = {}) => ({
  id: 'e1',
  source: 'calling/callConnections/cc',
  type: `Microsoft.Communication.${name}`,
  specversion: '1.0',
  time: '2026-09-15T11:35:34.1590127+00:00',
  data: {
    ...{ version: '2026-03-12', callConnectionId: 'cc', serverCallId: 's', correlationId: 'corr' },
    ...{ resultInformation: { code: 200, subCode: 540000, message: '' }, ...data },
  },
  ...more,
});

const at = Date.parse('2026-09-15T11:35:34.159Z');
const common = { id: 'e1', at, correlationId: 'corr', callConnectionId: 'cc', result: { code: 200, subCode: 540000 } };

test('what all events carry is read from each, and nothing else of an event that carries no more', () => {
  for (const name of ['CallConnected', 'CallDisconnected', 'AnswerFailed', 'PlayCompleted', 'CallTransferFailed'])
    expect(acsEventOf(event(name), now)).toEqual({ kind: 'known', event: { name, ...common } });
});

const party = { rawId: '4:+15550100', kind: 'phoneNumber', phoneNumber: { value: '+15550100' } };

test.each([
  ['ParticipantsUpdated', { participants: [{ identifier: party, isMuted: false, isOnHold: true }], sequenceNumber: 3 }],
  ['AddParticipantFailed', { participant: party }],
  ['MoveParticipantSucceeded', { participant: party, fromCall: 'other' }],
  ['CancelAddParticipantSucceeded', { invitationId: 'i' }],
  ['CallTransferAccepted', { transferee: party, transferTarget: party }],
  ['PlayFailed', { failedPlaySourceIndex: 0 }],
  ['RecognizeCompleted', { recognitionType: 'dtmf', dtmfResult: { tones: ['five', 'pound'] } }],
  ['RecognizeCompleted', { recognitionType: 'choices', choiceResult: { label: 'yes', confidence: 0.9 } }],
  ['RecognizeCompleted', { recognitionType: 'speech', speechResult: { speech: 'hello' } }],
  ['ContinuousDtmfRecognitionToneReceived', { sequenceId: 4, tone: 'eight' }],
  [
    'MediaStreamingFailed',
    { mediaStreamingUpdate: { contentType: 'Audio', mediaStreamingStatusDetails: 'forbidden' } },
  ],
  ['TranscriptionUpdated', { transcriptionUpdate: { transcriptionStatus: 'transcriptionUpdated' } }],
  ['RecordingStateChanged', { recordingId: 'r', state: 'active', startDateTime: '2026-09-15T11:35:34+00:00' }],
  ['StartRecordingFailed', { recordingId: 'r' }],
])('%s carries its own data, and the context it was asked with', (name, data) => {
  const read = acsEventOf(event(name, { operationContext: 'op-7', ...data, more: 'to come' }), now);
  expect(read).toEqual({ kind: 'known', event: { name, ...common, context: 'op-7', ...data } });
});

test('the data of an event is typed by its name', () => {
  expectTypeOf<AcsEventOf<'ContinuousDtmfRecognitionToneReceived'>['sequenceId']>().toEqualTypeOf<number>();
  expectTypeOf<AcsEventOf<'CallConnected'>['callConnectionId']>().toEqualTypeOf<string>();
});

test('a name ACS has added is unknown, and so are names of JavaScript', () => {
  for (const name of ['HoldAudioStarted', 'constructor', 'toString', '__proto__'])
    expect(acsEventOf(event(name), now)).toEqual({ kind: 'unknown', name });
});

test("a name without ACS's prefix is nobody's", () => {
  const bare = { ...event('CallDisconnected'), type: 'CallDisconnected' };
  expect(acsEventOf(bare, now)).toEqual({ kind: 'unknown', name: 'CallDisconnected' });
});

test('what misses what it must have is malformed, and nothing throws', () => {
  const lines = [
    ...[null, 5, 'text', [], {}, { type: 5 }],
    event('CallConnected', { callConnectionId: undefined }),
    event('CallConnected', { correlationId: undefined }),
    event('CallConnected', {}, { id: '' }),
    event('CallConnected', {}, { data: 'text' }),
    event('ParticipantsUpdated', { participants: 'many', sequenceNumber: 1 }),
    event('ContinuousDtmfRecognitionToneReceived', { sequenceId: 'one', tone: 'one' }),
    event('RecordingStateChanged', { state: 'active' }),
  ];
  expect(lines.map(line => acsEventOf(line, now).kind)).toEqual(lines.map(() => 'malformed'));
});

test('an event without a result or a connection, as old versions send it, still counts', () => {
  const bare = { resultInformation: undefined, callConnectionId: null, operationContext: null };
  const { callConnectionId: _, ...known } = common;
  expect(acsEventOf(event('CallDisconnected', bare), now)).toEqual({
    kind: 'known',
    event: { name: 'CallDisconnected', ...known, result: { code: 0, subCode: 0 } },
  });
});

test('nothing happened in the future, and what has no time happened now', () => {
  for (const time of ['2026-09-16T00:00:00Z', undefined, 'yesterday'])
    expect(acsEventOf(event('CallConnected', {}, { time }), now)).toMatchObject({ event: { at: now } });
});

test("the table holds each event the SDK's types name, and no other", () => {
  expectTypeOf<SdkEventName>().toEqualTypeOf<(typeof acsEventNames)[number]>();
});

test("the SDK's own parser knows each event of the table", () => {
  const enough = { participant: party, participants: [], sequenceNumber: 1, transferee: party, transferTarget: party };
  for (const name of acsEventNames) expect(parseCallAutomationEvent(event(name, enough)).kind).toBe(name);
});

test('every key of a telephone is known by its word and by itself, and nothing else is a key', () => {
  const words = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'pound', 'asterisk'];
  expect([...words, 'a', 'b', 'c', 'd', '7', '#', 'Nine'].map(toneKey).join('')).toBe('0123456789#*ABCD7#9');
  expect(['flash', '', 'toString', '12'].map(toneKey)).toEqual([undefined, undefined, undefined, undefined]);
});

const folder = '../shared/data/acs-payloads';

describe.skipIf(!existsSync(folder))('recorded callbacks (needs the recorded payloads beside the checkout)', () => {
  /** Files that hold callbacks: arrays of CloudEvents. */
  const callbacks = (existsSync(folder) ? readdirSync(folder) : [])
    .filter(file => file.endsWith('.json'))
    .map(file => ({ file, body: JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { type?: string }[] }))
    .filter(({ body }) => Array.isArray(body) && body[0]?.type?.startsWith('Microsoft.Communication.'));

  test('there are some', () => expect(callbacks.length).toBeGreaterThan(20));

  test.each(callbacks)('$file is read', ({ body }) => {
    for (const line of body) {
      const name = line.type?.replace('Microsoft.Communication.', '') ?? '';
      const read = acsEventOf(line, now);
      if (isAcsEventType(line.type ?? '')) expect(read).toMatchObject({ kind: 'known', event: { name } });
      else expect(read).toEqual({ kind: 'unknown', name });
    }
  });

  test('only preview events are unknown', () => {
    const unknown = callbacks.flatMap(({ body }) => body).filter(line => acsEventOf(line, now).kind === 'unknown');
    expect(unknown.map(line => line.type)).toEqual(['Microsoft.Communication.HoldAudioStarted']);
  });
});
