import { randomUUID } from 'node:crypto';
import { type Container, CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { callIdOf } from '../contracts/call-id.ts';
import { ringing } from '../contracts/call-life.ts';
import { type CallRecord, callRecord } from '../contracts/call-record.ts';
import { type Acs, startAcs } from '../emulators/acs/acs.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { type Caller, dial } from './testing/caller.ts';
import { eventually, openStage, type Stage, shortJournal, testControlKey } from './testing/stage.ts';

let acs: Acs;
let cosmos: Cosmos;
let stage: Stage;
let calls: Container;
let transcripts: Container;
const callers: Caller[] = [];

beforeAll(async () => {
  [acs, cosmos] = await Promise.all([startAcs(), startCosmos()]);
  stage = await openStage({ acs, cosmos }, { BLOCKED_CALLERS: '+15550666', ANSWERED_NUMBERS: '+15550100' });
  const database = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key }).database('voice');
  [calls, transcripts] = [database.container('calls'), database.container('transcripts')];
  await acs.subscribe(stage.keyed('/api/v1/calls/incoming'));
}, 60_000);

afterAll(async () => {
  for (const caller of callers) caller.close();
  await stage?.close();
  await Promise.all([acs?.close(), cosmos?.close()]);
});

beforeEach(() => {
  stage.mediaHost.admit = true;
  stage.mediaHost.beforeAnswer = async () => undefined;
});

async function ring(from?: string, to?: string): Promise<Caller> {
  const caller = await dial(acs.url, from, to);
  callers.push(caller);
  return caller;
}

const json = { 'content-type': 'application/json' };

const record = async (callId: string) => (await calls.item('call', callId).read<CallRecord>()).resource;

const finalRecord = (callId: string, withinMs?: number) =>
  eventually(async () => {
    const found = await record(callId);
    return found?.state === 'final' ? found : undefined;
  }, withinMs);

const connected = (callId: string) =>
  eventually(async () => ((await stage.show(callId)).life?.phase === 'connected' ? true : undefined));

const answers = (correlationId: string) => acs.calls().filter(call => call.correlationId === correlationId);
const delivery = (index: number) => eventually(async () => acs.deliveries()[index]);
const admissions = (callId: string) => stage.mediaHost.asked.filter(({ request }) => request.callId === callId);

test('a ring is answered, connected and recorded', async () => {
  const caller = await ring();
  await caller.hears('answered');
  await connected(caller.callId);
  const live = await eventually(async () => {
    const found = await record(caller.callId);
    return found?.connectedAt ? found : undefined;
  });
  expect(live).toMatchObject({ state: 'live', rev: 1, answered: true, callConnectionId: expect.any(String) });

  await transcripts.items.upsert(shortJournal(caller.callId, { closed: true }));
  const hungUpAt = Date.now();
  caller.hangUp();
  const done = await finalRecord(caller.callId);

  expect(Date.now() - hungUpAt).toBeLessThan(5_000);
  expect(done).toMatchObject({
    ...{ rev: 2, answered: true, outcome: 'contained', endedBy: 'caller', turnCount: 1, entryAgent: 'reception' },
    ...{ talkSec: { caller: 2, agent: 2 }, calleeId: '4:+15550100', journal: { events: 4, closed: true } },
    ttl: 400 * 86_400,
  });
  expect(JSON.stringify(done)).not.toContain('15550199');
  expect(await stage.durableActions(caller.callId)).toBeLessThanOrEqual(25);
});

test('ACS is told to bring sound both ways, to the address the media host gave', async () => {
  const caller = await ring();
  await caller.hears('answered');
  expect(admissions(caller.callId)).toMatchObject([
    { key: testControlKey, request: { mode: 'media', scenario: 'support', agent: 'reception', direction: 'in' } },
  ]);
  const media = await eventually(async () => answers(caller.correlationId)[0]?.media ?? undefined);
  expect(media).toMatchObject({ sampleRate: 16_000 });
  await eventually(async () => (stage.mediaHost.sockets.size > 0 ? true : undefined));
});

test('who rings from an app and not from a telephone is answered too', async () => {
  const caller = await ring('8:acs:00000000-0000-4000-8000-000000000001_caller');
  await caller.hears('answered');
  await connected(caller.callId);
  expect(await record(caller.callId)).toMatchObject({ state: 'live', answered: true });
});

test('a ring delivered three times, twice at the same instant, is answered once', async () => {
  const correlationId = randomUUID();
  const callId = callIdOf(correlationId);
  const call = { from: '+15550199', to: '+15550100', correlationId };
  acs.incoming({ calls: [call], copies: 2, atOnce: true });
  await connected(callId);
  acs.redeliver(correlationId, 1);
  const delivered = await eventually(async () => {
    const all = acs.deliveries().slice(-3);
    return all.length === 3 && new Set(all.flatMap(each => each.ids)).size === 1 ? all : undefined;
  });

  expect(delivered.map(each => each.status)).toEqual([200, 200, 200]);
  expect(answers(correlationId)).toHaveLength(1);
  expect(admissions(callId)).toHaveLength(1);
  await transcripts.items.upsert(shortJournal(callId, { closed: true }));
  acs.drop(answers(correlationId)[0]!.callConnectionId, 'caller');
  await finalRecord(callId);
  const { resources } = await calls.items.query('SELECT c.id FROM c', { partitionKey: callId }).fetchAll();
  expect(resources).toHaveLength(1);
});

test('three rings in one delivery are three answers', async () => {
  const call = { from: '+15550199', to: '+15550100' };
  const ids = acs.incoming({ calls: [call, call, call], asBatch: true });
  await Promise.all(ids.map(id => connected(callIdOf(id))));
  expect(ids.map(id => answers(id).length)).toEqual([1, 1, 1]);
});

test('a caller the policy names is turned away: no admission, no orchestration, a final record', async () => {
  const caller = await ring('+15550666');
  expect(await caller.hears('failed')).toMatchObject({ reason: 'rejected' });
  expect(await finalRecord(caller.callId)).toMatchObject({ answered: false, endReason: 'rejected-by-policy' });
  expect(admissions(caller.callId)).toEqual([]);
  expect(await stage.show(caller.callId)).toMatchObject({ status: 200, running: false, life: null });
});

test('a caller is told "busy" when the media host has no place', async () => {
  stage.mediaHost.admit = false;
  const caller = await ring();
  expect(await caller.hears('failed')).toMatchObject({ reason: 'busy' });
  expect(await finalRecord(caller.callId)).toMatchObject({ answered: false, endReason: 'busy' });
  expect(await stage.show(caller.callId)).toMatchObject({ running: false, life: null });
});

test('a caller is told "busy" when the media host does not answer', async () => {
  stage.mediaHost.admit = undefined;
  const caller = await ring();
  expect(await caller.hears('failed')).toMatchObject({ reason: 'busy' });
  expect(await finalRecord(caller.callId)).toMatchObject({ answered: false, endReason: 'media-host-unreachable' });
});

test('a ring for a number this deployment does not answer is let be', async () => {
  const before = acs.deliveries().length;
  const [correlationId] = acs.incoming({ calls: [{ from: '+15550199', to: '+15550777' }] });
  expect((await delivery(before)).status).toBe(200);
  expect(await record(callIdOf(correlationId!))).toBeUndefined();
});

test('an answer ACS could not take at first is made by the orchestration', async () => {
  acs.setFaults({ failNext: 4, failStatus: 503, faultPath: ':answer' });
  const caller = await ring();
  await caller.hears('answered');
  await connected(caller.callId);
  expect(answers(caller.correlationId)).toHaveLength(1);
  acs.setFaults({ failNext: 0, faultPath: '' });
}, 20_000);

test('an answer whose reply was lost is not made twice', async () => {
  acs.setFaults({ loseReplyNext: 1, failStatus: 503, faultPath: ':answer' });
  const caller = await ring();
  await connected(caller.callId);
  expect(answers(caller.correlationId)).toHaveLength(1);
  acs.setFaults({ loseReplyNext: 0, faultPath: '' });
});

test('an answer ACS takes and then fails ends in a record', async () => {
  acs.setFaults({ answerFailsNext: 1 });
  const caller = await ring();
  const done = await finalRecord(caller.callId);
  expect(done.endReason).toMatch(/^answer-failed /);
  expect(done.endedBy).toBe('system');
});

test('a caller nobody can hear is not kept on the line', async () => {
  acs.setFaults({ mediaDialFailNext: 1 });
  const caller = await ring();
  await caller.hears('ended');
  const done = await finalRecord(caller.callId, 10_000);
  expect(done.endReason).toMatch(/^media-failed /);
}, 20_000);

test('a hang-up by the API ends the call once and is recorded as ours', async () => {
  const caller = await ring();
  await connected(caller.callId);
  await transcripts.items.upsert(shortJournal(caller.callId, { closed: true }));
  const url = stage.keyed(`/api/v1/calls/${caller.callId}/hang-up`);
  expect((await fetch(url, { method: 'POST', headers: json, body: '{"reason":"said-goodbye"}' })).status).toBe(202);
  await caller.hears('ended');
  expect(await finalRecord(caller.callId)).toMatchObject({ endedBy: 'agent', endReason: 'said-goodbye' });
  const again = await eventually(async () => {
    const reply = await fetch(url, { method: 'POST' });
    return reply.status === 409 ? reply : undefined;
  });
  expect(again.headers.get('content-type')).toBe('application/problem+json');
});

test('a call whose journal is never closed still has its final record within 5 s', async () => {
  const caller = await ring();
  await connected(caller.callId);
  await transcripts.items.upsert(shortJournal(caller.callId, { closed: false }));
  const hungUpAt = Date.now();
  caller.hangUp();
  const done = await finalRecord(caller.callId);
  expect(Date.now() - hungUpAt).toBeLessThan(5_000);
  expect(done).toMatchObject({ turnCount: 1, journal: { events: 3, closed: false } });
});

test('events that come twice and out of order change nothing', async () => {
  acs.setFaults({ callbackDuplicates: 2, callbackReorder: true, connectOrder: 'participants-first' });
  const caller = await ring();
  await connected(caller.callId);
  await transcripts.items.upsert(shortJournal(caller.callId, { closed: true }));
  caller.hangUp();
  expect(await finalRecord(caller.callId)).toMatchObject({ endedBy: 'caller', rev: 2 });
  acs.setFaults({ callbackDuplicates: 0, callbackReorder: false, connectOrder: 'random' });
});

test('a ring whose first taker died at the gate is taken over once the gate is old enough', async () => {
  const take = async (ageMs: number) => {
    const correlationId = randomUUID();
    const callId = callIdOf(correlationId);
    const opening = {
      ...{ callId, direction: 'in' as const, startedAt: Date.now() - ageMs, callerHash: 'x', calleeId: '4:+15550100' },
      ...{ entryAgent: 'reception', mode: 'media', ttlSeconds: 86_400 },
    };
    await calls.items.create(callRecord(opening, ringing, [], 0));
    const before = acs.deliveries().length;
    acs.incoming({ calls: [{ from: '+15550199', to: '+15550100', correlationId }] });
    expect((await delivery(before)).status).toBe(200);
    return { correlationId, callId };
  };
  const old = await take(4_000);
  await connected(old.callId);
  expect(answers(old.correlationId)).toHaveLength(1);
  const fresh = await take(500);
  expect(answers(fresh.correlationId)).toHaveLength(0);
});

test('logs hold no numbers, no contexts and no secrets', async () => {
  const caller = await ring();
  await connected(caller.callId);
  const log = stage.host.log();
  expect(log).toContain(caller.callId);
  for (const secret of ['15550199', '15550666', 'eyJ', testControlKey, stage.host.key])
    expect(log).not.toContain(secret);
});
