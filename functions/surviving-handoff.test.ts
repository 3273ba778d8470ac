import { type Container, CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { CallRecord } from '../contracts/call-record.ts';
import type { CallStatus } from '../contracts/call-status.ts';
import { type ControlMessage, controlGroup, controlHub } from '../contracts/control.ts';
import { type Acs, startAcs } from '../emulators/acs/acs.ts';
import { type Phone, waitingPhone } from '../emulators/acs/test/phone.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { signToken } from '../emulators/web-pubsub/access-token.ts';
import { startWebPubSub, type WebPubSub } from '../emulators/web-pubsub/web-pubsub.ts';
import { type CallMessage, callEventName } from './call-message.ts';
import { type Caller, dial } from './testing/caller.ts';
import { eventually, openStage, type Stage, shortJournal } from './testing/stage.ts';

let acs: Acs;
let cosmos: Cosmos;
let pubsub: WebPubSub;
let stage: Stage;
let calls: Container;
let transcripts: Container;
const lines: { close(): void }[] = [];

const decliner = '+15550121';
const taker = '+15550122';

beforeAll(async () => {
  // A killed host misses callbacks; this carrier repeats them until it is back.
  const faults = { callbackRetries: 200, callbackRetryMs: 100, playMs: 100, recognizeScale: 10 };
  [acs, cosmos, pubsub] = await Promise.all([startAcs({ faults }), startCosmos(), startWebPubSub()]);
  stage = await openStage(
    { acs, cosmos },
    {
      ACS_COGNITIVE_SERVICES_ENDPOINT: 'https://speech.invalid',
      WEB_PUBSUB_CONNECTION_STRING: pubsub.connectionString,
      HANDOFF_TARGETS: [decliner, taker].join(),
    },
  );
  const database = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key }).database('voice');
  [calls, transcripts] = [database.container('calls'), database.container('transcripts')];
  await acs.subscribe(stage.keyed('/api/v1/calls/incoming'));
}, 60_000);

afterAll(async () => {
  for (const line of lines) line.close();
  await stage?.close();
  await Promise.all([acs?.close(), cosmos?.close(), pubsub?.close()]);
});

const steps = ['answered', 'first ring', 'declined', 'second ring', 'asked for a key', 'handed over', 'ended'] as const;
type StepName = (typeof steps)[number];

async function killAndStart(): Promise<void> {
  await stage.kill();
  await stage.start();
}

const status = async (callId: string): Promise<CallStatus | undefined> =>
  (await stage.show(callId)).life as CallStatus | undefined;

const reaches = (callId: string, what: (now: CallStatus) => boolean): Promise<CallStatus> =>
  eventually(async () => {
    const now = await status(callId);
    return now && what(now) ? now : undefined;
  }, 20_000);

/** Tells the orchestration, by the way every message goes in the end. */
async function raise(callId: string, message: CallMessage): Promise<void> {
  const { url, durableKey } = stage.host;
  const path = `/runtime/webhooks/durabletask/instances/${callId}/raiseEvent/${callEventName}`;
  const headers = { 'content-type': 'application/json' };
  const reply = await fetch(`${url}${path}?code=${durableKey}`, {
    method: 'POST',
    headers,
    body: JSON.stringify(message),
  });
  expect(reply.status).toBe(202);
}

/** The media host's ear: what it is told about the call, each message once. */
async function listenTo(callId: string): Promise<Map<string, ControlMessage>> {
  const url = `${pubsub.url}/client/hubs/${controlHub}`;
  const exp = Math.floor(Date.now() / 1_000) + 600;
  const token = signToken({ aud: url, exp, 'webpubsub.group': [controlGroup(callId)] }, pubsub.accessKey);
  const socket = new WebSocket(`${url.replace('http', 'ws')}?access_token=${token}`);
  const told = new Map<string, ControlMessage>();
  socket.on('message', data => {
    const message = JSON.parse(String(data)) as ControlMessage;
    if (!told.has(message.id)) told.set(message.id, message);
  });
  await new Promise((resolve, reject) => socket.once('open', resolve).once('error', reject));
  lines.push({ close: () => socket.terminate() });
  return told;
}

async function phoneOf(number: string): Promise<Phone> {
  const phone = await waitingPhone(acs, number);
  lines.push({ close: () => phone.socket.terminate() });
  return phone;
}

const finalRecord = (callId: string): Promise<CallRecord> =>
  eventually(async () => {
    const { resource } = await calls.item('call', callId).read<CallRecord>();
    return resource?.state === 'final' ? resource : undefined;
  }, 20_000);

const comesIn = (phone: Phone) => phone.events.first(({ event }) => event === 'incoming', 20_000);

/** A call whose second person takes it; the functions host dies at the given steps, while the carrier's answer is awaited. */
async function handedOver(isKilledAt: (step: StepName) => boolean) {
  const dies = async (step: StepName): Promise<void> => {
    if (isKilledAt(step)) await killAndStart();
  };
  const [first, second] = [await phoneOf(decliner), await phoneOf(taker)];
  acs.setFaults({ faultPath: ':answer', slowMs: isKilledAt('answered') ? 1_000 : 0 });
  const caller: Caller = await dial(acs.url);
  lines.push(caller);
  const { callId } = caller;
  const told = await listenTo(callId);
  await eventually(async () => ((await stage.show(callId)).running ? true : undefined), 20_000);
  await dies('answered');
  await reaches(callId, ({ phase, media }) => phase === 'connected' && media.state === 'on');

  // The carrier rings at once and says so late: a host that dies in between asks again, under the same name.
  acs.setFaults({ faultPath: 'participants', slowMs: isKilledAt('first ring') ? 600 : 0 });
  const ask = { reason: 'billing', summary: 'Charged twice' };
  await raise(callId, { id: 'asked', from: 'us', at: Date.now(), type: 'handoff-asked', ask });
  await comesIn(first);
  await dies('first ring');
  acs.setFaults({ slowMs: 0 });
  first.do('decline');
  await dies('declined');
  await comesIn(second);
  await dies('second ring');
  second.do('answer');
  await reaches(callId, ({ handoff }) => handoff?.stage === 'asking');
  await dies('asked for a key');
  await eventually(async () => {
    second.do('dtmf', { tone: '1' });
    return (await status(callId))?.handoff?.stage === 'with-person' ? true : undefined;
  }, 20_000);
  await dies('handed over');
  await reaches(callId, ({ media }) => media.state === 'off');
  await eventually(async () => ([...told.values()].some(message => message.do === 'leave') ? true : undefined), 20_000);
  expect((await stage.show(callId)).running).toBe(true);
  await transcripts.items.upsert(shortJournal(callId, { closed: true }));
  const looks = reaches(callId, ({ phase }) => phase === 'ended');
  second.do('hang-up');
  await dies('ended');
  await looks;
  const record = await finalRecord(callId);
  const { outcome, endedBy, endReason, handoffs, journal } = record;
  return {
    record: { outcome, endedBy, endReason, journal, asked: handoffs.map(each => each.asked.map(one => one.answer)) },
    outcomes: handoffs.map(each => each.outcome),
    told: [...told.values()].map(message =>
      message.do === 'seek-person' ? `${message.stage} ${message.asking}` : message.do,
    ),
    rung: [first, second].map(phone => phone.events.count(({ event }) => event === 'incoming')),
  };
}

const whole = {
  record: {
    ...{ outcome: 'handoff', endedBy: 'agent', endReason: 'person-left' },
    journal: { events: 4, closed: true },
    asked: [['declined', 'accepted']],
  },
  outcomes: ['accepted'],
  told: ['ringing 1', 'next 2', 'briefing 2', 'leave'],
  rung: [1, 1],
};

test('a caller is handed to the second person, who took the call', async () => {
  expect(await handedOver(() => false)).toEqual(whole);
}, 60_000);

test('and just so when the functions host is killed at every step', async () => {
  expect(await handedOver(() => true)).toEqual(whole);
}, 120_000);

test('a long call goes on in a fresh execution of the real host, and still ends with the caller', async () => {
  acs.setFaults({ faultPath: '', slowMs: 0 });
  const caller = await dial(acs.url);
  lines.push(caller);
  const { callId } = caller;
  await reaches(callId, ({ phase, media }) => phase === 'connected' && media.state === 'on');
  await Promise.all(
    Array.from({ length: 260 }, (_, i) =>
      raise(callId, { id: `p${i}`, from: 'acs', type: 'participants', sequence: 100 + i, count: 2, at: Date.now() }),
    ),
  );
  await reaches(callId, now => now.participants?.sequence === 359);
  const { url, durableKey } = stage.host;
  await eventually(async () => {
    const reply = await fetch(`${url}/runtime/webhooks/durabletask/instances/${callId}?code=${durableKey}`);
    const { input } = (await reply.json()) as { input: { state?: unknown } };
    return input.state ? true : undefined;
  }, 20_000);
  expect(await stage.durableActions(callId)).toBeLessThan(20);
  await transcripts.items.upsert(shortJournal(callId, { closed: true }));
  caller.hangUp();
  const record = await finalRecord(callId);
  expect(record).toMatchObject({ outcome: 'contained', endedBy: 'caller', journal: { closed: true } });
}, 60_000);
