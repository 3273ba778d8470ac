import { type Container, CosmosClient } from '@azure/cosmos';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { CallRecord } from '../contracts/call-record.ts';
import { type Acs, startAcs } from '../emulators/acs/acs.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { type Caller, dial } from './testing/caller.ts';
import { eventually, openStage, type Stage, shortJournal } from './testing/stage.ts';

let acs: Acs;
let cosmos: Cosmos;
let stage: Stage;
let calls: Container;
let transcripts: Container;
let caller: Caller | undefined;

beforeEach(async () => {
  [acs, cosmos] = await Promise.all([startAcs(), startCosmos()]);
  stage = await openStage({ acs, cosmos });
  const database = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key }).database('voice');
  [calls, transcripts] = [database.container('calls'), database.container('transcripts')];
  await acs.subscribe(stage.keyed('/api/v1/calls/incoming'));
}, 60_000);

afterEach(async () => {
  caller?.close();
  await stage?.close();
  await Promise.all([acs?.close(), cosmos?.close()]);
});

const finalRecord = (callId: string, withinMs?: number) =>
  eventually(async () => {
    const { resource } = await calls.item('call', callId).read<CallRecord>();
    return resource?.state === 'final' ? resource : undefined;
  }, withinMs);

const connected = (callId: string, withinMs?: number) =>
  eventually(async () => ((await stage.show(callId)).life?.phase === 'connected' ? true : undefined), withinMs);

const complete = {
  ...{ rev: 2, answered: true, endedBy: 'caller', outcome: 'contained', turnCount: 1 },
  journal: { events: 4, closed: true },
};

test('a host killed in mid-call and started again ends the call with a complete record', async () => {
  caller = await dial(acs.url);
  await connected(caller.callId);
  await stage.kill();
  await stage.start();
  await transcripts.items.upsert(shortJournal(caller.callId, { closed: true }));
  caller.hangUp();
  expect(await finalRecord(caller.callId)).toMatchObject(complete);
}, 60_000);

test('a hang-up that ACS repeats until the host is back is not lost', async () => {
  acs.setFaults({ callbackRetries: 50, callbackRetryMs: 100 });
  caller = await dial(acs.url);
  await connected(caller.callId);
  await stage.kill();
  await transcripts.items.upsert(shortJournal(caller.callId, { closed: true }));
  caller.hangUp();
  await caller.hears('ended');
  await stage.start();
  expect(await finalRecord(caller.callId)).toMatchObject(complete);
}, 60_000);

test('a host killed before the orchestration stands: the redelivered ring is answered', async () => {
  acs.setFaults({ gridScale: 0.4 });
  stage.mediaHost.beforeAnswer = async () => {
    stage.mediaHost.beforeAnswer = async () => undefined;
    await stage.kill();
    await stage.start();
  };
  caller = await dial(acs.url);
  await connected(caller.callId, 15_000);
  expect(acs.calls().filter(call => call.correlationId === caller?.correlationId)).toHaveLength(1);
}, 60_000);

test('a host killed while ACS still works on the answer: the call is connected all the same', async () => {
  acs.setFaults({ faultPath: ':answer', slowMs: 1_500 });
  caller = await dial(acs.url);
  const { callId } = caller;
  await eventually(async () => ((await stage.show(callId)).running ? true : undefined));
  await stage.kill();
  await stage.start();
  await connected(callId, 15_000);
  await transcripts.items.upsert(shortJournal(callId, { closed: true }));
  caller.hangUp();
  expect(await finalRecord(callId)).toMatchObject(complete);
}, 60_000);

test('a ring that comes while Cosmos is away is asked for again and answered', async () => {
  acs.setFaults({ gridScale: 0.1 });
  cosmos.setFaults({ down: true });
  caller = await dial(acs.url);
  await eventually(async () => (acs.deliveries().some(each => each.status === 503) ? true : undefined));
  cosmos.setFaults({});
  await connected(caller.callId, 15_000);
}, 60_000);

test('a call that ends while Cosmos is away is recorded when it is back', async () => {
  caller = await dial(acs.url);
  const { callId } = caller;
  await connected(callId);
  await transcripts.items.upsert(shortJournal(callId, { closed: true }));
  cosmos.setFaults({ down: true });
  caller.hangUp();
  await caller.hears('ended');
  await eventually(async () => (stage.host.log().includes('activity.failed') ? true : undefined), 20_000);
  cosmos.setFaults({});
  expect(await finalRecord(callId, 20_000)).toMatchObject(complete);
}, 60_000);
