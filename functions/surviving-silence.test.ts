import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { CallStatus } from '../contracts/call-status.ts';
import { controlKeyHeader } from '../contracts/media.ts';
import { type Acs, startAcs } from '../emulators/acs/acs.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { type CallMessage, callEventName } from './call-message.ts';
import { type Caller, dial } from './testing/caller.ts';
import { eventually, openStage, type Stage, testControlKey } from './testing/stage.ts';

let acs: Acs;
let cosmos: Cosmos;
let stage: Stage;
let caller: Caller | undefined;
let number = 15_550_300;

beforeAll(async () => {
  [acs, cosmos] = await Promise.all([startAcs(), startCosmos()]);
  stage = await openStage({ acs, cosmos });
  await acs.subscribe(stage.keyed('/api/v1/calls/incoming'));
}, 60_000);

afterAll(async () => {
  caller?.close();
  await stage?.close();
  await Promise.all([acs?.close(), cosmos?.close()]);
});

const status = async (callId: string) => (await stage.show(callId)).life as CallStatus | null | undefined;

async function talking(): Promise<Caller> {
  caller?.close();
  caller = await dial(acs.url, `+${number++}`);
  const { callId } = caller;
  await eventually(async () => ((await status(callId))?.media.state === 'on' ? true : undefined));
  return caller;
}

const durable = (callId: string, what: string) =>
  `${stage.host.url}/runtime/webhooks/durabletask/instances/${callId}/${what}?code=${stage.host.durableKey}`;

async function post(url: string, body?: unknown, headers: Record<string, string> = {}): Promise<void> {
  const reply = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(reply.ok, await reply.text()).toBe(true);
}

/** A beat of a host that lives: whoever hears it looks who does not. */
const beat = (hostId: string, calls: string[], number: number) =>
  post(
    `${stage.url}/api/v1/hosts/heartbeat`,
    { hostId, beat: number, places: 9, calls, draining: false, loopP99Ms: 1 },
    { [controlKeyHeader]: testControlKey },
  );

test('the sound of a host that neither beats nor answers is stopped, and started towards whoever lives', async () => {
  const { callId } = await talking();
  const [frozen] = stage.mediaHost.sockets;
  const ended = new Promise(resolve => frozen?.once('close', resolve));
  const documents = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key }).database('voice').container('calls');
  await documents.items.upsert({
    ...{ id: 'host:mh-frozen', pk: 'hosts', type: 'host', ttl: 60, hostId: 'mh-frozen', beat: 7, places: 9 },
    ...{ calls: [callId], draining: false, loopP99Ms: 1, heardAt: Date.now() - 7_000, told: false },
  });
  await beat('mh-other', [], 1);
  await ended;
  await eventually(async () => (stage.mediaHost.sockets.size === 1 ? true : undefined));
  const after = await eventually(async () => {
    const now = await status(callId);
    return now?.media.state === 'on' ? now : undefined;
  });
  expect(after.phase).toBe('connected');
  expect([...stage.mediaHost.sockets]).not.toContain(frozen);
}, 30_000);

test('of 635 messages in one episode none is lost when the call goes on afresh in its midst', async () => {
  const { callId } = await talking();
  const at = Date.now();
  const raise = (message: CallMessage) => post(durable(callId, `raiseEvent/${callEventName}`), message);
  const orders = Array.from({ length: 15 }, (_, i) => `order-${i}`);
  await post(durable(callId, 'suspend'));
  for (let i = 0; i < 620; i += 1)
    await raise({ id: `p${i}`, from: 'acs', type: 'participants', sequence: i + 10, count: 2, at });
  for (const id of orders) await raise({ id, from: 'us', type: 'ordered', order: { do: 'cancel-media' }, at });
  await post(durable(callId, 'resume'));
  const done = await eventually(async () => {
    const now = await status(callId);
    return now?.operations.length === orders.length && now.operations.every(({ state }) => state === 'done')
      ? now
      : undefined;
  }, 20_000);
  expect(done.operations.map(({ id }) => id)).toEqual(orders);
  expect(done.participants?.sequence).toBe(629);
}, 30_000);
