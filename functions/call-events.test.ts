import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callIdOf, callSecret } from '../contracts/call-id.ts';
import { controlKeyHeader, conversationOverPath } from '../contracts/media.ts';
import { type Acs, startAcs } from '../emulators/acs/acs.ts';
import { type Cosmos, startCosmos } from '../emulators/cosmos/cosmos.ts';
import { type Caller, dial } from './testing/caller.ts';
import { eventually, openStage, type Stage, testControlKey, testSecret } from './testing/stage.ts';

let acs: Acs;
let cosmos: Cosmos;
let stage: Stage;
let caller: Caller;

beforeAll(async () => {
  [acs, cosmos] = await Promise.all([startAcs(), startCosmos()]);
  stage = await openStage({ acs, cosmos });
  await acs.subscribe(stage.keyed('/api/v1/call-events'), 'CloudEventSchemaV1_0');
  caller = await dial(acs.url);
  await eventually(async () => ((await stage.show(caller.callId)).life?.phase === 'connected' ? true : undefined));
}, 60_000);

afterAll(async () => {
  caller?.close();
  await stage?.close();
  await Promise.all([acs?.close(), cosmos?.close()]);
});

const address = (callId: string, secret = callSecret(testSecret, 'callbacks', callId)) =>
  `${stage.url}/api/v1/calls/${callId}/callbacks/${secret}`;

const event = (name: string, correlationId = caller.correlationId, more: object = {}) => ({
  id: randomUUID(),
  type: `Microsoft.Communication.${name}`,
  specversion: '1.0',
  time: '2026-09-15T11:35:34.1590127+00:00',
  data: { callConnectionId: 'cc', correlationId, resultInformation: { code: 200, subCode: 0 }, ...more },
});

async function post(url: string, body: unknown, authorization?: string) {
  const headers = { 'content-type': 'application/json', ...(authorization !== undefined && { authorization }) };
  const reply = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  const text = await reply.text();
  return { status: reply.status, body: text === '' ? undefined : (JSON.parse(text) as Record<string, unknown>) };
}

const genuine = async () => `Bearer ${await acs.mint()}`;

/** A hang-up nobody made: whoever gets it through has ended the call. */
const forgedEnd = () => [event('CallDisconnected')];

const stillUp = async () => expect(await stage.show(caller.callId)).toMatchObject({ life: { phase: 'connected' } });

const refusals = async () => {
  const reply = await fetch(`${stage.url}/api/v1/health`);
  const { counters } = (await reply.json()) as { counters: { callbacks: { refused: Record<string, number> } } };
  return counters.callbacks.refused;
};

const badTokens: [string, () => Promise<string | undefined>, string][] = [
  ['no token', async () => undefined, 'token-missing'],
  ['an expired token', async () => `Bearer ${await acs.mint({ expiresInS: -3600 })}`, 'token-expired'],
  ["another resource's token", async () => `Bearer ${await acs.mint({ audience: randomUUID() })}`, 'token-audience'],
  [
    "another issuer's token",
    async () => `Bearer ${await acs.mint({ issuer: 'https://evil.example' })}`,
    'token-issuer',
  ],
  ["a stranger's signature", async () => `Bearer ${await acs.mint({ key: 'foreign' })}`, 'token-forged'],
  ['an unsigned token', async () => `Bearer ${await acs.mint({ unsigned: true })}`, 'token-forged'],
  ['something that is no token', async () => 'Bearer nonsense', 'token-malformed'],
];

test.each(badTokens)('a callback with %s is refused and counted', async (_, token, reason) => {
  const before = (await refusals())[reason] ?? 0;
  expect((await post(address(caller.callId), forgedEnd(), await token())).status).toBe(401);
  expect((await refusals())[reason]).toBe(before + 1);
  await stillUp();
});

test('a callback to an address with a wrong secret is refused and counted, whatever its token', async () => {
  const other = callSecret(testSecret, 'callbacks', callIdOf('another call'));
  const media = callSecret(testSecret, 'media', caller.callId);
  for (const secret of [other, media, 'x'])
    expect((await post(address(caller.callId, secret), forgedEnd(), await genuine())).status).toBe(404);
  expect((await refusals())['secret']).toBe(3);
  await stillUp();
});

test("another call's event at this call's address is refused alone; the rest of the batch counts", async () => {
  const batch = [event('CallDisconnected', 'another call'), event('PlayCompleted'), event('NeverHeardOf'), { id: 1 }];
  const reply = await post(address(caller.callId), batch, await genuine());
  expect(reply).toEqual({ status: 200, body: { status: 'ok', processed: 1, ignored: 1, failed: 2 } });
  expect(await refusals()).toMatchObject({ 'other-call': 1, malformed: 1 });
  await stillUp();
});

test('a single event need not be in an array', async () => {
  const reply = await post(address(caller.callId), event('PlayStarted'), await genuine());
  expect(reply.body).toMatchObject({ processed: 1 });
});

test('an event for a call nobody knows is taken and ignored', async () => {
  const callId = callIdOf('unknown');
  const reply = await post(address(callId), [event('CallDisconnected', 'unknown')], await genuine());
  expect(reply).toEqual({ status: 200, body: { status: 'ok', processed: 0, ignored: 1, failed: 0 } });
});

/** As a sender would who gets everything else right. */
async function postAs(type: string | undefined, body: string): Promise<number> {
  const headers = { authorization: await genuine(), ...(type !== undefined && { 'content-type': type }) };
  // A body of bytes: for text, fetch would name a type itself.
  const reply = await fetch(address(caller.callId), { method: 'POST', headers, body: Buffer.from(body) });
  await reply.arrayBuffer();
  return reply.status;
}

test('a body that is no JSON is 400, one that is named something else 415, and one of a megabyte 413', async () => {
  const end = JSON.stringify(forgedEnd());
  for (const garbage of ['{', '', 'null', '"text"', '5', '[', '\u0000'])
    expect(await postAs('application/json', garbage)).toBe(400);
  for (const type of ['text/html', 'text/plain', 'image/json-art', 'multipart/form-data; boundary=json', 'json'])
    expect(await postAs(type, end)).toBe(415);
  expect(await postAs('application/json', `[${end}${' '.repeat(1_000_000)}]`)).toBe(413);
  await stillUp();
});

test('any name of JSON will do, and none at all', async () => {
  const played = JSON.stringify([event('PlayCompleted')]);
  const types = ['application/json; charset=utf-8', 'application/cloudevents-batch+json; charset=utf-8', 'text/json'];
  for (const type of [...types, undefined]) expect(await postAs(type, played)).toBe(200);
});

test('a delivery of no events is taken', async () => {
  const reply = await post(address(caller.callId), [], await genuine());
  expect(reply).toEqual({ status: 200, body: { status: 'ok', processed: 0, ignored: 0, failed: 0 } });
});

test('at the address of a call we placed, whatever comes is its own', async () => {
  const { callId } = caller;
  const outbound = address(callId, callSecret(testSecret, 'callbacks-out', callId));
  const reply = await post(outbound, [event('PlayCompleted', 'chosen by ACS')], await genuine());
  expect(reply.body).toMatchObject({ processed: 1, failed: 0 });
  const foreign = address(callId, callSecret(testSecret, 'callbacks-out', callIdOf('another call')));
  expect((await post(foreign, forgedEnd(), await genuine())).status).toBe(404);
});

test('the log has the type and the call of each event, and warns of types nobody knows', async () => {
  await post(address(caller.callId), [event('CallTransferFailed'), event('NeverHeardOf')], await genuine());
  const { callId } = caller;
  const logged = () => stage.host.log().replaceAll('\\"', '"');
  await eventually(async () => (logged().includes('NeverHeardOf') ? true : undefined));
  expect(logged()).toContain(JSON.stringify({ event: 'callback', callId, type: 'CallTransferFailed' }));
  expect(logged()).toContain(JSON.stringify({ event: 'callback.unknown-type', type: 'NeverHeardOf', callId }));
});

test('the older address of callbacks takes the same call and secret', async () => {
  const url = `${stage.url}/api/callbacks/${caller.callId}/${callSecret(testSecret, 'callbacks', caller.callId)}`;
  expect((await post(url, [event('PlayCompleted')], await genuine())).status).toBe(200);
  expect((await post(`${url}x`, forgedEnd(), await genuine())).status).toBe(404);
});

test('call events at the address of rings need the function key and the token', async () => {
  const bare = `${stage.url}/api/callbacks`;
  expect((await post(bare, forgedEnd(), await genuine())).status).toBe(401);
  expect((await post(stage.keyed('/api/callbacks'), forgedEnd())).status).toBe(401);
  const reply = await post(stage.keyed('/api/callbacks'), [event('PlayCompleted')], await genuine());
  expect(reply.body).toMatchObject({ processed: 1 });
  await stillUp();
});

test('a batch for two calls at the address of rings reaches both, and a stranger nobody', async () => {
  const batch = [
    event('ParticipantsUpdated', caller.correlationId, { participants: [{}, {}, {}], sequenceNumber: 90 }),
  ];
  const other = await dial(acs.url, '+15550177');
  try {
    await eventually(async () => ((await stage.show(other.callId)).life?.phase === 'connected' ? true : undefined));
    batch.push(event('ParticipantsUpdated', other.correlationId, { participants: [{}], sequenceNumber: 91 }));
    const reply = await post(
      stage.keyed('/api/v1/call-events'),
      [...batch, event('CallDisconnected', 'nobody')],
      await genuine(),
    );
    expect(reply).toEqual({ status: 200, body: { status: 'ok', processed: 2, ignored: 1, failed: 0 } });
    const participants = async (callId: string) => (await stage.show(callId)).life?.participants;
    const has = (callId: string, sequence: number) =>
      eventually(async () => ((await participants(callId))?.sequence === sequence ? participants(callId) : undefined));
    expect(await has(caller.callId, 90)).toEqual({ sequence: 90, count: 3 });
    expect(await has(other.callId, 91)).toEqual({ sequence: 91, count: 1 });
  } finally {
    other.close();
  }
});

test('what is no call event needs no token at the address of rings, and does nothing', async () => {
  const others = [
    'CallDisconnected',
    'Microsoft.Communication.CallEnded',
    'Microsoft.EventGrid.SubscriptionDeletedEvent',
  ];
  const reply = await post(
    stage.keyed('/api/events'),
    others.map(type => ({ ...event('x'), type })),
  );
  expect(reply).toEqual({ status: 200, body: { status: 'ok', processed: 0, ignored: 3, failed: 0 } });
  await stillUp();
});

test('a ring is never refused for a token its neighbour in the batch lacks', async () => {
  const ring = { id: randomUUID(), type: 'Microsoft.Communication.IncomingCall', data: { no: 'ring' } };
  const reply = await post(stage.keyed('/api/events'), [ring, ...forgedEnd()]);
  expect(reply).toMatchObject({ status: 200, body: { failed: 2 } });
});

test('the webhook of rings answers handshakes, junk and nothing', async () => {
  const url = stage.keyed('/api/incomingCall');
  const options = await fetch(url, { method: 'OPTIONS', headers: { 'webhook-request-origin': 'eventgrid.azure.net' } });
  expect(options.status).toBe(200);
  expect(options.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net');
  const validation = {
    id: '1',
    eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
    data: { validationCode: 'C' },
  };
  expect(await post(url, [validation])).toEqual({ status: 200, body: { validationResponse: 'C' } });
  expect((await post(url, [])).status).toBe(200);
  expect((await post(url, 'junk')).status).toBe(400);
  expect((await fetch(url, { method: 'POST', body: 'not json' })).status).toBe(400);
  expect((await fetch(`${stage.url}/api/incomingCall`, { method: 'POST', body: '[]' })).status).toBe(401);
});

test('the status API is closed without its key and knows no strangers', async () => {
  expect((await fetch(`${stage.url}/api/v1/calls/${caller.callId}`)).status).toBe(401);
  const unknown = await fetch(stage.keyed(`/api/v1/calls/${callIdOf('nobody')}`));
  expect(unknown.status).toBe(404);
  expect(unknown.headers.get('content-type')).toBe('application/problem+json');
  const shown = await (await fetch(stage.keyed(`/api/v1/calls/${caller.callId}`))).text();
  expect(shown).not.toContain('incomingCallContext');
});

/** What the media host says when the conversation is over. */
async function conversationOver(callId: string, key?: string): Promise<number> {
  const headers = { 'content-type': 'application/json', ...(key !== undefined && { [controlKeyHeader]: key }) };
  const body = '{"by":"agent","reason":"conversation-over"}';
  const reply = await fetch(stage.url + conversationOverPath(callId), { method: 'POST', headers, body });
  await reply.arrayBuffer();
  return reply.status;
}

const wrongKeys: [string, () => string | undefined][] = [
  ['no key', () => undefined],
  ['an empty key', () => ''],
  ['a key of another length', () => `${testControlKey}x`],
  ['a wrong key of the right length', () => testControlKey.replace(/.$/, 'X')],
  ["the host's function key", () => stage.host.key],
];

test.each(wrongKeys)('%s ends no conversation, and does not tell a live call from an unknown one', async (_, key) => {
  expect(await conversationOver(caller.callId, key())).toBe(401);
  expect(await conversationOver(callIdOf('nobody'), key())).toBe(401);
  await stillUp();
});

test('the control key ends the conversation of the call that is named, once, and of no other', async () => {
  const other = await dial(acs.url, '+15550188');
  try {
    const phase = async () => (await stage.show(other.callId)).life?.phase;
    await eventually(async () => ((await phase()) === 'connected' ? true : undefined));
    expect(await conversationOver(callIdOf('nobody'), testControlKey)).toBe(404);
    expect(await conversationOver('no-call-id', testControlKey)).toBe(404);
    expect(await conversationOver(other.callId, testControlKey)).toBe(202);
    await other.hears('ended');
    await eventually(async () => ((await stage.show(other.callId)).running === false ? true : undefined), 15_000);
    expect(await stage.show(other.callId)).toMatchObject({ life: { phase: 'ended', endedBy: 'agent' } });
    expect(await conversationOver(other.callId, testControlKey)).toBe(409);
    expect(await conversationOver(other.callId)).toBe(401);
  } finally {
    other.close();
  }
  await stillUp();
});

test.each(['/', '/health', '/api/v1/health', '/api/v1/health/live', '/api/v1/health/ready'])(
  '%s answers',
  async path => {
    const reply = await fetch(`${stage.url}${path}`);
    expect(reply.status).toBe(200);
    expect(await reply.json()).toMatchObject({ status: 'ok', service: 'switchboard-functions', version: '0.1.0' });
  },
);

test('readiness names what is away, and life goes on', async () => {
  await stage.mediaHost.close();
  const reply = await fetch(`${stage.url}/api/v1/health/ready`);
  expect(reply.status).toBe(503);
  const { dependencies } = (await reply.json()) as { dependencies: Record<string, { status: string }> };
  expect(dependencies).toMatchObject({
    mediaHost: { status: 'failed' },
    cosmos: { status: 'ok' },
    acsKeys: { status: 'ok' },
  });
  expect((await fetch(`${stage.url}/api/v1/health/live`)).status).toBe(200);
});
