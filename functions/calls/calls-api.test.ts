import { randomUUID } from 'node:crypto';
import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { CallRecord } from '../../contracts/call-record.ts';
import type { CallStatus } from '../../contracts/call-status.ts';
import { type Acs, startAcs } from '../../emulators/acs/acs.ts';
import { type Phone, waitingPhone } from '../../emulators/acs/test/phone.ts';
import { type Cosmos, startCosmos } from '../../emulators/cosmos/cosmos.ts';
import { type Caller, dial } from '../testing/caller.ts';
import { eventually, openStage, type Stage, shortJournal, testControlKey } from '../testing/stage.ts';

const ours = '+15550100';
const customer = '+15550142';
const words = 'Your blood test is back';

let acs: Acs;
let cosmos: Cosmos;
let stage: Stage;
const lines: { close(): void }[] = [];

beforeAll(async () => {
  [acs, cosmos] = await Promise.all([startAcs({ faults: { playMs: 40 } }), startCosmos()]);
  const env = {
    ACS_SOURCE_NUMBER: ours,
    ACS_COGNITIVE_SERVICES_ENDPOINT: 'https://speech.example.com',
    HANDOFF_TARGETS: '+15550177',
  };
  stage = await openStage({ acs, cosmos }, env);
  await acs.subscribe(stage.keyed('/api/v1/calls/incoming'));
}, 60_000);

afterAll(async () => {
  for (const line of lines) line.close();
  await stage?.close();
  await Promise.all([acs?.close(), cosmos?.close()]);
});

beforeEach(() => {
  stage.mediaHost.admit = true;
});

interface Reply {
  status: number;
  headers: Headers;
  type: string | null;
  // biome-ignore lint/suspicious/noExplicitAny: what the wire carries is what the tests look into
  body: any;
}

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

const ended = (location: string) =>
  eventually(async () => {
    const { body } = await ask('GET', location.replace('/api/v1', ''));
    return body.status === 'asked' ? undefined : body;
  });

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
    expect(await ended(location)).toMatchObject({ order: 'play', status: 'done', endedAt: expect.any(String) });

    const refused = await ask('POST', `/calls/${callId}/mute`, { who: '+15550188' });
    expect(await ended(refused.headers.get('location') ?? '')).toMatchObject({
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
    expect(await ended(all[0]!.headers.get('location') ?? '')).toMatchObject({ status: 'done' });
    expect(colleague.events.count(({ event }) => event === 'incoming')).toBe(1);

    const who = encodeURIComponent('+15550153');
    const removed = await ask('DELETE', `/calls/${callId}/participants/${who}`);
    expect(await ended(removed.headers.get('location') ?? '')).toMatchObject({ status: 'done' });
    await colleague.event('ended');
  });

  test('a recording begins after the prompt was heard, pauses, goes on and stops', async () => {
    const { callId } = await ring();
    expect((await ask('POST', `/calls/${callId}/recording/pause`)).status).toBe(422);
    const start = await ask('POST', `/calls/${callId}/recording`, { consentPrompt: 'This call is recorded.' });
    expect(await ended(start.headers.get('location') ?? '')).toMatchObject({ order: 'recording', status: 'done' });
    const { callConnectionId = '', recording } = (await statusOf(callId)) ?? {};
    expect(recording).toMatchObject({ state: 'active' });
    const names = await eventually(async () => {
      const all = acs.call(callConnectionId)?.callbacks.events.map(({ name }) => name) ?? [];
      return all.includes('PlayCompleted') ? all : undefined;
    });
    expect(names).toContain('PlayCompleted');
    expect((await ask('POST', `/calls/${callId}/recording`)).status).toBe(409);
    for (const step of ['pause', 'resume', 'stop']) {
      const { headers, status } = await ask('POST', `/calls/${callId}/recording/${step}`);
      expect([step, status]).toEqual([step, 202]);
      expect(await ended(headers.get('location') ?? '')).toMatchObject({ status: 'done' });
    }
    expect((await ask('POST', `/calls/${callId}/recording/stop`)).status).toBe(422);
  });

  test('a recording whose prompt fails does not begin', async () => {
    const { callId } = await ring();
    const nowhere = { file: `${stage.url}/nothing.wav` };
    const start = await ask('POST', `/calls/${callId}/recording`, { consentPrompt: nowhere });
    expect(await ended(start.headers.get('location') ?? '')).toMatchObject({ status: 'failed' });
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

/** Addresses outside /api/v1, and functions that have none: whatever else the host serves must be in the document. */
const notInDocument = [
  ...['answer', 'call', 'callbacks-2', 'carry-out', 'dial', 'effect', 'hang-up', 'health-short', 'home'],
  ...['incoming-4', 'incoming-5', 'incoming-6', 'look-up', 'run-effect', 'save-record', 'tell-media', 'watch-hosts'],
];

describe('OpenAPI', () => {
  test('names every route under /api/v1, resolves every reference, and describes every body and reply', async () => {
    const reply = await fetch(`${stage.url}/api/v1/openapi.json`);
    // biome-ignore lint/suspicious/noExplicitAny: a document of any shape is checked here
    const document = (await reply.json()) as any;
    expect(document.openapi).toBe('3.1.0');

    const ids: string[] = [];
    // biome-ignore lint/suspicious/noExplicitAny: as above
    for (const [path, item] of Object.entries<any>(document.paths)) {
      // biome-ignore lint/suspicious/noExplicitAny: as above
      for (const operation of Object.values<any>(item)) {
        ids.push(operation.operationId);
        expect(operation.summary).toBeTruthy();
        const named = operation.parameters.filter((p: { in: string }) => p.in === 'path');
        expect(named.map((p: { name: string }) => `{${p.name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
        if (operation.requestBody) expect(operation.requestBody.content['application/json'].schema).toBeTruthy();
        expect(Object.keys(operation.responses).length).toBeGreaterThan(0);
        for (const response of Object.values<{ description?: string }>(operation.responses))
          expect(response.description).toBeTruthy();
        for (const need of operation.security)
          for (const scheme of Object.keys(need)) expect(document.components.securitySchemes[scheme]).toBeTruthy();
      }
    }
    expect(new Set(ids).size).toBe(ids.length);
    const shown = new Set(ids.map(id => id.replace(/-(GET|POST|PUT|DELETE|OPTIONS)$/, '')));
    const hidden = stage.host.functions.filter(name => !shown.has(name));
    expect(hidden.sort()).toEqual(notInDocument);
    for (const [, ref = ''] of JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)) {
      const parts = ref.replace('#/', '').split('/');
      expect([ref, parts.reduce((at, part) => at?.[part], document) !== undefined]).toEqual([ref, true]);
    }
  });
});

describe('nonsense is turned away, nothing is changed and nothing is written down', () => {
  const bodies: Record<string, unknown> = {
    '': { target: customer },
    transfer: { to: customer },
    play: { source: { text: words } },
    recognise: { what: 'dtmf', from: customer },
    tones: { to: customer, tones: '1' },
    mute: { who: customer },
    hold: { who: customer },
    unhold: { who: customer },
    participants: { who: customer },
    'participants/remove': { who: customer },
    recording: {},
    'recording/pause': {},
    'recording/resume': {},
    'recording/stop': {},
    'media/cancel': {},
    'hang-up': {},
    person: { reason: 'asked' },
  };
  const numbers = ['15550142', '+0555', '+1555014a', '+1555 0142', 'tel:+15550142', "+15550142' OR 1=1"];
  const tricks = [
    ...["' OR '1'='1", '../../etc/passwd', '%2e%2e%2fcalls', 'x'.repeat(500), '00', 'A'.repeat(32)],
    ...['0'.repeat(31), `${'0'.repeat(32)}%00`, `${'0'.repeat(31)}g`],
  ];
  const unknown = '0'.repeat(32);

  test('each door in each way', async () => {
    const { callId } = await ring();
    const life = await statusOf(callId);
    const legs = acs.calls().length;
    const sent = acs.calls().map(({ callbacks }) => callbacks.sent);
    const history = await stage.durableActions(callId);
    const big = JSON.stringify({ text: words.repeat(45_000) });
    const to = (path: string, id = callId) => (path === '' ? '/calls' : `/calls/${id}/${path}`);

    for (const [path, body] of Object.entries(bodies)) {
      const tried = async (what: string, reply: Promise<Reply>, ...expected: number[]) => {
        const { status, type } = await reply;
        expect([path, what, status, expected.includes(status)]).toEqual([path, what, status, true]);
        if (status !== 401) expect(type).toBe('application/problem+json');
      };
      await tried('no key', ask('POST', to(path), body, { 'x-functions-key': '' }), 401);
      await tried('wrong key', ask('POST', to(path), body, { 'x-functions-key': testControlKey }), 401);
      await tried('garbage', ask('POST', to(path), `{"${words}`), 400);
      await tried('an array', ask('POST', to(path), [customer]), 400);
      await tried('unknown field', ask('POST', to(path), { ...(body as object), also: customer }), 400);
      await tried('plain text', ask('POST', to(path), body, { 'content-type': 'text/plain' }), 415);
      await tried('1 MB', ask('POST', to(path), big), 413);
      await tried('short idempotency key', ask('POST', to(path), body, { 'idempotency-key': 'short' }), 400);
      if (path !== '') await tried('unknown call', ask('POST', to(path, unknown), body), 404);
      for (const [field] of Object.entries(body as object).filter(([, value]) => value === customer)) {
        for (const number of numbers)
          await tried(number, ask('POST', to(path), { ...(body as object), [field]: number }), 400);
      }
    }
    for (const trick of tricks) {
      const id = encodeURIComponent(trick);
      expect([trick, (await ask('GET', `/calls/${id}`)).status]).toEqual([trick, 404]);
      expect([trick, (await ask('POST', `/calls/${id}/mute`, { who: customer })).status]).toEqual([trick, 404]);
      expect([trick, (await ask('GET', `/calls/${callId}/operations/${id}`)).status]).toEqual([trick, 404]);
      const removed = await ask('DELETE', `/calls/${callId}/participants/${id}`);
      expect([trick, removed.status]).toEqual([trick, 400]);
    }
    for (const query of ['limit=0', 'limit=x', 'state=odd', 'continuation=%27%3B--', 'else=1'])
      expect([query, (await ask('GET', `/calls?${query}`)).status]).toEqual([query, 400]);
    for (const path of ['handoff', 'conversation-over']) {
      const refused = await ask('POST', `/calls/${callId}/${path}`, { reason: 'x' });
      expect([path, refused.status]).toEqual([path, 401]);
    }

    expect(await statusOf(callId)).toEqual(life);
    expect(acs.calls()).toHaveLength(legs);
    expect(acs.calls().map(({ callbacks }) => callbacks.sent)).toEqual(sent);
    expect(await stage.durableActions(callId)).toBe(history);
  });

  test('too many orders of one call wait, and the next is told to come later', async () => {
    const { callId } = await ring();
    const wait = { what: 'dtmf', from: '+15550199', silenceSeconds: 300 };
    const refused = await eventually(async () => {
      const reply = await ask('POST', `/calls/${callId}/recognise`, wait);
      return reply.status === 202 ? undefined : reply;
    });
    expect(refused).toMatchObject({ status: 429, type: 'application/problem+json' });
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await ask('POST', `/calls/${callId}/hang-up`)).status).toBe(202);
  });

  test('a carrier that wants a pause is given it, and people are told for how long', async () => {
    const { callId } = await ring();
    const { callConnectionId = '' } = (await statusOf(callId)) ?? {};
    acs.setFaults({ throttleNext: 1, throttleRetryAfterS: 60, faultPath: callConnectionId });
    expect((await ask('POST', `/calls/${callId}/mute`, { who: '+15550199' })).status).toBe(202);
    const refused = await eventually(async () => {
      const reply = await ask('POST', '/calls', { target: customer });
      return reply.status === 202 ? undefined : reply;
    });
    expect(refused.status).toBe(429);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(30);
    expect((await ask('POST', `/calls/${callId}/hang-up`)).status).toBe(202);
  });

  test('no number and no word is in the log', () => {
    const log = stage.host.log();
    for (const secret of ['15550142', '15550151', '15550153', words, 'blood', testControlKey, stage.host.key])
      expect(log).not.toContain(secret);
  });
});
