import path from 'node:path';
import { CosmosClient } from '@azure/cosmos';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { controlKeyHeader } from '../contracts/media.ts';
import { type Acs, startAcs } from '../emulators/acs/acs.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { type Email, startEmail } from '../emulators/email/email.ts';
import { type Caller, dial } from './testing/caller.ts';
import { eventually, openStage, type Stage, shortJournal, testControlKey } from './testing/stage.ts';

/** What happens after a call that was promised in it: e-mails, and calls back. */
let acs: Acs;
let cosmos: Cosmos;
let email: Email;
let stage: Stage;
let database: CosmosClient;
const callers: Caller[] = [];
const operators = 'operators@switchboard.example';

beforeAll(async () => {
  [acs, cosmos, email] = await Promise.all([startAcs(), startCosmos(), startEmail({ retryAfterSeconds: 0 })]);
  stage = await openStage(
    { acs, cosmos },
    {
      AGENTS_DIR: path.join(import.meta.dirname, '../agents'),
      EMAIL_CONNECTION_STRING: email.connectionString,
      EMAIL_SENDER: email.sender,
      SUMMARY_EMAIL_TO: operators,
    },
  );
  const events = stage.keyed('/api/v1/calls/incoming');
  await Promise.all([acs.subscribe(events), email.subscribe(events)]);
  database = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key });
}, 60_000);

afterAll(async () => {
  for (const caller of callers) caller.close();
  database?.dispose();
  await stage?.close();
  await Promise.all([acs?.close(), cosmos?.close(), email?.close()]);
});

async function ring(from: string): Promise<Caller> {
  const caller = await dial(acs.url, from);
  callers.push(caller);
  await caller.hears('answered');
  return caller;
}

async function end(caller: Caller): Promise<void> {
  const { callId } = caller;
  await database
    .database('voice')
    .container('transcripts')
    .items.upsert(shortJournal(callId, { closed: true }));
  caller.hangUp();
}

let effects = 0;
async function effect(callId: string, tool: string, args: object, key?: string): Promise<Record<string, unknown>> {
  effects += 1;
  const reply = await fetch(`${stage.url}/api/v1/calls/${callId}/effects`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', [controlKeyHeader]: testControlKey, prefer: 'wait=15' },
    body: JSON.stringify({ key: key ?? `after-call-${effects}`, tool, arguments: args }),
  });
  const body = (await reply.json()) as { result: Record<string, unknown> };
  expect({ status: reply.status, body }).toMatchObject({ status: 200 });
  return body.result;
}

const sentOf = (callId: string) => email.sent().filter(({ content }) => content.subject.includes(callId));
const toOf = (callId: string) =>
  sentOf(callId)
    .flatMap(({ recipients }) => recipients.to.map(({ address }) => address))
    .sort();

const emailOf = async (callId: string) => {
  const { resource } = await database.database('voice').container('calls').item('call', callId).read();
  return resource?.email as { status: string; for: string; opId: string } | undefined;
};
const hasStatus = (callId: string, status: string) =>
  eventually(async () => {
    const found = await emailOf(callId);
    return found?.status === status ? found : undefined;
  });

async function callBacks(): Promise<{ id: string; callId: string; state: string; tries: { callId?: string }[] }[]> {
  const reply = await fetch(stage.keyed('/api/v1/call-backs'));
  return ((await reply.json()) as { callBacks: [] }).callBacks;
}

test('operators and the caller who asked each get one summary, and the record tells that it was delivered', async () => {
  const caller = await ring('+15550161');
  const { callId } = caller;
  for (const to of ['Ann@example.com', 'ann@example.com'])
    expect(await effect(callId, 'send-summary', { to })).toEqual({
      status: 'the summary is sent when the call has ended',
    });
  expect(sentOf(callId)).toEqual([]);
  await end(caller);
  const { for: reader } = await hasStatus(callId, 'delivered');
  expect(reader).toBe('caller');
  await eventually(async () => (toOf(callId).length === 2 ? true : undefined));
  expect(toOf(callId)).toEqual(['Ann@example.com', operators]);
  for (const { content } of sentOf(callId)) expect(content.plainText + String(content.html)).not.toContain('Hello');
  // Asked for when the call is over, by an effect that took its time: at once, and still once.
  await effect(callId, 'send-summary', { to: 'bob@example.com' });
  await effect(callId, 'send-summary', { to: 'ann@example.com' });
  await eventually(async () => (toOf(callId).length === 3 ? true : undefined));
  expect(toOf(callId)).toEqual(['Ann@example.com', 'bob@example.com', operators]);
  expect(email.counters().repeated).toBe(0);
  expect(stage.host.log()).not.toMatch(/@example|@switchboard/i);
});

test('the record waits for no e-mail, and a host that dies meanwhile sends it once when it is back', async () => {
  email.setFaults({ throttle: { retryAfterSeconds: 1 } });
  const refused = () => email.counters().refused[429] ?? 0;
  const before = refused();
  const caller = await ring('+15550162');
  const { callId } = caller;
  await end(caller);
  await eventually(async () => (refused() > before ? true : undefined));
  const { resource } = await database.database('voice').container('calls').item('call', callId).read();
  expect(resource).toMatchObject({ state: 'final', email: { status: 'queued' } });
  await stage.kill();
  email.setFaults({ throttle: null });
  await stage.start();
  await hasStatus(callId, 'delivered');
  expect(toOf(callId)).toEqual([operators]);
});

test('what bounces is told in the record', async () => {
  email.setFaults({ bounce: { times: 1 } });
  const caller = await ring('+15550163');
  await end(caller);
  expect(await hasStatus(caller.callId, 'bounced')).toMatchObject({ for: 'operators', code: 'Bounced' });
});

test('a call back is promised once, is listed without number and words, and can be cancelled', async () => {
  const { callId } = await ring('+15550164');
  const asked = { when: 'P14D', note: 'the missing parcel' };
  for (const _ of [1, 2])
    expect(await effect(callId, 'call-back', asked, 'promised-1')).toMatchObject({ status: 'the caller is rung back' });
  const mine = async () => (await callBacks()).filter(each => each.callId === callId);
  expect(await mine()).toMatchObject([{ state: 'waiting', tries: [] }]);
  expect(JSON.stringify(await mine())).not.toMatch(/15550164|parcel/);
  const [{ id } = { id: '' }] = await mine();
  const cancel = () => fetch(stage.keyed(`/api/v1/call-backs/${id}`), { method: 'DELETE' });
  expect((await cancel()).status).toBe(202);
  await eventually(async () => ((await mine())[0]?.state === 'cancelled' ? true : undefined));
  expect((await cancel()).status).toBe(202);
  expect(stage.host.log()).not.toMatch(/15550164|missing parcel/);
});

test('who withholds the number is told that nobody can ring back', async () => {
  const { callId } = await ring('anonymous');
  expect(await effect(callId, 'call-back', { when: 'PT2H', note: 'x' })).toMatchObject({
    status: expect.stringContaining('withheld'),
  });
  expect((await callBacks()).filter(each => each.callId === callId)).toEqual([]);
});

test('at its time the caller is rung from the number they rang, by the scenario they had, and what they said is known', async () => {
  const number = '+15550165';
  const { callId, hangUp } = await ring(number);
  hangUp();
  const id = `call-back-${callId}-${'a'.repeat(16)}`;
  const { url, durableKey } = stage.host;
  const start = {
    id,
    callId,
    at: Date.now(),
    target: number,
    callerId: '+15550100',
    scenario: 'banking',
    note: 'my card',
  };
  const rung = new Promise(resolve => {
    const phone = new WebSocket(`${acs.url.replace('http', 'ws')}/phone/answer?number=${encodeURIComponent(number)}`);
    onTestFinished(() => phone.close());
    phone.addEventListener('message', ({ data }) => {
      if (typeof data === 'string' && JSON.parse(data).event === 'incoming') resolve(JSON.parse(data));
    });
    phone.addEventListener('open', () =>
      fetch(`${url}/runtime/webhooks/durabletask/orchestrators/call-back/${id}?code=${durableKey}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(start),
      }),
    );
  });
  expect(await rung).toMatchObject({ from: '+15550100' });
  expect(stage.mediaHost.asked.at(-1)?.request).toMatchObject({ direction: 'out', scenario: 'banking' });
  const { resources } = await database
    .database('voice')
    .container('sessions')
    .items.query("SELECT c.facts FROM c WHERE c.type='caller'")
    .fetchAll();
  expect(resources).toContainEqual({ facts: { 'call-back-note': { value: 'my card', at: start.at, callId } } });
});
