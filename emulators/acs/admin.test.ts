import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startAcs } from './acs.ts';
import type { App } from './test/app.ts';
import { startApp } from './test/app.ts';
import { tone } from './test/phone.ts';

let app: App;
beforeEach(async () => {
  app = await startApp();
});
afterEach(() => app.close());

async function ask(method: string, path: string, body?: object) {
  const reply = await fetch(`${app.acs.url}/emulator${path}`, {
    method,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  // biome-ignore lint/suspicious/noExplicitAny: what the wire carries is what the tests look into
  return { status: reply.status, json: (await reply.json()) as any };
}

describe('the admin routes', () => {
  test('show calls, live and ended, with their counters', async () => {
    const { conn, cc, phone } = await app.ring();
    await phone.event('media-open');
    await phone.frames.nth(() => true, 3);
    const live = await ask('GET', `/calls/${cc}`);
    expect(live.json).toMatchObject({
      callConnectionId: cc,
      state: 'connected',
      people: [{ rawId: '4:+15550100', hasPhone: true }],
      media: { isOpen: true, stopAudio: 0, framesAfterStop: 0, queueMs: 0, maxLeadMs: 0, upgrades: [{ status: 101 }] },
    });
    expect(live.json.media.framesOut).toBeGreaterThan(1);
    await conn.hangUp(true);
    await app.named('CallDisconnected');
    const { json } = await ask('GET', '/calls');
    expect(json.calls).toHaveLength(1);
    expect(json.calls[0]).toMatchObject({ state: 'disconnected', endedBy: 'app', callbacks: { failed: 0 } });
    expect((await ask('GET', '/calls/none')).status).toBe(404);
  });

  test('give what both ears heard', async () => {
    const { cc, phone } = await app.ring();
    await phone.event('media-open');
    const said = tone(60, 200);
    phone.say(said);
    await phone.event('mic-idle');
    const ear = async (which: string) => {
      const reply = await fetch(`${app.acs.url}/emulator/calls/${cc}/recording?ear=${which}`);
      return Buffer.from(await reply.arrayBuffer());
    };
    expect((await ear('app')).includes(said)).toBe(true);
    const caller = await ear('caller');
    expect(caller.length).toBeGreaterThan(640);
    expect(caller.every(byte => byte === 0)).toBe(true);
  });

  test('raise, repeat, inject, drop and speak', async () => {
    const raised = await ask('POST', '/incoming', {
      calls: [{ from: '+15550101', to: '+15550199' }],
      copies: 2,
      atOnce: true,
    });
    const [correlationId] = raised.json.correlationIds;
    await app.incoming.nth(({ body }) => body.includes(correlationId), 2);
    expect((await ask('POST', '/redeliver', { correlationId })).status).toBe(200);
    await app.incoming.nth(({ body }) => body.includes(correlationId), 3);
    expect((await ask('POST', '/redeliver', { correlationId: 'x' })).status).toBe(404);
    const { cc } = await app.ring();
    await ask('POST', `/calls/${cc}/event`, { name: 'HoldFailed', result: { code: 400, subCode: 8536, message: 'm' } });
    expect((await app.named('HoldFailed')).event.data.resultInformation.subCode).toBe(8536);
    expect((await ask('POST', `/calls/${cc}/speech`, { text: 'hello' })).status).toBe(200);
    await ask('POST', `/calls/${cc}/drop`, { by: 'caller' });
    expect((await app.named('CallDisconnected')).event.data.resultInformation.subCode).toBe(540000);
    expect((await ask('GET', '/deliveries')).json.deliveries.length).toBeGreaterThan(3);
  });

  test('set switches, all or none, and tell them', async () => {
    expect((await ask('PUT', '/faults', { failNext: 2, failStatus: 500 })).json).toMatchObject({
      failNext: 2,
      failStatus: 500,
    });
    expect((await ask('PUT', '/faults', { slowMs: 5, nonsense: 1 })).status).toBe(400);
    expect((await ask('GET', '/faults')).json).toMatchObject({ slowMs: 0, failNext: 2 });
    expect((await ask('POST', '/reset')).status).toBe(200);
    expect((await ask('GET', '/faults')).json).toMatchObject({ failNext: 0 });
  });

  test('mint tokens, good and forged', async () => {
    const keys = createRemoteJWKSet(new URL(`${app.acs.url}/calling/keys`), { cooldownDuration: 0 });
    const { issuer, audience } = app.acs;
    const verify = async (body: object) => {
      const { json } = await ask('POST', '/mint', body);
      return jwtVerify(json.token, keys, { issuer, audience, algorithms: ['RS256'] });
    };
    expect((await verify({ expiresInS: 60 })).payload.aud).toBe(audience);
    await expect(verify({ audience: 'x' })).rejects.toMatchObject({ claim: 'aud' });
    await expect(verify({ issuer: 'x' })).rejects.toMatchObject({ claim: 'iss' });
    await expect(verify({ expiresInS: -60 })).rejects.toMatchObject({ code: 'ERR_JWT_EXPIRED' });
    await expect(verify({ unsigned: true })).rejects.toThrow();
    await expect(verify({ key: 'foreign' })).rejects.toThrow();
    expect((await ask('POST', '/rotate-keys')).status).toBe(200);
    await expect(verify({})).resolves.toBeDefined();
  });

  test('say what is wrong with a request', async () => {
    expect((await ask('POST', '/incoming', { calls: [] })).status).toBe(400);
    expect((await ask('GET', '/nothing')).json.error.message).toContain('PUT /emulator/faults');
    expect((await ask('PUT', '/subscription', { url: 'nowhere' })).status).toBe(400);
    expect((await ask('GET', '/validate?code=x')).status).toBe(404);
  });

  test('reset ends calls without a word and keeps the subscription', async () => {
    const { phone } = await app.ring();
    const before = app.callbacks.items.length;
    app.acs.reset();
    await phone.closed;
    expect((await ask('GET', '/calls')).json.calls).toEqual([]);
    expect(app.callbacks.count(one => one.name === 'CallDisconnected')).toBe(0);
    expect(app.callbacks.items.length).toBeGreaterThanOrEqual(before);
    await app.ring({ from: '+15550101' });
  });
});

describe('the stand-in', () => {
  test('does not start in production', async () => {
    const before = process.env['NODE_ENV'];
    process.env['NODE_ENV'] = 'production';
    try {
      await expect(startAcs()).rejects.toThrow('NODE_ENV=production');
    } finally {
      if (before === undefined) delete process.env['NODE_ENV'];
      else process.env['NODE_ENV'] = before;
    }
  });

  test('names a port that is in use', async () => {
    await expect(startAcs({ port: app.acs.port })).rejects.toThrow(`Port ${app.acs.port} is in use`);
  });
});
