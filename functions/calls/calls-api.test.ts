import { randomUUID } from 'node:crypto';
import { CosmosClient } from '@azure/cosmos';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient } from '@azure/web-pubsub-client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CallRecord } from '../../contracts/call-record.ts';
import type { CallStatus } from '../../contracts/call-status.ts';
import { type ControlMessage, controlGroup, controlHub, controlMessage } from '../../contracts/control.ts';
import { type Acs, startAcs } from '../../emulators/acs/acs.ts';
import { type Phone, waitingPhone } from '../../emulators/acs/test/phone.ts';
import { type Cosmos, startCosmos } from '../../emulators/cosmos/cosmos.ts';
import { startWebPubSub, type WebPubSub } from '../../emulators/web-pubsub/web-pubsub.ts';
import { type Caller, dial } from '../testing/caller.ts';
import { eventually, openStage, type Stage, shortJournal, testControlKey } from '../testing/stage.ts';
import { agentSuite, presser, spoken } from './testing/agent-suite.ts';
import type { ApiUnderTest, Reply } from './testing/api-under-test.ts';
import { openApiSuite } from './testing/openapi-suite.ts';
import { refusalsSuite } from './testing/refusals-suite.ts';

const ours = '+15550100';
const customer = '+15550142';
const words = 'Your blood test is back';

let acs: Acs;
let cosmos: Cosmos;
let pubsub: WebPubSub;
let stage: Stage;
const lines: { close(): void }[] = [];

beforeAll(async () => {
  [acs, cosmos, pubsub] = await Promise.all([startAcs({ faults: { playMs: 40 } }), startCosmos(), startWebPubSub()]);
  const env = {
    ACS_SOURCE_NUMBER: ours,
    ACS_COGNITIVE_SERVICES_ENDPOINT: 'https://speech.example.com',
    HANDOFF_TARGETS: '+15550177',
    WEB_PUBSUB_CONNECTION_STRING: pubsub.connectionString,
  };
  stage = await openStage({ acs, cosmos }, env);
  await acs.subscribe(stage.keyed('/api/v1/calls/incoming'));
}, 60_000);

afterAll(async () => {
  for (const line of lines) line.close();
  await stage?.close();
  await Promise.all([acs?.close(), cosmos?.close(), pubsub?.close()]);
});

beforeEach(() => {
  stage.mediaHost.admit = true;
});

async function ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Reply> {
  const reply = await fetch(`${stage.url}/api/v1${path}`, {
    method,
    headers: { 'x-functions-key': stage.host.key, 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await reply.text();
  const type = reply.headers.get('content-type');
  return { status: reply.status, headers: reply.headers, type, body: text === '' ? undefined : JSON.parse(text) };
}

async function ring(): Promise<Caller> {
  const caller = await dial(acs.url);
  lines.push(caller);
  await inPhase(caller.callId, 'connected');
  return caller;
}

const statusOf = async (callId: string) => (await stage.show(callId)).life as CallStatus | null | undefined;
const inPhase = (callId: string, phase: CallStatus['phase']) =>
  eventually(async () => ((await statusOf(callId))?.phase === phase ? true : undefined));

async function phone(number: string): Promise<Phone> {
  const waiting = await waitingPhone(acs, number);
  lines.push({ close: () => waiting.socket.terminate() });
  return waiting;
}

const endedAt = (location: string) =>
  eventually(async () => {
    const { body } = await ask('GET', location.replace('/api/v1', ''));
    return body.status === 'asked' ? undefined : body;
  });
const ended = (asked: Reply) => endedAt(asked.headers.get('location') ?? '');

/** As a media host that has joined the call's group hears it. */
async function listen(callId: string): Promise<ControlMessage[]> {
  const service = new WebPubSubServiceClient(pubsub.connectionString, controlHub, { allowInsecureConnection: true });
  const groups = [controlGroup(callId)];
  const client = new WebPubSubClient({
    getClientAccessUrl: async () => (await service.getClientAccessToken({ groups })).url,
  });
  const told: ControlMessage[] = [];
  client.on('group-message', ({ message }) => told.push(controlMessage.parse(message.data)));
  lines.push({ close: () => client.stop() });
  await client.start();
  return told;
}

const api: ApiUnderTest = {
  get stage() {
    return stage;
  },
  get carrier() {
    return acs;
  },
  controlFaults: faults => void pubsub.setFaults(faults),
  ...{ ask, ring, phone, listen, ended },
  statusOf: callId => statusOf(callId),
  inPhase: (callId, phase) => inPhase(callId, phase),
};

const legsTo = (rawId: string) => acs.calls().filter(({ people }) => people.some(person => person.rawId === rawId));

describe('a call we place', () => {
  test('rings the target with our number, is heard by a media host, and is on record without numbers', async () => {
    const target = await phone('+15550151');
    const asked = await ask('POST', '/calls', { target: '+15550151', mode: 'voice_live', context: { order: 'A-12' } });
    expect(asked).toMatchObject({
      status: 202,
      body: { callId: expect.stringMatching(/^[0-9a-f]{32}$/), status: 'asked' },
    });
    const { callId } = asked.body;
    expect(asked.headers.get('location')).toBe(`/api/v1/calls/${callId}`);
    expect(await target.event('incoming')).toMatchObject({ from: ours });
    target.do('answer');
    await inPhase(callId, 'connected');
    const admitted = stage.mediaHost.asked.map(({ request }) => request).filter(request => request.callId === callId);
    expect(admitted).toMatchObject([{ mode: 'voice_live', direction: 'out', facts: { order: 'A-12' } }]);
    expect(acs.calls().find(call => call.people.some(({ rawId }) => rawId === '4:+15550151'))?.media).toMatchObject({
      sampleRate: 24_000,
    });

    const { database } = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key })
      .database('voice')
      .container('calls');
    await database.container('transcripts').items.upsert(shortJournal(callId, { closed: true }));
    target.do('hang-up');
    const record = await eventually(async () => {
      const found = (await database.container('calls').item('call', callId).read<CallRecord>()).resource;
      return found?.state === 'final' ? found : undefined;
    });
    expect(record).toMatchObject({ direction: 'out', mode: 'voice_live', answered: true, calleeId: `4:${ours}` });
    expect(JSON.stringify(record)).not.toContain('15550151');
    const memory = await database.container('calls').item('memory', callId).read();
    expect(memory.resource).toMatchObject({ facts: { order: 'A-12' } });
  });

  test('is placed once under one Idempotency-Key, and another request under it is refused', async () => {
    const target = await phone('+15550152');
    const once = { 'idempotency-key': randomUUID() };
    const body = { target: '+15550152' };
    const all = await Promise.all([ask('POST', '/calls', body, once), ask('POST', '/calls', body, once)]);
    await target.event('incoming');
    all.push(await ask('POST', '/calls', body, once));
    expect(all.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(all.map(reply => reply.body.callId)).size).toBe(1);
    expect((await ask('POST', '/calls', { target: customer }, once)).status).toBe(422);
    target.do('answer');
    await inPhase(all[0]!.body.callId, 'connected');
    expect(legsTo('4:+15550152')).toHaveLength(1);
    expect(target.events.count(({ event }) => event === 'incoming')).toBe(1);
  });

  test('is refused while every place is taken, and may be asked again under the same key', async () => {
    const once = { 'idempotency-key': randomUUID() };
    stage.mediaHost.admit = false;
    const full = await ask('POST', '/calls', { target: customer }, once);
    expect(full.status).toBe(429);
    expect(Number(full.headers.get('retry-after'))).toBeGreaterThan(0);
    stage.mediaHost.admit = true;
    expect((await ask('POST', '/calls', { target: customer }, once)).status).toBe(202);
  });

  test('that the carrier refuses has ended, and says why', async () => {
    acs.setFaults({ failNext: 1, failStatus: 403, faultPath: '/calling/callConnections' });
    const { callId } = (await ask('POST', '/calls', { target: customer })).body;
    await inPhase(callId, 'ended');
    expect(await statusOf(callId)).toMatchObject({ endedBy: 'system', endReason: 'answer-failed 403/9002' });
    expect(acs.faults.failNext).toBe(0);
  });

  test('to a user needs no number', async () => {
    const target = '8:acs:0000_user';
    const { status, body } = await ask('POST', '/calls', { target });
    expect(status).toBe(202);
    await inPhase(body.callId, 'connected');
    expect(legsTo(target)).toHaveLength(1);
  });
});

describe('what is asked of a call', () => {
  test('is carried out, and how it went is told at the Location', async () => {
    const { callId } = await ring();
    const asked = await ask('POST', `/calls/${callId}/play`, { source: { text: words } });
    expect(asked).toMatchObject({ status: 202, body: { callId, status: 'asked', operationId: expect.any(String) } });
    const location = asked.headers.get('location') ?? '';
    expect(location).toBe(`/api/v1/calls/${callId}/operations/${asked.body.operationId}`);
    expect(await endedAt(location)).toMatchObject({ order: 'play', status: 'done', endedAt: expect.any(String) });

    const refused = await ask('POST', `/calls/${callId}/mute`, { who: '+15550188' });
    expect(await ended(refused)).toMatchObject({
      ...{ order: 'mute', status: 'failed', code: 'refused 404/8522' },
    });
    const shown = JSON.stringify((await stage.show(callId)).life);
    expect(shown).not.toContain('15550188');
    expect(shown).not.toContain(words);
  });

  test('under one Idempotency-Key is one operation; the same key for something else is refused', async () => {
    const { callId } = await ring();
    const once = { 'idempotency-key': 'the-same-key' };
    const colleague = await phone('+15550153');
    const add = () => ask('POST', `/calls/${callId}/participants`, { who: '+15550153' }, once);
    const all = [...(await Promise.all([add(), add()])), await add()];
    expect(all.map(({ status }) => status)).toEqual([202, 202, 202]);
    expect(new Set(all.map(reply => reply.body.operationId)).size).toBe(1);
    expect((await ask('POST', `/calls/${callId}/participants`, { who: customer }, once)).status).toBe(422);
    expect((await ask('POST', `/calls/${callId}/mute`, { who: customer }, once)).status).toBe(422);
    await colleague.event('incoming');
    colleague.do('answer');
    expect(await ended(all[0]!)).toMatchObject({ status: 'done' });
    expect(colleague.events.count(({ event }) => event === 'incoming')).toBe(1);

    const who = encodeURIComponent('+15550153');
    const removed = await ask('DELETE', `/calls/${callId}/participants/${who}`);
    expect(await ended(removed)).toMatchObject({ status: 'done' });
    await colleague.event('ended');
  });

  test('a recording begins after the prompt was heard, pauses, goes on and stops', async () => {
    const { callId } = await ring();
    expect((await ask('POST', `/calls/${callId}/recording/pause`)).status).toBe(422);
    const start = await ask('POST', `/calls/${callId}/recording`, { consentPrompt: 'This call is recorded.' });
    expect(await ended(start)).toMatchObject({ order: 'recording', status: 'done' });
    const { callConnectionId = '', recording } = (await statusOf(callId)) ?? {};
    expect(recording).toMatchObject({ state: 'active' });
    const names = await eventually(async () => {
      const all = acs.call(callConnectionId)?.callbacks.events.map(({ name }) => name) ?? [];
      return all.includes('PlayCompleted') ? all : undefined;
    });
    expect(names).toContain('PlayCompleted');
    expect((await ask('POST', `/calls/${callId}/recording`)).status).toBe(409);
    for (const step of ['pause', 'resume', 'stop']) {
      const asked = await ask('POST', `/calls/${callId}/recording/${step}`);
      expect([step, asked.status]).toEqual([step, 202]);
      expect(await ended(asked)).toMatchObject({ status: 'done' });
    }
    expect((await ask('POST', `/calls/${callId}/recording/stop`)).status).toBe(422);
  });

  test('a recording whose prompt fails does not begin', async () => {
    const { callId } = await ring();
    const nowhere = { file: `${stage.url}/nothing.wav` };
    const start = await ask('POST', `/calls/${callId}/recording`, { consentPrompt: nowhere });
    expect(await ended(start)).toMatchObject({ status: 'failed' });
    expect((await statusOf(callId))?.recording).toBeUndefined();
  });

  test('is refused when the call is not connected, and when it has ended', async () => {
    acs.setFaults({ outcomes: { '+15550154': 'no-answer' } });
    const { callId } = (await ask('POST', '/calls', { target: '+15550154' })).body;
    const early = await ask('POST', `/calls/${callId}/mute`, { who: customer });
    expect(early).toMatchObject({ status: 409, type: 'application/problem+json' });
    expect((await ask('POST', `/calls/${callId}/hang-up`)).status).toBe(202);
    await inPhase(callId, 'ended');
    const late = await eventually(async () => {
      const reply = await ask('POST', `/calls/${callId}/hang-up`);
      return reply.status === 409 ? reply : undefined;
    });
    expect(late.body).toMatchObject({ status: 409, detail: 'The call has ended.' });
  });

  test('what cannot be done is told before anything is asked', async () => {
    const { callId } = await ring();
    const cannot: [string, unknown][] = [
      ['tones', { to: '8:acs:0000_user', tones: '12' }],
      ['recognise', { what: 'choices', from: customer }],
    ];
    for (const [path, body] of cannot)
      expect([path, (await ask('POST', `/calls/${callId}/${path}`, body)).status]).toEqual([path, 422]);
  });
});

describe('a person for the caller', () => {
  test('is sought once when the media host or an operator asks, until somebody asks to stop', async () => {
    acs.setFaults({ outcomes: { '+15550177': 'no-answer' } });
    const { callId } = await ring();
    const asHost = { 'x-functions-key': '', 'x-switchboard-key': testControlKey };
    const reason = { reason: 'asked', summary: words };
    expect((await ask('POST', `/calls/${callId}/handoff`, reason, asHost)).status).toBe(202);
    await eventually(async () => (await statusOf(callId))?.handoff);
    expect((await ask('POST', `/calls/${callId}/handoff`, reason, asHost)).status).toBe(409);
    expect((await ask('POST', `/calls/${callId}/person`, reason)).status).toBe(409);
    expect((await ask('DELETE', `/calls/${callId}/person`)).status).toBe(202);
    await eventually(async () => ((await statusOf(callId))?.handoff ? undefined : true));
    expect((await ask('DELETE', `/calls/${callId}/handoff`, undefined, asHost)).status).toBe(202);
    expect((await statusOf(callId))?.phase).toBe('connected');
  });
});

describe('the list of calls', () => {
  test('goes page by page through all calls, the newest first, and names nobody', async () => {
    await ring();
    const seen: string[] = [];
    let continuation: string | undefined;
    do {
      const query = new URLSearchParams({ limit: '2', ...(continuation && { continuation }) });
      const { status, body } = await ask('GET', `/calls?${query}`);
      expect(status).toBe(200);
      expect(JSON.stringify(body)).not.toMatch(/\+?1555\d{4}/);
      seen.push(...body.calls.map(({ callId }: { callId: string }) => callId));
      continuation = body.continuation;
    } while (continuation !== undefined);
    const all = (await ask('GET', '/calls?limit=100')).body.calls;
    expect(seen).toEqual(all.map(({ callId }: { callId: string }) => callId));
    expect(new Set(seen).size).toBe(seen.length);
    const live = (await ask('GET', '/calls?state=live&limit=100')).body.calls;
    expect(live.every(({ state }: { state: string }) => state === 'live')).toBe(true);
    expect(live.length).toBeGreaterThan(0);
  });
});

describe('the agent’s part in a call', () => agentSuite(api));
openApiSuite(api);
refusalsSuite(api, ['15550151', '15550153', presser, spoken]);
