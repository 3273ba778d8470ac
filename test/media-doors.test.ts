import { once } from 'node:events';
import { beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { callIdOf, callSecret } from '../contracts/call-id.ts';
import { mediaPath } from '../contracts/media.ts';
import type { Caller } from '../emulators/caller/caller.ts';
import { runningSystem } from './running-system.ts';

const it = runningSystem({ MAX_CALLS: '3', VOICE_ACTIVITY: 'level' });

const address = (callId: string, secret?: string) =>
  `${it.system.mediaHostUrl.replace('http', 'ws')}${mediaPath}/${callId}.${secret ?? callSecret(it.system.settings['CALL_SECRET'] ?? '', 'media', callId)}`;

const mint = async (body: object): Promise<string> =>
  ((await it.admin(`${it.system.acsUrl}/emulator/mint`, 'POST', body)) as { token: string }).token;

/** The status an upgrade is refused with; 101 when it is not. */
async function knock(url: string, token?: string): Promise<number> {
  const socket = new WebSocket(url, token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } });
  const [status] = await Promise.race([
    once(socket, 'open').then(() => [101]),
    once(socket, 'unexpected-response').then(([, response]) => [response.statusCode]),
  ]);
  socket.terminate();
  return status as number;
}

/** The call is as alive as before: it understands and answers. */
async function answers(caller: Caller): Promise<void> {
  await caller.agentFallsSilent({ quietMs: 800, timeoutMs: 20_000 });
  await caller.say('Thank you, goodbye.');
  await caller.hears('Thank you for calling.', { timeoutMs: 15_000 });
}

/** Every place is free again: a call whose socket was torn waits five seconds for another. */
beforeEach(() => expect.poll(async () => (await it.health()).calls, { timeout: 15_000 }).toBe(0));

test('no token, an expired, forged, unsigned or foreign one, or a wrong secret opens a call; others go on and each refusal is counted', async () => {
  const caller = await it.ring({ from: '+15550301' });
  const callId = callIdOf(caller.correlationId);
  const good = await mint({});
  const matrix: [string, string, string | undefined, number][] = [
    ['no token', address(callId), undefined, 401],
    ['expired', address(callId), await mint({ expiresInS: -3600 }), 401],
    ['wrong audience', address(callId), await mint({ audience: '00000000-0000-0000-0000-000000000000' }), 401],
    ['wrong issuer', address(callId), await mint({ issuer: 'https://example.org' }), 401],
    ['unsigned', address(callId), await mint({ unsigned: true }), 401],
    ['foreign key', address(callId), await mint({ key: 'foreign' }), 401],
    ['garbage', address(callId), 'a.b.c', 401],
    ['wrong secret', address(callId, 'x'.repeat(32)), good, 403],
    [
      "another call's secret",
      address(callId, callSecret(it.system.settings['CALL_SECRET'] ?? '', 'media', 'f'.repeat(32))),
      good,
      403,
    ],
    [
      "the callbacks' secret",
      address(callId, callSecret(it.system.settings['CALL_SECRET'] ?? '', 'callbacks', callId)),
      good,
      403,
    ],
    ['a call nobody knows', address('e'.repeat(32)), good, 404],
    ['no such path', `${it.system.mediaHostUrl.replace('http', 'ws')}/else`, good, 404],
    ['tricks in the path', `${it.system.mediaHostUrl.replace('http', 'ws')}${mediaPath}/../../${callId}`, good, 404],
  ];
  for (const [what, url, token, status] of matrix) expect(await knock(url, token), what).toBe(status);

  const { counters, calls } = await it.health();
  expect(calls).toBe(1);
  expect(counters).toMatchObject({
    'upgrades-refused-no-token': 1,
    'upgrades-refused-expired': 1,
    'upgrades-refused-audience': 1,
    'upgrades-refused-bad-token': 4,
    'upgrades-refused-secret': 3,
    'upgrades-refused-unknown-call': 1,
  });
  await answers(caller);
  await caller.hangUp();
});

test('garbage, unknown kinds, odd sizes and 10 MB on one call’s socket: that socket is closed or the message dropped, the other call hears nothing of it', async () => {
  const victim = await it.ring({ from: '+15550302' });
  const other = await it.ring({ from: '+15550303' });
  const callId = callIdOf(victim.correlationId);
  const socket = new WebSocket(address(callId), { headers: { authorization: `Bearer ${await mint({})}` } });
  await once(socket, 'open');
  const before = (await it.health()).counters['media-messages-malformed'] ?? 0;
  const garbage = [
    '',
    '{',
    'null',
    '[1,2',
    '{"kind":7}',
    '{"kind":"AudioData","audioData":{"data":"***"}}',
    '{"kind":"AudioData"}',
    '\u0000\u0001\u0002',
  ];
  for (const message of garbage) socket.send(message);
  socket.send(Buffer.from([0xff, 0xfe, 0x00, 0x80]), { binary: true });
  socket.send('{"kind":"SomethingNew","somethingNew":{}}');
  socket.send('{"kind":"AudioData","audioData":{"data":"AAAA"}}');
  await expect
    .poll(async () => (await it.health()).counters['media-messages-malformed'] ?? 0)
    .toBe(before + garbage.length + 1);
  expect((await it.health()).counters['media-messages-unknown']).toBeGreaterThan(0);
  expect(socket.readyState).toBe(WebSocket.OPEN);

  socket.send(`{"kind":"AudioData","audioData":{"data":"${'A'.repeat(10 * 1024 * 1024)}"}}`);
  const [code] = await once(socket, 'close');
  expect(code).toBe(1009);
  expect((await it.health()).counters['media-messages-oversize']).toBe(1);
  await answers(other);
  await Promise.all([other.hangUp(), victim.hangUp()]);
});

test('the fourth caller of three places hears "busy", and a place that is free again is given', async () => {
  const callers = await Promise.all([4, 5, 6].map(n => it.ring({ from: `+1555040${n}` })));
  await expect(it.ring({ from: '+15550409' })).rejects.toThrow(/busy/);
  await callers[0]?.hangUp();
  await expect.poll(async () => (await it.health()).calls).toBe(2);
  const next = await it.ring({ from: '+15550410' });
  await Promise.all([...callers.slice(1), next].map(caller => caller.hangUp()));
});

test('the control door needs its key', async () => {
  const url = `${it.system.mediaHostUrl}/api/v1/media/admissions`;
  const body = JSON.stringify({
    callId: 'a'.repeat(32),
    mode: 'media',
    agent: 'reception',
    direction: 'in',
    callerHash: 'x',
  });
  expect((await fetch(url, { method: 'POST', body })).status).toBe(401);
  expect((await fetch(url, { method: 'POST', body, headers: { 'x-switchboard-key': 'guess' } })).status).toBe(401);
  const key = { 'x-switchboard-key': it.system.settings['CONTROL_KEY'] ?? '' };
  expect((await fetch(url, { method: 'POST', body: '{"callId":1}', headers: key })).status).toBe(400);
  expect((await fetch(url, { method: 'POST', body: 'x'.repeat(1 << 20), headers: key })).status).toBe(413);
});

test('older addresses of the media socket open the same call, and the echo door echoes for who has its key', async () => {
  const caller = await it.ring({ from: '+15550501' });
  const callId = callIdOf(caller.correlationId);
  const token = await mint({});
  const base = it.system.mediaHostUrl.replace('http', 'ws');
  for (const path of ['/ws/media', '/ws']) {
    const secret = callSecret(it.system.settings['CALL_SECRET'] ?? '', 'media', callId);
    expect(await knock(`${base}${path}/${callId}.${secret}`, token), path).toBe(101);
    expect(await knock(`${base}${path}/${callId}.${secret}`), path).toBe(401);
  }
  await caller.hangUp();

  expect(await knock(`${base}/api/v1/media/echo`)).toBe(401);
  const echo = new WebSocket(`${base}/api/v1/media/echo`, {
    headers: { 'x-switchboard-key': it.system.settings['CONTROL_KEY'] ?? '' },
  });
  await once(echo, 'open');
  echo.send('are you there?');
  const [said] = await once(echo, 'message');
  expect(String(said)).toBe('are you there?');
  echo.terminate();
});

test.each(['/', '/health', '/api/v1/health', '/api/v1/health/ready'])(
  'GET %s tells how the media host is',
  async path => {
    const answer = await fetch(`${it.system.mediaHostUrl}${path}`);
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      status: 'ready',
      service: 'media-host',
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      version: expect.any(String),
      places: 3,
      dependencies: { cosmos: { ok: true } },
    });
  },
);

test('health tells which voice detector runs, how long its loop kept others waiting, and how its speech pools stand', async () => {
  await expect
    .poll(() => it.health(), { timeout: 10_000 })
    .toMatchObject({
      voiceDetector: 'level',
      loop: { p50Ms: expect.any(Number), p99Ms: expect.any(Number), maxMs: expect.any(Number) },
      speech: {
        pools: expect.arrayContaining([
          expect.objectContaining({ what: 'recogniser', language: 'en-US', droppedMs: 0 }),
          expect.objectContaining({ what: 'synthesiser' }),
        ]),
        fixed: expect.any(Object),
      },
    });
});

test('a mode that this host does not offer is refused before anything is answered', async () => {
  const { calls } = await it.health();
  const answer = await fetch(`${it.system.mediaHostUrl}/api/v1/media/admissions`, {
    method: 'POST',
    headers: { 'x-switchboard-key': it.system.settings['CONTROL_KEY'] ?? '' },
    body: JSON.stringify({
      callId: 'b'.repeat(32),
      mode: 'voice_live',
      agent: 'reception',
      direction: 'in',
      callerHash: 'x',
    }),
  });
  expect(answer.status).toBe(409);
  expect((await it.health()).calls).toBeLessThanOrEqual(calls);
});
