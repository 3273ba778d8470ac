import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { startAcs } from './acs.ts';
import type { App } from './test/app.ts';
import { startApp } from './test/app.ts';
import { pause, until } from './test/inbox.ts';

let app: App;
beforeEach(async () => {
  app = await startApp({ faults: { gridScale: 0.003 } });
});
afterEach(() => app.close());

const call = { from: '+15550100', to: '+15550199' };

describe('the handshake', () => {
  test('posts one validation event and wants its code back', async () => {
    const asked = app.requests.items.find(one => one.headers['aeg-event-type'] === 'SubscriptionValidation');
    const [event] = JSON.parse(asked?.body ?? '[]');
    expect(event).toMatchObject({
      eventType: 'Microsoft.EventGrid.SubscriptionValidationEvent',
      data: {
        validationCode: expect.stringMatching(/^[0-9A-F-]{36}$/),
        validationUrl: expect.stringContaining('http'),
      },
    });
    expect(asked?.headers['aeg-subscription-name']).toBeTruthy();
  });

  test.each([
    [202, () => ({}), 'answered 202'],
    [200, () => ({ validationResponse: 'something else' }), 'validationResponse'],
    [404, () => ({}), 'answered 404'],
  ] as const)('fails on %i with a wrong body', async (status, body, why) => {
    app.acs.setFaults({ gridManualMs: 20 });
    const webhook = createServer((_request, response) => response.writeHead(status).end(JSON.stringify(body())));
    await new Promise<void>(resolve => webhook.listen(0, '127.0.0.1', resolve));
    const { port } = webhook.address() as AddressInfo;
    const reply = await fetch(`${app.acs.url}/emulator/subscription`, {
      method: 'PUT',
      body: JSON.stringify({ url: `http://127.0.0.1:${port}/` }),
    });
    expect(reply.status).toBe(400);
    expect(JSON.stringify(await reply.json())).toContain(why);
    webhook.close();
  });

  test('is completed by fetching the validation URL', async () => {
    const webhook = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += String(part);
      response.end();
      const [event] = JSON.parse(body);
      if (event.data.validationUrl) await fetch(event.data.validationUrl);
    });
    await new Promise<void>(resolve => webhook.listen(0, '127.0.0.1', resolve));
    const { port } = webhook.address() as AddressInfo;
    await app.acs.subscribe(`http://127.0.0.1:${port}/`);
    webhook.closeAllConnections();
    webhook.close();
  });

  test('of CloudEvents is OPTIONS with an origin, and events then come as one object', async () => {
    const bodies: string[] = [];
    const webhook = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += String(part);
      if (request.method === 'OPTIONS') {
        response.setHeader('WebHook-Allowed-Origin', String(request.headers['webhook-request-origin']));
        response.setHeader('WebHook-Allowed-Rate', '100');
      } else bodies.push(body);
      response.end();
    });
    await new Promise<void>(resolve => webhook.listen(0, '127.0.0.1', resolve));
    const { port } = webhook.address() as AddressInfo;
    await app.acs.subscribe(`http://127.0.0.1:${port}/`, 'CloudEventSchemaV1_0');
    app.acs.incoming({ calls: [call] });
    await until(() => bodies.length === 1);
    expect(JSON.parse(bodies[0] ?? '')).toMatchObject({
      specversion: '1.0',
      type: 'Microsoft.Communication.IncomingCall',
      source: expect.stringContaining('/subscriptions/'),
      data: { from: { rawId: '4:+15550100' } },
    });
    await expect(app.acs.subscribe(`${app.url}/nowhere`, 'CloudEventSchemaV1_0')).rejects.toThrow(
      'WebHook-Allowed-Origin',
    );
    webhook.closeAllConnections();
    webhook.close();
  });

  test('can be part of the start, which fails when the webhook does', async () => {
    const second = await startAcs({ subscription: { url: `${app.url}/events` } });
    await second.close();
    await expect(startAcs({ subscription: { url: 'http://127.0.0.1:1/' } })).rejects.toThrow('did not validate');
  });
});

describe('delivery', () => {
  test('carries the IncomingCall of the service, with its headers', async () => {
    app.acs.incoming({ calls: [{ ...call, correlationId: '11111111-2222-4333-8444-555555555555' }] });
    const { body, headers } = await app.incoming.first(() => true);
    expect(headers).toMatchObject({
      'aeg-event-type': 'Notification',
      'aeg-delivery-count': '0',
      'aeg-data-version': '1.0',
    });
    const [event] = JSON.parse(body);
    expect(event).toMatchObject({
      eventType: 'Microsoft.Communication.IncomingCall',
      subject: '/caller/4:+15550100/recipient/4:+15550199',
      dataVersion: '1.0',
      metadataVersion: '1',
    });
    expect(Object.keys(event.data).sort()).toEqual(
      ['to', 'from', 'serverCallId', 'callerDisplayName', 'incomingCallContext', 'correlationId'].sort(),
    );
    expect(event.data.correlationId).toBe('11111111-2222-4333-8444-555555555555');
    expect(event.data.incomingCallContext.length).toBeGreaterThan(4_096);
  });

  test('is tried again after 10 and 30 scaled seconds, then outlives its minute', async () => {
    app.webhookStatus = 503;
    app.acs.incoming({ calls: [call] });
    await app.incoming.nth(() => true, 3);
    await pause(250);
    expect(app.incoming.items.map(one => one.headers['aeg-delivery-count'])).toEqual(['0', '1', '2']);
    const [first, second, third] = app.incoming.items.map(one => one.atMs);
    expect(second! - first!).toBeGreaterThan(28);
    expect(third! - second!).toBeGreaterThan(84);
    expect(app.acs.deliveries().map(one => one.status)).toEqual([503, 503, 503]);
  });

  test.each([400, 401, 403, 413])('is never tried again after %i', async status => {
    app.webhookStatus = status;
    app.acs.incoming({ calls: [call] });
    await until(() => app.acs.deliveries().length === 1);
    await pause(80);
    expect(app.incoming.items).toHaveLength(1);
  });

  test('stops at the most attempts', async () => {
    app.acs.setFaults({ gridAttempts: 2 });
    app.webhookStatus = 500;
    app.acs.incoming({ calls: [call] });
    await app.incoming.nth(() => true, 2);
    await pause(150);
    expect(app.incoming.items).toHaveLength(2);
  });

  test('can be doubled, repeated, and batched', async () => {
    app.acs.setFaults({ gridDuplicates: 1 });
    const [id = ''] = app.acs.incoming({ calls: [call] });
    await app.incoming.nth(() => true, 2);
    app.acs.setFaults({ gridDuplicates: 0 });
    expect(app.acs.redeliver(id, 3, true)).toBe(true);
    expect(app.acs.redeliver('nobody', 1)).toBe(false);
    await app.incoming.nth(() => true, 5);
    const ids = app.incoming.items.map(one => JSON.parse(one.body)[0].id);
    expect(new Set(ids).size).toBe(1);
    app.acs.incoming({ calls: [call, call, call], asBatch: true });
    const batch = await app.incoming.first(one => JSON.parse(one.body).length === 3);
    expect(new Set(JSON.parse(batch.body).map((event: { id: string }) => event.id)).size).toBe(3);
    app.acs.incoming({ calls: [call], copies: 2 });
    await app.incoming.nth(() => true, 8);
  });

  test('of a redelivered call leads to one context, usable once', async () => {
    const [id = ''] = app.acs.incoming({ calls: [call], copies: 2, atOnce: true });
    await app.incoming.nth(({ body }) => body.includes(id), 2);
    const contexts = app.incoming.items.map(one => JSON.parse(one.body)[0].data.incomingCallContext);
    const answers = await Promise.allSettled(contexts.map(context => app.client.answerCall(context, `${app.url}/cb`)));
    expect(answers.map(answer => answer.status).sort()).toEqual(['fulfilled', 'rejected']);
  });
});
