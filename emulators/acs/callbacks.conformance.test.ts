import { parseCallAutomationEvent } from '@azure/communication-call-automation';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { App, Callback } from './test/app.ts';
import { startApp } from './test/app.ts';
import { pause, until } from './test/inbox.ts';

let app: App;
beforeEach(async () => {
  app = await startApp({ faults: { playMs: 20 } });
});
afterEach(() => app.close());

async function verifier(of: App) {
  const document = (await (await fetch(of.acs.openIdConfigUrl)).json()) as { jwks_uri: string };
  const keys = createRemoteJWKSet(new URL(document.jwks_uri), { cooldownDuration: 0 });
  const { issuer, audience } = of.acs;
  return (authorization: string | undefined) =>
    jwtVerify(authorization?.replace(/^Bearer /, '') ?? '', keys, {
      issuer,
      audience,
      algorithms: ['RS256'],
      clockTolerance: 300,
    });
}

const file = { kind: 'fileSource' as const, url: 'https://example.com/a.wav' };

describe('a callback', () => {
  test('is an array of one CloudEvent the SDK parses, with a token of five minutes of its own', async () => {
    const { conn } = await app.ring({ answer: { operationContext: 'op' } });
    await conn.getCallMedia().playToAll([file], { operationContext: 'play' });
    await app.named('PlayCompleted');
    await conn.hangUp(true);
    await app.named('CallDisconnected');
    const verify = await verifier(app);
    for (const { batch, event, name, authorization } of app.callbacks.items) {
      expect(batch).toHaveLength(1);
      expect(parseCallAutomationEvent(event).kind).toBe(name);
      expect(event.data.publicEventType).toBe(event.type);
      expect(event.data.version).toBe('2026-03-12');
      expect(event.source).toBe(`calling/callConnections/${event.data.callConnectionId}`);
      expect(event.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}\+00:00$/);
      const { payload, protectedHeader } = await verify(authorization);
      expect((payload.exp ?? 0) - (payload.iat ?? 0)).toBe(300);
      expect(payload.iss).toBe('https://acscallautomation.communication.azure.com');
      expect(protectedHeader.kid).toBeTruthy();
    }
    expect(new Set(app.callbacks.items.map(one => one.event.id)).size).toBe(app.callbacks.items.length);
  });

  test('omits the operation context nobody gave', async () => {
    await app.ring();
    const { event } = await app.named('CallConnected');
    expect('operationContext' in event.data).toBe(false);
  });

  test('still verifies after the keys were rotated', async () => {
    const verify = await verifier(app);
    const { cc } = await app.ring();
    await verify((await app.named('CallConnected', cc)).authorization);
    await app.acs.rotateKeys();
    const second = await app.ring({ from: '+15550101' });
    await verify((await app.named('CallConnected', second.cc)).authorization);
    const { keys } = (await (await fetch(`${app.acs.url}/calling/keys`)).json()) as { keys: unknown[] };
    expect(keys).toHaveLength(2);
  });

  test.each([
    ['expired', 'ERR_JWT_EXPIRED'],
    ['wrong-audience', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['wrong-issuer', 'ERR_JWT_CLAIM_VALIDATION_FAILED'],
    ['unsigned', 'ERR_JOSE_ALG_NOT_ALLOWED'],
    ['foreign-key', 'ERR_JWKS_NO_MATCHING_KEY'],
    ['missing', 'ERR_JWS_INVALID'],
  ] as const)('with a token that is %s does not verify', async (fault, code) => {
    app.acs.setFaults({ callbackToken: fault });
    const { cc } = await app.ring();
    const { authorization } = await app.named('CallConnected', cc);
    const verify = await verifier(app);
    await expect(verify(authorization)).rejects.toMatchObject({ code });
  });
});

describe('the order of callbacks', () => {
  test('is random for the first two, or as the switch says', async () => {
    const pair = ['CallConnected', 'ParticipantsUpdated'];
    const first = async (order: 'connected-first' | 'participants-first') => {
      app.acs.setFaults({ connectOrder: order });
      const { cc } = await app.ring();
      await app.named('ParticipantsUpdated', cc);
      return app.callbacks.items.find(one => one.event.data.callConnectionId === cc && pair.includes(one.name))?.name;
    };
    expect(await first('connected-first')).toBe('CallConnected');
    expect(await first('participants-first')).toBe('ParticipantsUpdated');
  });

  test('ends with CallDisconnected: nothing of the leg follows it', async () => {
    app.acs.setFaults({ callbackJitterMs: 120 });
    const { conn, cc } = await app.ring({ withMedia: false });
    for (let n = 0; n < 8; n++) await conn.getCallMedia().playToAll([file], { interruptCallMediaOperation: true });
    await conn.hangUp(true);
    await app.named('CallDisconnected', cc);
    await pause(250);
    expect(app.callbacks.items.at(-1)?.name).toBe('CallDisconnected');
    expect(app.callbacks.count(one => one.name === 'CallDisconnected')).toBe(1);
  });

  test('can be swapped between neighbours', async () => {
    const { conn } = await app.ring({ withMedia: false });
    await app.named('ParticipantsUpdated');
    app.acs.setFaults({ callbackReorder: true, callbackJitterMs: 0 });
    await conn.muteParticipant({ phoneNumber: '+15550100' });
    await conn.muteParticipant({ phoneNumber: '+15550100' });
    await app.callbacks.nth(one => one.name === 'ParticipantsUpdated', 3);
    const numbers = app.callbacks.items
      .filter(one => one.name === 'ParticipantsUpdated')
      .map(one => one.event.data.sequenceNumber);
    expect(numbers.slice(1)).toEqual(numbers.slice(1).sort((a, b) => b - a));
  });

  test('media and disconnection close in either order', async () => {
    app.acs.setFaults({ hangUpOrder: 'socket-first', callbackDelayMs: 60 });
    const { conn } = await app.ring();
    await conn.hangUp(true);
    await until(() => app.media.items[0]?.closeCode !== undefined);
    expect(app.callbacks.count(one => one.name === 'CallDisconnected')).toBe(0);
    await app.named('CallDisconnected');
    app.acs.setFaults({ hangUpOrder: 'event-first', callbackDelayMs: 0, callbackJitterMs: 0 });
    const second = await app.ring({ from: '+15550101' });
    await until(() => app.media.items.length === 2);
    await second.conn.hangUp(true);
    await app.named('CallDisconnected', second.cc);
    await until(() => app.media.items[1]?.closeCode === 1000);
  });
});

describe('faults of callbacks', () => {
  test('duplicates carry the same id', async () => {
    app.acs.setFaults({ callbackDuplicates: 2 });
    const { cc } = await app.ring({ withMedia: false });
    await app.callbacks.nth(one => one.name === 'CallConnected', 3);
    const ids = app.callbacks.items.filter(one => one.name === 'CallConnected').map(one => one.event.id);
    expect(new Set(ids).size).toBe(1);
    const statuses = () => app.acs.call(cc)?.callbacks.events.find(one => one.name === 'CallConnected')?.statuses;
    await until(() => statuses()?.join() === '200,200,200');
  });

  test('failures are counted with their status, and retried when the switch says so', async () => {
    app.callbackStatus = 503;
    const { cc } = await app.ring({ withMedia: false });
    await app.named('ParticipantsUpdated', cc);
    await until(() => app.acs.call(cc)?.callbacks.failed === 2);
    expect(app.acs.call(cc)?.callbacks.statuses).toEqual({ 503: 2 });
    app.acs.setFaults({ callbackRetries: 3, callbackRetryMs: 20 });
    const second = await app.ring({ withMedia: false, from: '+15550101' });
    app.callbackStatus = 200;
    const delivered = (one: Callback) => one.name === 'CallConnected' && one.event.data.callConnectionId === second.cc;
    await app.callbacks.nth(delivered, 2);
    await until(() => app.acs.call(second.cc)?.callbacks.statuses['200'] !== undefined);
  });

  test('an event can be lost, delayed or injected', async () => {
    app.acs.setFaults({ callbackDrop: ['ParticipantsUpdated'], callbackDelayMs: 60 });
    const before = performance.now();
    const { cc } = await app.ring({ withMedia: false });
    expect(performance.now() - before).toBeGreaterThan(60);
    app.acs.injectEvent(cc, 'PlayFailed', { failedPlaySourceIndex: 0 });
    await app.named('PlayFailed', cc);
    expect(app.callbacks.count(one => one.name === 'ParticipantsUpdated')).toBe(0);
  });
});
