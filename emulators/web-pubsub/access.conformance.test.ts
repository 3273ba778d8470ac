import { WebPubSubClient } from '@azure/web-pubsub-client';
import { describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { readToken, signToken } from './access-token.ts';
import { patiently, serviceOf, talk } from './with-sdk.ts';

const call = 'call.5a1d';
const inAMinute = () => Math.floor(Date.now() / 1000) + 60;

describe('a server', () => {
  test('with a wrong key is refused and nothing is published', async () => {
    const { pubsub } = await talk();
    const stranger = serviceOf(pubsub.connectionString.replace(/AccessKey=[^;]+/, 'AccessKey=wrong'));
    await expect(stranger.group(call).sendToAll('x')).rejects.toMatchObject({ statusCode: 401 });
    await expect(stranger.closeAllConnections()).rejects.toMatchObject({ statusCode: 401 });
    expect(pubsub.counters()).toMatchObject({ publishes: 0, refused: { 401: 2 } });
  });

  test('whose token is expired is refused', async () => {
    const { service, subscribe, pubsub } = await talk();
    await subscribe({ groups: [call] });
    pubsub.setFaults({ expired: { of: 'servers', times: 1 } });
    await expect(service.group(call).sendToAll('x')).rejects.toMatchObject({ statusCode: 401 });
    await service.group(call).sendToAll('y');
    expect(pubsub.counters().publishes).toBe(1);
  });

  test('may sign in with an identity and gets client tokens from the service', async () => {
    const { pubsub } = await talk({ bearers: ['entra'] });
    // The SDK sends identities over https only, so the wire is spoken here.
    const answer = await fetch(
      `${pubsub.url}/api/hubs/control/:generateToken?api-version=2024-12-01&userId=ann&role=webpubsub.sendToGroup&group=${call}`,
      { method: 'POST', headers: { authorization: 'Bearer entra' } },
    );
    const { token } = (await answer.json()) as { token: string };
    const socket = new WebSocket(`${pubsub.url}/client/hubs/control`, 'json.webpubsub.azure.v1', {
      headers: { authorization: `Bearer ${token}` },
    });
    const connected = await new Promise(resolve =>
      socket.once('message', data => resolve(JSON.parse(data.toString()))),
    );
    expect(connected).toEqual({ type: 'system', event: 'connected', userId: 'ann', connectionId: expect.any(String) });
    expect(pubsub.connections()).toMatchObject([{ groups: [call], roles: ['webpubsub.sendToGroup'] }]);
    socket.terminate();
  });

  const send = '/api/hubs/control/groups/g/:send';
  const meant = (path: string) => ({ aud: `http://elsewhere${path}`, exp: inAMinute() });
  test.each<[string, string, Record<string, unknown>, number]>([
    ['for this path behind a proxy', send, meant(send), 202],
    ['for the hub', send, meant('/api/hubs/control'), 202],
    ['for another hub', send, meant('/api/hubs/contro'), 401],
    ['for another operation', send, meant('/api/hubs/control/groups/g2/:send'), 401],
    ['for clients', send, meant('/client/hubs/control'), 401],
    ['for everything', send, meant('/'), 401],
    ['without an audience', send, { exp: inAMinute() }, 401],
    ['without an end', send, { aud: `http://a${send}` }, 401],
    ['of yesterday', send, { ...meant(send), exp: inAMinute() - 86_400 }, 401],
    ['of tomorrow', send, { ...meant(send), nbf: inAMinute() }, 401],
    ['for no operation', '/api/hubs/control/:nothing', meant('/api/hubs/control'), 404],
    ['for no hub', '/api/hubs/1/:send', meant('/api/hubs/1'), 400],
    ['for a path with broken escapes', '/api/hubs/control/groups/%E0%A4%A/:send', meant('/api/hubs/control'), 400],
  ])('with a token %s gets %s', async (_, path, claims, status) => {
    const { pubsub } = await talk();
    const answer = await post(`${pubsub.url}${path}?api-version=1`, signToken(claims, pubsub.accessKey), '1');
    expect(answer.status).toBe(status);
    expect(pubsub.counters().publishes).toBe(status === 202 ? 1 : 0);
  });

  test.each<[string, string, string, number]>([
    ['no JSON', '{', 'application/json', 400],
    ['an unknown type', 'x', 'application/xml', 415],
    ['1 MiB and a byte', 'x'.repeat(1024 * 1024 + 1), 'text/plain', 413],
  ])('that sends %s publishes nothing', async (_, body, type, status) => {
    const { pubsub } = await talk();
    const token = signToken(meant(send), pubsub.accessKey);
    const answer = await post(`${pubsub.url}${send}?api-version=1`, token, body, type);
    expect(answer.status).toBe(status);
    expect(answer.headers.get('x-ms-error-code')).toBeTruthy();
    expect(pubsub.counters().publishes).toBe(0);
  });
});

describe('a client', () => {
  test('with an expired token is refused', async () => {
    const { service, pubsub } = await talk();
    const { url } = await service.getClientAccessToken({ expirationTimeInMinutes: -10 });
    await expect(new WebPubSubClient(url).start()).rejects.toThrow('401');
    expect(pubsub.counters()).toMatchObject({ connections: 0, refused: { 401: 1 } });
  });

  test('without a token, with a wrong key, of another hub or for servers is refused', async () => {
    const { pubsub, service } = await talk();
    const address = `${pubsub.url.replace('http', 'ws')}/client/hubs/control`;
    const other = (await service.getClientAccessToken()).token;
    const server = signToken({ aud: `${pubsub.url}/api/hubs/control`, exp: inAMinute() }, pubsub.accessKey);
    const wrong = signToken({ aud: `${pubsub.url}/client/hubs/control`, exp: inAMinute() }, 'wrong');
    const unsigned = other.replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url')).replace(/[^.]+$/, '');
    for (const url of [
      address,
      `${address}?access_token=${wrong}`,
      `${address}?access_token=${server}`,
      `${address}?access_token=${unsigned}`,
      `${address.replace('control', 'calls')}?access_token=${other}`,
    ]) {
      await expect(new WebPubSubClient(url).start()).rejects.toThrow('401');
    }
    await expect(new WebPubSubClient(address.replace('client', 'nowhere')).start()).rejects.toThrow('404');
    expect(pubsub.counters()).toMatchObject({ connections: 0, refused: { 401: 5, 404: 1 } });
  });

  test('that sends what is no frame is told so and closed', async () => {
    const { pubsub, service } = await talk();
    const { url } = await service.getClientAccessToken();
    for (const text of ['{', '{"type":"fly"}', '{"type":"joinGroup"}', '{"type":"sendToGroup","group":"g","data":1}']) {
      const socket = new WebSocket(url, 'json.reliable.webpubsub.azure.v1');
      const frames: unknown[] = [];
      socket.on('message', data => void frames.push(JSON.parse(data.toString())));
      const closed = new Promise<number>(resolve => socket.once('close', resolve));
      socket.once('open', () => socket.send(text));
      expect(await closed).toBe(1008);
      expect(frames.at(-1)).toMatchObject({ type: 'system', event: 'disconnected' });
    }
    expect(pubsub.counters()).toMatchObject({ violations: 4 });
    expect(pubsub.connections()).toEqual([]);
  });
});

test('tokens of the SDK are read, and ours are the same to it', async () => {
  const { pubsub, service } = await talk();
  const { token } = await service.getClientAccessToken({ userId: 'ann', roles: ['a'], groups: ['g', 'h'] });
  const reading = readToken(token, pubsub.accessKey, Date.now());
  expect(reading).toMatchObject({ claims: { sub: 'ann', role: ['a'], 'webpubsub.group': ['g', 'h'] } });
  expect(readToken(`${token}x`, pubsub.accessKey, Date.now())).toEqual({ fault: 'signed with another key' });
  expect(readToken('a.b', pubsub.accessKey, Date.now())).toEqual({ fault: 'not an HS256 token' });
});

test('no token and no content reaches the log', async () => {
  const lines: string[] = [];
  const { service, pubsub, subscribe } = await talk({ log: line => lines.push(line) });
  const subscriber = await subscribe({ groups: [call], userId: '+15550100' });
  await service.group(call).sendToAll('my secret is 4711');
  await subscriber.hears(1);
  pubsub.drop();
  await expect.poll(() => pubsub.counters().recoveries, patiently).toBe(1);
  await expect(service.sendToUser('+15550100', 'x', { filter: "true '4711'" })).rejects.toMatchObject({
    statusCode: 400,
  });
  expect(lines.length).toBeGreaterThanOrEqual(3);
  expect(lines.join('\n')).not.toMatch(/4711|eyJ|5550100|call\.|token=/);
});

function post(url: string, token: string, body: string, type = 'application/json'): Promise<Response> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': type };
  return fetch(url, { method: 'POST', headers, body });
}
