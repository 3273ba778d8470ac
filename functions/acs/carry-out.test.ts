import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { callSecret } from '../../contracts/call-id.ts';
import { CallError } from '../../contracts/error.ts';
import { type App, startApp } from '../../emulators/acs/test/app.ts';
import { until } from '../../emulators/acs/test/inbox.ts';
import { tone, waitingPhone } from '../../emulators/acs/test/phone.ts';
import { controlSettings } from '../settings.ts';
import { acsCarrier, type Carrier } from './call-automation.ts';
import { type Order, type OrderName, order } from './orders.ts';

const customer = '+15550142';
const colleague = '+15550143';
const ours = '+15550100';
const secret = 'a-secret-for-tests-only';

let app: App;
let carrier: Carrier;
let calls = 0;

beforeAll(async () => {
  app = await startApp({ subscribe: false, faults: { playMs: 40, recognizeScale: 0.01 } });
  carrier = acsCarrier(
    controlSettings({
      ...{ BASE_URL: 'http://127.0.0.1', MEDIA_HOST_URL: 'http://127.0.0.1', CALL_SECRET: secret },
      ...{ CONTROL_KEY: 'a-control-key-for-tests', COSMOS_ENDPOINT: 'http://127.0.0.1' },
      ...{ ACS_CONNECTION_STRING: app.acs.connectionString, ACS_RESOURCE_ID: app.acs.audience },
      ...{ ACS_CALLBACK_URL: `${app.url}/cb`, ACS_SOURCE_NUMBER: ours },
      ACS_COGNITIVE_SERVICES_ENDPOINT: 'https://speech.example.com',
    }),
  );
});

afterAll(() => app?.close());

beforeEach(() => app.acs.setFaults({ outcomes: {} }));

const newCallId = () => createHash('sha256').update(String(calls++)).digest('hex').slice(0, 32);

async function place(target = customer, callId = newCallId()) {
  const mediaUrl = `${app.url.replace('http', 'ws')}/media/${callId}`;
  const made = await carrier.create({
    callId,
    target,
    callerId: ours,
    mode: 'media',
    mediaUrl,
    operationContext: 'dial',
  });
  return { callId, cc: made.callConnectionId };
}

/** The call is up, and so is its sound: what is not streaming cannot be stopped. */
async function connected(target?: string) {
  const call = await place(target);
  await Promise.all([app.named('CallConnected', call.cc), app.named('MediaStreamingStarted', call.cc)]);
  return call;
}

const ended = (cc: string, context: string) =>
  app.callbacks.first(
    ({ event, name }) =>
      event.data.callConnectionId === cc && event.data.operationContext === context && name !== 'PlayStarted',
  );

describe('a call we place', () => {
  test('is rung with our number, and its sound is asked for as an answered one’s is', async () => {
    const phone = await waitingPhone(app.acs, '+15550144');
    const { callId, cc } = await place('+15550144');
    expect(await phone.event('incoming')).toMatchObject({ from: ours });
    phone.do('answer');
    const { path, event } = await app.named('CallConnected', cc);
    expect(path).toBe(`/cb/${callId}/callbacks/${callSecret(secret, 'callbacks-out', callId)}`);
    expect(event.data.operationContext).toBe('dial');
    await until(() => app.acs.call(cc)?.media?.isOpen === true);
    const media = app.media.items.at(-1)!;
    const samples = tone(60).toString('base64');
    media.socket.send(JSON.stringify({ kind: 'AudioData', audioData: { data: samples } }));
    await phone.frames.first(frame => frame.isAudible);
    phone.socket.terminate();
  });

  test('is placed once, however often it is asked for', async () => {
    const callId = newCallId();
    const all = await Promise.all([place(customer, callId), place(customer, callId)]);
    const later = await place(customer, callId);
    expect(new Set([...all, later].map(({ cc }) => cc)).size).toBe(1);
  });

  test('is placed once when the carrier’s first answer is lost on the way', async () => {
    const before = app.acs.calls().length;
    app.acs.setFaults({ loseReplyNext: 1, faultPath: '/calling/callConnections' });
    await place();
    expect(app.acs.calls()).toHaveLength(before + 1);
  });

  test('to somebody nobody can ring is refused without asking the carrier', async () => {
    await expect(place('48:conf:abc')).rejects.toMatchObject({ code: 'ACS_REFUSED', retryable: false });
  });
});

describe.concurrent('every order reaches the carrier, and the event that ends it brings its context', () => {
  const text = { text: 'One moment.' };
  const orders: [unknown, 'asked' | 'done', string | undefined][] = [
    [{ do: 'play', source: { file: 'https://example.com/a.wav' } }, 'asked', 'PlayCompleted'],
    [{ do: 'play', source: { ...text, voice: 'en-US-JennyNeural' }, to: customer }, 'asked', 'PlayCompleted'],
    [{ do: 'cancel-media' }, 'done', undefined],
    [{ do: 'recognise', what: 'dtmf', from: customer, prompt: text, stopTones: '#' }, 'asked', 'RecognizeFailed'],
    [
      {
        ...{ do: 'recognise', what: 'choices', from: customer, language: 'en-US' },
        choices: [{ label: 'yes', phrases: ['yes'], tone: '1' }],
      },
      'asked',
      'RecognizeFailed',
    ],
    [{ do: 'recognise', what: 'speech', from: customer, language: 'en-US' }, 'asked', 'RecognizeFailed'],
    [{ do: 'recognise', what: 'speech-or-dtmf', from: customer }, 'asked', 'RecognizeFailed'],
    [{ do: 'listen-for-tones', from: customer }, 'done', undefined],
    [{ do: 'stop-listening-for-tones', from: customer }, 'asked', 'ContinuousDtmfRecognitionStopped'],
    [{ do: 'send-tones', to: customer, tones: '12#*A' }, 'asked', 'SendDtmfTonesCompleted'],
    [{ do: 'mute', who: customer }, 'done', undefined],
    [{ do: 'hold', who: customer, source: text }, 'done', undefined],
    [{ do: 'unhold', who: customer }, 'done', undefined],
    [{ do: 'add', who: colleague, ringSeconds: 20 }, 'asked', 'AddParticipantSucceeded'],
    [{ do: 'cancel-add', invitationId: 'unknown' }, 'asked', 'CancelAddParticipantFailed'],
    [{ do: 'remove', who: colleague }, 'asked', 'RemoveParticipantFailed'],
    [{ do: 'transfer', to: colleague }, 'asked', 'CallTransferAccepted'],
    [{ do: 'stop-streaming' }, 'asked', 'MediaStreamingStopped'],
    [{ do: 'start-streaming' }, 'asked', 'MediaStreamingStarted'],
    [{ do: 'start-recording' }, 'done', undefined],
  ];

  test.for(orders)('%o', async ([asked, outcome, event]) => {
    const { cc, callId } = await connected();
    const context = `op-${callId.slice(0, 8)}`;
    const prepare: Partial<Record<OrderName, Order>> = {
      'stop-listening-for-tones': { do: 'listen-for-tones', from: customer },
      'start-streaming': { do: 'stop-streaming' },
    };
    const parsed = order.parse(asked);
    const before = prepare[parsed.do];
    if (before) {
      await carrier.carryOut(cc, before, 'before', callId);
      if (before.do === 'stop-streaming') await ended(cc, 'before');
    }
    expect(await carrier.carryOut(cc, parsed, context, callId)).toMatchObject({ outcome });
    if (event !== undefined) expect((await ended(cc, context)).name).toBe(event);
    const people = app.acs.call(cc)?.people ?? [];
    if (parsed.do === 'mute') expect(people).toMatchObject([{ isMuted: true }]);
    if (parsed.do === 'hold') expect(people).toMatchObject([{ isOnHold: true }]);
  });

  test('a recording starts, pauses, goes on and stops, and its states come to the call’s address', async () => {
    const { cc, callId } = await connected();
    const started = await carrier.carryOut(cc, { do: 'start-recording', channels: 'mixed' }, 'rec', callId);
    const { recordingId = '' } = started as { recordingId?: string };
    expect(started).toEqual({ outcome: 'done', recordingId: expect.any(String) });
    const again = await carrier.carryOut(cc, { do: 'start-recording', channels: 'mixed' }, 'rec', callId);
    expect(again).toEqual(started);
    for (const step of ['pause-recording', 'resume-recording', 'stop-recording'] as const)
      expect(await carrier.carryOut(cc, { do: step, recordingId }, step, callId)).toEqual({ outcome: 'done' });
    const address = `/cb/${callId}/callbacks/${callSecret(secret, 'callbacks-out', callId)}`;
    const told = ({ name, path }: { name: string; path: string }) =>
      name === 'RecordingStateChanged' && path === address;
    await app.callbacks.nth(told, 4);
  });

  test('somebody invited can be uninvited, and is invited once however often it is asked', async () => {
    const phone = await waitingPhone(app.acs, '+15550145');
    const { cc, callId } = await connected();
    const add: Order = { do: 'add', who: '+15550145', ringSeconds: 20 };
    const first = await carrier.carryOut(cc, add, 'add', callId);
    const { invitationId = '' } = first as { invitationId?: string };
    expect(first).toEqual({ outcome: 'asked', invitationId: expect.any(String) });
    expect(await carrier.carryOut(cc, add, 'add', callId)).toEqual(first);
    expect(await phone.event('incoming')).toMatchObject({ event: 'incoming' });
    expect(await carrier.carryOut(cc, { do: 'cancel-add', invitationId }, 'off', callId)).toMatchObject({
      outcome: 'asked',
    });
    expect((await ended(cc, 'off')).name).toBe('CancelAddParticipantSucceeded');
    expect(phone.events.count(({ event }) => event === 'incoming')).toBe(1);
    phone.socket.terminate();
  });
});

describe('what the carrier says no to', () => {
  test('a call that has ended is gone, for every order', async () => {
    const { cc, callId } = await connected();
    expect([await carrier.hangUp(cc), await carrier.hangUp(cc)]).toEqual(['asked', 'gone']);
    const orders: Order[] = [{ do: 'mute', who: customer }, { do: 'cancel-media' }, { do: 'transfer', to: colleague }];
    for (const each of orders) expect(await carrier.carryOut(cc, each, 'late', callId)).toEqual({ outcome: 'gone' });
  });

  test('somebody who is not in the call is a refusal, and not the end of the call', async () => {
    const { cc, callId } = await connected();
    const reply = await carrier.carryOut(cc, { do: 'mute', who: '+15550177' }, 'nobody', callId);
    expect(reply).toEqual({ outcome: 'refused', status: 404, code: '8522' });
  });

  test('a call that is not connected yet refuses with the carrier’s code', async () => {
    app.acs.setFaults({ outcomes: { '+15550146': 'no-answer' } });
    const { cc, callId } = await place('+15550146');
    const reply = await carrier.carryOut(
      cc,
      { do: 'play', source: { file: 'https://e.com/a.wav' }, loop: false },
      'early',
      callId,
    );
    expect(reply).toEqual({ outcome: 'refused', status: 400, code: '8501' });
  });

  test.for([
    [400, '9002'],
    [401, '9002'],
    [403, '9002'],
    [405, '9002'],
    [409, '9002'],
    [412, '9002'],
  ] as const)('%i is refused, and never asked again', async ([failStatus, code]) => {
    const { cc, callId } = await connected();
    app.acs.setFaults({ failNext: 1, failStatus, faultPath: cc });
    const reply = await carrier.carryOut(cc, { do: 'mute', who: customer }, 'no', callId);
    expect(reply).toEqual({ outcome: 'refused', status: failStatus, code });
    expect(app.acs.faults.failNext).toBe(0);
  });

  test('500 is tried again by the SDK, and the order is carried out', async () => {
    const { cc, callId } = await connected();
    app.acs.setFaults({ failNext: 1, failStatus: 500, faultPath: cc });
    const reply = await carrier.carryOut(cc, { do: 'mute', who: customer }, 'again', callId);
    expect(reply).toEqual({ outcome: 'done' });
  });

  test('too many requests is worth another try, and says for how long nothing new is wanted', async () => {
    const { cc, callId } = await connected();
    expect(carrier.busyMs()).toBe(0);
    app.acs.setFaults({ throttleNext: 1, throttleRetryAfterS: null, faultPath: cc });
    const failed = carrier.carryOut(cc, { do: 'mute', who: customer }, 'busy', callId);
    await expect(failed).rejects.toBeInstanceOf(CallError);
    await expect(failed).rejects.toMatchObject({ code: 'ACS_UNAVAILABLE', retryable: true, details: { status: 429 } });
    expect(carrier.busyMs()).toBeGreaterThan(0);
  });
});
