import { expect, test } from 'vitest';
import { type AcsEvent, type AcsEventName, acsEventNames, acsEventOf } from '../acs/acs-event.ts';
import type { CallMessage } from '../call-message.ts';
import { cloudEvent } from '../testing/event-scene.ts';
import { callMessageOf, toneOf } from './messages.ts';

const now = Date.parse('2026-11-21T12:00:00Z');
const at = Date.parse('2026-11-21T11:59:00.123Z');

function eventOf(name: AcsEventName, data: Record<string, unknown>): AcsEvent {
  const read = acsEventOf({ ...cloudEvent(name, 'corr', data), id: 'e' }, now);
  if (read.kind !== 'known') throw new Error(`${name} is ${read.kind}`);
  return read.event;
}

const failed = { code: 500, subCode: 8541 };
const asked = { operationContext: 'op-1', resultInformation: failed };

/** All of it, so that a name nobody has thought of fails here. */
const meant: Record<AcsEventName, Partial<CallMessage> | undefined> = {
  CallConnected: { type: 'connected', callConnectionId: 'cc' },
  CallDisconnected: { type: 'disconnected', ...failed },
  AnswerFailed: { type: 'answer-failed', ...failed },
  CreateCallFailed: { type: 'answer-failed', ...failed },
  ConnectFailed: { type: 'answer-failed', ...failed },
  ParticipantsUpdated: { type: 'participants', sequence: 2, count: 2 },
  MediaStreamingStarted: { type: 'streaming-started' },
  MediaStreamingStopped: { type: 'streaming-stopped', ...failed },
  MediaStreamingFailed: { type: 'streaming-failed', ...failed },
  RecordingStateChanged: { type: 'recording', recordingId: 'r', state: 'active' },
  PlayStarted: undefined,
  ContinuousDtmfRecognitionToneReceived: undefined,
  ...ends('succeeded', [
    ...['AddParticipantSucceeded', 'RemoveParticipantSucceeded', 'MoveParticipantSucceeded'],
    ...['CancelAddParticipantSucceeded', 'CallTransferAccepted', 'PlayCompleted', 'SendDtmfTonesCompleted'],
    ...['TranscriptionStarted', 'TranscriptionStopped', 'TranscriptionUpdated', 'ContinuousDtmfRecognitionStopped'],
  ]),
  ...ends('failed', [
    ...['AddParticipantFailed', 'RemoveParticipantFailed', 'MoveParticipantFailed', 'CancelAddParticipantFailed'],
    ...['CallTransferFailed', 'PlayFailed', 'RecognizeFailed', 'SendDtmfTonesFailed', 'HoldFailed'],
    ...['TranscriptionFailed', 'StartRecordingFailed', 'ContinuousDtmfRecognitionToneFailed'],
  ]),
  ...ends('cancelled', ['PlayCanceled', 'RecognizeCanceled']),
  RecognizeCompleted: { type: 'order-ended', context: 'op-1', end: 'succeeded', ...failed, tones: '56#' },
} as Record<AcsEventName, Partial<CallMessage> | undefined>;

function ends(end: 'succeeded' | 'failed' | 'cancelled', names: string[]): Record<string, Partial<CallMessage>> {
  return Object.fromEntries(names.map(name => [name, { type: 'order-ended', context: 'op-1', end, ...failed }]));
}

test.each(acsEventNames)('%s is told for what it means, under its own id and time', name => {
  const message = callMessageOf(eventOf(name, asked));
  expect(name in meant).toBe(true);
  expect(message).toEqual(meant[name] && { id: 'e', from: 'acs', at, ...meant[name] });
});

test('what ends an order nobody gave a context is told to nobody', () => {
  const orders = acsEventNames.filter(name => meant[name]?.type === 'order-ended');
  expect(orders).toHaveLength(26);
  for (const name of orders) expect(callMessageOf(eventOf(name, {}))).toBeUndefined();
});

const recognised = (data: Record<string, unknown>) =>
  callMessageOf(eventOf('RecognizeCompleted', { operationContext: 'op-1', ...data }));

test('of what was recognised the label or the keys are told, and never words', () => {
  const keys = { dtmfResult: { tones: ['five', 'asterisk', 'a'] }, choiceResult: { label: 'yes' } };
  expect(recognised({ recognitionType: 'dtmf', ...keys })).toMatchObject({ tones: '5*A' });
  const choice = recognised({ recognitionType: 'choices', choiceResult: { label: 'no', recognizedPhrase: 'not now' } });
  expect(choice).toMatchObject({ label: 'no' });
  const speech = recognised({ recognitionType: 'speech', speechResult: { speech: 'my card is stolen' } });
  expect(speech).toMatchObject({ end: 'succeeded' });
  expect(JSON.stringify([choice, speech])).not.toMatch(/not now|stolen/);
});

test('a recording in a state nobody knows changes nothing', () => {
  expect(callMessageOf(eventOf('RecordingStateChanged', { state: 'paused' }))).toBeUndefined();
});

test('a pressed key is told to the media host with its place in the row, and a key no telephone has is not', () => {
  const tone = (word: string) => toneOf(eventOf('ContinuousDtmfRecognitionToneReceived', { tone: word }) as never);
  expect(tone('pound')).toEqual({ do: 'tone', id: 'e', at, tone: '#', sequence: 1 });
  expect(tone('flash')).toBeUndefined();
});
