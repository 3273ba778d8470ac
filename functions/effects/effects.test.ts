import { CosmosClient } from '@azure/cosmos';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { controlKeyHeader } from '../../contracts/media.ts';
import { type Acs, startAcs } from '../../emulators/acs/acs.ts';
import { type Cosmos, startCosmos } from '../../emulators/cosmos/cosmos.ts';
import { type Caller, dial } from '../testing/caller.ts';
import { type EffectWorld, effectWorld } from '../testing/effect-world.ts';
import { eventually, openStage, type Stage, testControlKey } from '../testing/stage.ts';

/** What the media host asks of the control plane beside its calls, on a host that is killed and started again. */
let acs: Acs;
let cosmos: Cosmos;
let world: EffectWorld;
let stage: Stage;
const callers: Caller[] = [];

beforeAll(async () => {
  [acs, cosmos, world] = await Promise.all([startAcs(), startCosmos(), effectWorld()]);
  const overflow = { OVERFLOW: 'redirect', OVERFLOW_NUMBER: '+15550188' };
  stage = await openStage({ acs, cosmos }, { AGENTS_DIR: world.agentsDir, SCENARIO: 'desk', ...overflow });
  await acs.subscribe(stage.keyed('/api/v1/calls/incoming'));
}, 60_000);

afterAll(async () => {
  for (const caller of callers) caller.close();
  await stage?.close();
  await Promise.all([acs?.close(), cosmos?.close(), world?.close()]);
});

beforeEach(() => {
  world.beforeReply = async () => undefined;
  stage.mediaHost.admit = true;
});

let calls = 0;
function newCall(): string {
  calls += 1;
  return String(calls).padStart(32, '0');
}

type Sent = { status: number; location: string | null; body: Record<string, unknown> };

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Sent> {
  const reply = await fetch(stage.url + path, {
    method,
    headers: { 'content-type': 'application/json', [controlKeyHeader]: testControlKey, ...headers },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await reply.text();
  return {
    status: reply.status,
    location: reply.headers.get('location'),
    body: text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {},
  };
}

const book = (callId: string, key: string, more: object = {}, headers?: Record<string, string>) =>
  send(
    'POST',
    `/api/v1/calls/${callId}/effects`,
    { key, tool: 'book-table', arguments: { people: 4, ...more } },
    headers,
  );

const patient = { prefer: 'wait=15' };

test('an effect is carried out once, however many ask for it at the same moment, and all are told the same', async () => {
  const callId = newCall();
  const replies = await Promise.all(Array.from({ length: 8 }, () => book(callId, 'booking-1', {}, patient)));
  const result = { people: 4, number: 1 };
  for (const reply of replies) expect(reply).toMatchObject({ status: 200, body: { status: 'done', result } });
  expect(world.asked).toHaveLength(1);
  expect(await book(callId, 'booking-1')).toMatchObject({ status: 200, body: { result } });
  expect(await send('GET', `/api/v1/calls/${callId}/effects/booking-1`)).toMatchObject({
    status: 200,
    body: { result },
  });
  expect(world.asked).toHaveLength(1);
});

test('the same key in another call, and another key in the same call, are other effects', async () => {
  const [one, other] = [newCall(), newCall()];
  const before = world.bookings.size;
  for (const [callId, key] of [
    [one, 'booking-1'],
    [other, 'booking-1'],
    [one, 'booking-2'],
  ] as const)
    expect((await book(callId, key, {}, patient)).status).toBe(200);
  expect(world.bookings.size - before).toBe(3);
});

test('an effect that takes its time is told to come back for', async () => {
  const callId = newCall();
  const slow = Promise.withResolvers<void>();
  world.beforeReply = () => slow.promise;
  const asked = await book(callId, 'booking-1', {}, { prefer: 'wait=0' });
  expect(asked).toMatchObject({ status: 202, body: { status: 'running' } });
  expect(asked.location).toBe(`/api/v1/calls/${callId}/effects/booking-1`);
  slow.resolve();
  expect(await send('GET', asked.location!, undefined, patient)).toMatchObject({
    status: 200,
    body: { status: 'done' },
  });
});

test('a key stands for what it was first used for, in whatever order the arguments are written', async () => {
  const callId = newCall();
  const asked = { key: 'booking-1', tool: 'book-table' };
  const first = await send(
    'POST',
    `/api/v1/calls/${callId}/effects`,
    { ...asked, arguments: { people: 2, bytes: 3 } },
    patient,
  );
  const again = await send('POST', `/api/v1/calls/${callId}/effects`, { ...asked, arguments: { bytes: 3, people: 2 } });
  expect([first.status, again.status]).toEqual([200, 200]);
  expect((await book(callId, 'booking-1', { people: 5 })).status).toBe(409);
});

test('a tool that fails is not run again under its key', async () => {
  const callId = newCall();
  const before = world.asked.length;
  for (let i = 0; i < 2; i += 1)
    expect(await book(callId, 'booking-1', { fail: true }, patient)).toMatchObject({
      status: 424,
      body: { detail: expect.stringContaining('TOOL_FAILED') },
    });
  expect(world.asked.length - before).toBe(1);
  expect(stage.host.log()).not.toContain('burned');
});

test('an effect with a result too large to carry has happened all the same', async () => {
  const reply = await book(newCall(), 'booking-1', { bytes: 70_000 }, patient);
  expect(reply).toMatchObject({ status: 200, body: { status: 'done', result: null } });
});

test('what cannot be asked is refused, and nothing is done', async () => {
  const callId = newCall();
  const before = world.asked.length;
  const path = `/api/v1/calls/${callId}/effects`;
  const ask = { key: 'booking-1', tool: 'book-table', arguments: { people: 4 } };
  const refused = async (status: number, body: unknown, at = path, headers = {}) =>
    expect((await send('POST', at, body, headers)).status).toBe(status);

  await refused(401, ask, path, { [controlKeyHeader]: 'x'.repeat(testControlKey.length) });
  await refused(404, { ...ask, tool: 'sell-house' });
  await refused(404, { ...ask, tool: 'look-up' });
  await refused(404, { ...ask, tool: '../tools/book-table' });
  await refused(404, ask, '/api/v1/calls/nobody/effects');
  await refused(422, { ...ask, arguments: { people: 'four' } });
  await refused(422, { ...ask, arguments: { people: 4, '../x': 1 } });
  await refused(400, { ...ask, key: "k' OR 1=1" });
  await refused(400, '{');
  await refused(413, { ...ask, arguments: { people: 4, note: 'x'.repeat(70_000) } });
  expect((await send('GET', `${path}/booking-1`)).status).toBe(404);
  expect((await send('GET', `${path}/booking-1`, undefined, { [controlKeyHeader]: 'no' })).status).toBe(401);
  expect(world.asked.length).toBe(before);
});

test('an ended effect whose history is gone is still known and not carried out again', async () => {
  const callId = newCall();
  await book(callId, 'booking-1', {}, patient);
  const [effectId] = world.asked.slice(-1);
  const before = world.asked.length;
  const { url, durableKey } = stage.host;
  const purge = `${url}/runtime/webhooks/durabletask/instances/${effectId}?code=${durableKey}`;
  expect((await fetch(purge, { method: 'DELETE' })).status).toBe(200);
  expect(await book(callId, 'booking-1')).toMatchObject({ status: 200, body: { status: 'done' } });
  expect((await book(callId, 'booking-1', { people: 9 })).status).toBe(409);
  expect(world.asked.length).toBe(before);
});

test('an orchestration begun anew for an effect that has ended runs no tool', async () => {
  const callId = newCall();
  await book(callId, 'booking-1', {}, patient);
  const [effectId] = world.asked.slice(-1);
  const before = world.asked.length;
  const { url, durableKey } = stage.host;
  const base = `${url}/runtime/webhooks/durabletask`;
  const { input } = (await (await fetch(`${base}/instances/${effectId}?code=${durableKey}`)).json()) as {
    input: unknown;
  };
  const start = `${base}/orchestrators/effect/${effectId}?code=${durableKey}&timeout=10&pollingInterval=1`;
  const again = await fetch(start, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(input),
  });
  expect(again.status).toBe(200);
  expect(await again.json()).toMatchObject({ status: 'done', result: { people: 4 } });
  expect(world.asked.length).toBe(before);
});

test('a functions host killed while the world is changed finishes that effect, and does no ended one again', async () => {
  const ended = { callId: newCall(), reply: {}, effectId: '' };
  ended.reply = await book(ended.callId, 'booking-1', {}, patient);
  ended.effectId = world.asked.at(-1) ?? '';
  const callId = newCall();
  const before = world.bookings.size;
  const begun = Promise.withResolvers<void>();
  world.beforeReply = async () => {
    begun.resolve();
    await new Promise(() => undefined);
  };
  const lost = book(callId, 'booking-1').catch(() => undefined);
  await begun.promise;
  await stage.kill();
  await lost;
  world.beforeReply = async () => undefined;
  await stage.start();
  // Nobody asks again: the effect is finished because it was begun.
  const path = `/api/v1/calls/${callId}/effects/booking-1`;
  const reply = await send('GET', path, undefined, patient);
  expect(reply).toMatchObject({ status: 200, body: { result: { people: 4, number: before + 1 } } });
  expect(await book(callId, 'booking-1')).toEqual(reply);
  expect(await book(ended.callId, 'booking-1')).toEqual(ended.reply);
  expect(world.bookings.size).toBe(before + 1);
  expect(world.asked.filter(key => key === ended.effectId)).toHaveLength(1);
}, 30_000);

const pay = (callId: string, key: string, args: object, facts?: object, headers = patient) =>
  send('POST', `/api/v1/calls/${callId}/effects`, { key, tool: 'pay-bill', arguments: args, facts }, headers);

test('a tool that needs to know who calls is carried out for nobody else', async () => {
  const bill = { bill: 'b-1', cents: 500 };
  expect((await pay(newCall(), 'payment-1', bill)).status).toBe(403);
  expect((await pay(newCall(), 'payment-1', bill, { name: 'Anna' })).status).toBe(403);
  const reply = await pay(newCall(), 'payment-1', bill, { 'customer-id': '1001' });
  expect(reply).toMatchObject({ status: 200, body: { result: { id: 'b-1', payer: '1001', paid: 500 } } });
});

test('a further try of what failed runs the tool again, and the world knows it by its first key', async () => {
  const callId = newCall();
  const before = world.asked.length;
  for (const key of ['booking-1', 'booking-1', 'booking-1~2', 'booking-1~3'])
    expect((await book(callId, key, { fail: true }, patient)).status).toBe(424);
  const keys = world.asked.slice(before);
  expect(keys).toHaveLength(3);
  expect(new Set(keys).size).toBe(1);
});

test('over 1,000 asks, at once, repeated, and of a host that is killed, each effect is there once', async () => {
  const callIds = [newCall(), newCall()];
  const bills = ['b-2', 'b-3', 'b-4'];
  const effects = Array.from({ length: 60 }, (_, at) => ({
    callId: callIds[at % 2] ?? '',
    key: `effect-${String(at).padStart(4, '0')}`,
    bill: bills[at % bills.length] ?? '',
    cents: at + 1,
    books: at % 4 > 0,
  }));
  const bookingsBefore = world.bookings.size;
  type Effect = (typeof effects)[number];
  const ask = ({ callId, key, bill, cents, books }: Effect, headers = patient) =>
    books
      ? book(callId, key, { people: cents }, headers)
      : pay(callId, key, { bill, cents }, { 'customer-id': '1001' }, headers);
  const order = fc.sample(fc.tuple(fc.constantFrom(...effects), fc.nat(9)), 1_000);
  const asks = order.values();
  let lost = 0;
  let asked = 0;
  let restarted = Promise.resolve();
  const asking = async () => {
    for (const [effect, waits] of asks) {
      asked += 1;
      if (asked === 300) restarted = stage.kill().then(() => stage.start());
      const reply = await ask(effect, waits === 0 ? patient : { prefer: 'wait=0' }).catch(() => undefined);
      if (reply && reply.status < 500) expect([200, 202]).toContain(reply.status);
      else {
        lost += 1;
        await restarted;
      }
    }
  };
  await Promise.all(Array.from({ length: 16 }, asking));
  const results = [];
  for (const effect of effects) {
    const reply = await eventually(async () => {
      const told = await ask(effect);
      return told.status === 200 ? told : undefined;
    });
    results.push({ ...effect, result: reply.body['result'] as { number: number; people: number } });
  }
  expect(lost).toBeLessThanOrEqual(32);
  const booked = results.filter(({ books }) => books);
  expect(world.bookings.size - bookingsBefore).toBe(booked.length);
  expect(new Set(booked.map(({ result }) => result.number)).size).toBe(booked.length);
  for (const { result, cents } of booked) expect(result.people).toBe(cents);
  const container = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key }).database('voice').container('business');
  for (const bill of bills) {
    const { resource } = await container.item(bill, 'bills').read<{ record: { paid: number } }>();
    const due = effects
      .filter(effect => !effect.books && effect.bill === bill)
      .reduce((sum, { cents }) => sum + cents, 0);
    expect({ bill, paid: resource?.record.paid }).toEqual({ bill, paid: due });
  }
  console.info(`effects of the control plane: ${asked} asks, ${lost} lost, ${effects.length} effects, each once`);
}, 60_000);

const beat = (more: object = {}) => ({
  ...{ hostId: 'mh-1', beat: 1, places: 4, calls: [], draining: false, loopP99Ms: 2.5 },
  ...more,
});

test('hosts are heard, listed and counted', async () => {
  expect(await send('POST', '/api/v1/hosts/heartbeat', beat())).toMatchObject({
    status: 200,
    body: { status: 'taken' },
  });
  expect(await send('POST', '/api/v1/hosts/heartbeat', beat())).toMatchObject({
    status: 200,
    body: { status: 'older' },
  });
  const { hosts } = (await (await fetch(stage.keyed('/api/v1/hosts'))).json()) as { hosts: unknown[] };
  expect(hosts).toMatchObject([{ hostId: 'mh-1', state: 'fresh', places: 4, calls: 0, room: 4 }]);
  const counts = await (await fetch(stage.keyed('/api/v1/statistics'))).json();
  expect(counts).toMatchObject({ lastDay: { 'call.live': 0 }, hosts: { 'host.fresh': 1, 'host.places': 4 } });
  const health = await (await fetch(`${stage.url}/api/v1/health`)).json();
  expect(health).toMatchObject({
    circuits: { acs: { state: 'closed', opened: 0 }, cosmos: { state: 'closed' }, 'web-pubsub': { state: 'off' } },
    statistics: { hosts: { 'host.fresh': 1 }, process: { 'process.redirected': 0 } },
    counters: { hosts: { beats: 2 }, effects: { repeated: 0 } },
  });
});

test('a beat nobody may send, or that is none, changes nothing', async () => {
  const path = '/api/v1/hosts/heartbeat';
  expect((await send('POST', path, beat({ beat: 9 }), { [controlKeyHeader]: 'no' })).status).toBe(401);
  expect((await send('POST', path, beat({ beat: -1 }))).status).toBe(400);
  expect((await send('POST', path, beat({ beat: 9, calls: ["' OR 1=1"] }))).status).toBe(400);
  expect((await send('POST', path, '{')).status).toBe(400);
  expect((await send('POST', path, beat({ hostId: 'x'.repeat(300_000) }))).status).toBe(413);
  expect((await fetch(`${stage.url}/api/v1/hosts`)).status).toBe(401);
  expect((await fetch(`${stage.url}/api/v1/statistics`)).status).toBe(401);
  const { hosts } = (await (await fetch(stage.keyed('/api/v1/hosts'))).json()) as { hosts: { hostId: string }[] };
  expect(hosts.map(({ hostId }) => hostId)).toEqual(['mh-1']);
});

test('the calls of a host that has fallen silent are told so, once', async () => {
  const caller = await dial(acs.url);
  callers.push(caller);
  await eventually(async () => ((await stage.show(caller.callId)).life?.phase === 'connected' ? true : undefined));
  const container = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key }).database('voice').container('calls');
  const lost = { ...beat({ hostId: 'mh-2', calls: [caller.callId] }), heardAt: Date.now() - 7_000 };
  await container.items.create({ ...lost, id: 'host:mh-2', pk: 'hosts', type: 'host', ttl: 60 });

  const { url, masterKey, durableKey } = stage.host;
  const look = () => fetch(`${url}/admin/functions/watch-hosts?code=${masterKey}`, { method: 'POST' });
  const losses = async () => {
    const address = `${url}/runtime/webhooks/durabletask/instances/${caller.callId}?showHistory=true&showHistoryOutput=true&code=${durableKey}`;
    const { historyEvents } = (await (await fetch(address)).json()) as { historyEvents: object[] };
    return historyEvents.filter(event => JSON.stringify(event).includes('host-lost:mh-2:1')).length;
  };
  // The list of hosts may be a second old.
  await eventually(async () => {
    expect((await look()).status).toBe(202);
    return (await losses()) > 0 ? true : undefined;
  });
  await send('POST', '/api/v1/hosts/heartbeat', beat({ beat: 2 }));
  await look();
  expect(await losses()).toBe(1);
  caller.hangUp();
});

test('a caller who finds every place taken is sent to the overflow number, unanswered', async () => {
  stage.mediaHost.admit = false;
  const caller = await dial(acs.url);
  callers.push(caller);
  expect(await caller.hears('failed')).toMatchObject({ reason: 'redirected' });
  const shown = await eventually(async () => {
    const reply = await fetch(stage.keyed(`/api/v1/calls/${caller.callId}`));
    const { record } = (await reply.json()) as { record?: { state: string; endReason?: string } };
    return record?.state === 'final' ? record : undefined;
  });
  expect(shown.endReason).toBe('redirected-busy');
  expect(acs.calls().filter(call => call.correlationId === caller.correlationId)).toEqual([]);
});
