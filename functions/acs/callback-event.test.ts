import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { callbackEventOf, callbackEventTypes } from './callback-event.ts';

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

test.each([
  ['CallConnected', {}, { type: 'connected', callConnectionId: 'cc', at }],
  ['CallDisconnected', {}, { type: 'disconnected', code: 200, subCode: 540000, at }],
  ['AnswerFailed', {}, { type: 'answer-failed', code: 200, subCode: 540000, at }],
  [
    'ParticipantsUpdated',
    { participants: [{}, {}], sequenceNumber: 3 },
    { type: 'participants', sequence: 3, count: 2, at },
  ],
  ['MediaStreamingStarted', { mediaStreamingUpdate: {} }, { type: 'streaming-started', at }],
  ['MediaStreamingFailed', {}, { type: 'streaming-failed', code: 200, subCode: 540000, at }],
])('%s means something for the life of the call', (name, data, life) => {
  expect(callbackEventOf(event(name, data), now)).toEqual({
    kind: 'known',
    id: 'e1',
    name,
    correlationId: 'corr',
    life,
  });
});

test('PlayCompleted is known and means nothing for it', () => {
  expect(callbackEventOf(event('PlayCompleted'), now)).toMatchObject({ kind: 'known', life: undefined });
});

test('a name ACS has added is unknown, and so are names of JavaScript', () => {
  for (const name of ['HoldAudioStarted', 'constructor', 'toString', '__proto__'])
    expect(callbackEventOf(event(name), now)).toEqual({ kind: 'unknown', name });
});

test("a name without ACS's prefix is nobody's", () => {
  const bare = { ...event('CallDisconnected'), type: 'CallDisconnected' };
  expect(callbackEventOf(bare, now)).toEqual({ kind: 'unknown', name: 'CallDisconnected' });
});

test('what misses what it must have is malformed, and nothing throws', () => {
  const lines = [
    ...[null, 5, 'text', [], {}, { type: 5 }],
    event('CallConnected', { callConnectionId: undefined }),
    event('CallConnected', { correlationId: undefined }),
    event('CallConnected', {}, { id: '' }),
    event('ParticipantsUpdated', { participants: 'many', sequenceNumber: 1 }),
  ];
  expect(lines.map(line => callbackEventOf(line, now).kind)).toEqual(lines.map(() => 'malformed'));
});

test('an event without a result, as old versions send it, still counts', () => {
  expect(callbackEventOf(event('CallDisconnected', { resultInformation: undefined }), now)).toMatchObject({
    life: { type: 'disconnected', code: 0, subCode: 0 },
  });
});

test('nothing happened in the future, and what has no time happened now', () => {
  for (const time of ['2026-09-16T00:00:00Z', undefined, 'yesterday'])
    expect(callbackEventOf(event('CallConnected', {}, { time }), now)).toMatchObject({ life: { at: now } });
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
      const expected = callbackEventTypes.has(line.type ?? '') ? 'known' : 'unknown';
      expect(callbackEventOf(line, now)).toMatchObject({ kind: expected, name });
    }
  });

  test('only preview events are unknown', () => {
    const unknown = callbacks.flatMap(({ body }) => body).filter(line => callbackEventOf(line, now).kind === 'unknown');
    expect(unknown.map(line => line.type)).toEqual(['Microsoft.Communication.HoldAudioStarted']);
  });
});
