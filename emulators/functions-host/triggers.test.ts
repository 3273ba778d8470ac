import { createServer } from 'node:http';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { closeServer, listenOnLoopback } from '../loopback.ts';
import { eventually } from './probe.ts';
import { buildSampleApp, type SampleApp } from './sample-app.ts';
import type { SpawnedHost } from './spawn-host.ts';

/** Event Grid, timers, queues and the admin routes. */

let app: SampleApp;
let host: SpawnedHost;

beforeAll(async () => {
  app = buildSampleApp();
  host = await app.start({ env: { SAMPLE_SCHEDULE: '* * * * * *', SAMPLE_RUN_ON_STARTUP: 'true' } });
});

afterAll(async () => {
  await host.kill();
  app.remove();
});

const noted = (what: string): number => app.journal().filter(entry => entry.what === what).length;
const master = (): Record<string, string> => ({ 'x-functions-key': host.keys.master });

describe('the Event Grid webhook', () => {
  const deliver = (body: unknown, type = 'Notification', query = ''): Promise<Response> => {
    const code = encodeURIComponent(host.keys.system.eventgrid_extension);
    const url = `${host.url}/runtime/webhooks/EventGrid?functionName=onEvent&code=${code}${query}`;
    return fetch(url, { method: 'POST', headers: { 'aeg-event-type': type }, body: JSON.stringify(body) });
  };
  const event = (id: string, eventType = 'Sample.Happened'): unknown => ({
    id,
    eventType,
    subject: 's',
    data: { id },
    eventTime: '2026-01-01T00:00:00Z',
    dataVersion: '1',
  });

  test('answers the validation handshake', async () => {
    const response = await deliver([{ id: 'v', data: { validationCode: 'abc' } }], 'SubscriptionValidation');
    expect(response.status).toBe(200);
    expect(await response.json()).toEqual({ validationResponse: 'abc' });
  });

  test('invokes the function once per event', async () => {
    expect((await deliver([event('e1'), event('e2')])).status).toBe(202);
    expect(noted('event e1 {"id":"e1"}')).toBe(1);
    expect(noted('event e2 {"id":"e2"}')).toBe(1);
  });

  test('answers 500 when a handler fails, so that the batch comes again', async () => {
    expect((await deliver([event('e3'), event('e4', 'Sample.Fails')])).status).toBe(500);
  });

  test('answers an unsubscription and the CloudEvents handshake', async () => {
    expect((await deliver({ id: 'u' }, 'Unsubscribe')).status).toBe(202);
    const code = encodeURIComponent(host.keys.system.eventgrid_extension);
    const response = await fetch(`${host.url}/runtime/webhooks/EventGrid?functionName=onEvent&code=${code}`, {
      method: 'OPTIONS',
      headers: { 'webhook-request-origin': 'eventgrid.azure.net' },
    });
    expect(response.headers.get('webhook-allowed-origin')).toBe('eventgrid.azure.net');
  });

  test('wants its key and a known function', async () => {
    const url = `${host.url}/runtime/webhooks/EventGrid?functionName=onEvent`;
    expect((await fetch(url, { method: 'POST', body: '[]' })).status).toBe(401);
    const code = encodeURIComponent(host.keys.system.eventgrid_extension);
    const unknown = `${host.url}/runtime/webhooks/EventGrid?functionName=nobody&code=${code}`;
    expect((await fetch(unknown, { method: 'POST', body: '[]' })).status).toBe(404);
  });
});

describe('timers', () => {
  const tick = 'tick {"isPastDue":false,"keys":["isPastDue","schedule","scheduleStatus"]}';

  test('a schedule from a setting ticks every second', async () => {
    await eventually('two ticks', () => noted(tick) >= 2);
  });

  test('runOnStartup runs once at the start', async () => {
    await eventually('the yearly run', () => noted('yearly') === 1);
  });

  test('an occurrence missed while the host was down runs at the next start', async () => {
    const own = buildSampleApp();
    await (await own.start()).stop();
    const db = new DatabaseSync(`${own.dataDir}/functions-host.sqlite`);
    const status = { Last: '2020-01-01T00:00:00Z', LastUpdated: '2020-01-01T00:00:00Z', Next: '2021-01-01T00:00:00Z' };
    db.prepare('UPDATE timers SET status = ? WHERE functionName = ?').run(JSON.stringify(status), 'everySecond');
    db.close();
    const late = await own.start();
    await eventually('a late tick', () => own.journal().some(({ what }) => what.includes('"isPastDue":true')));
    await late.stop();
    own.remove();
  });
});

describe('queues', () => {
  const put = (queue: string, body: string): Promise<Response> =>
    fetch(`${host.url}/admin/queues/${queue}/messages`, { method: 'POST', body, headers: master() });

  test('a message runs the function once, with its metadata', async () => {
    expect((await put('jobs', '{"n":1}')).status).toBe(202);
    await eventually('the message', () => noted('message {"n":1} 1') === 1);
  });

  test('a failing message is tried five times and then goes to the poison queue', async () => {
    await put('jobs', '{"fail":true}');
    await eventually('the poison message', () => noted('poison {"fail":true}') === 1);
    expect([1, 2, 3, 4, 5, 6].map(attempt => noted(`message {"fail":true} ${attempt}`))).toEqual([1, 1, 1, 1, 1, 0]);
  });

  test('a storage account named by AzureWebJobsStorage is polled instead', async () => {
    const requests: string[] = [];
    const storage = createServer((request, response) => {
      const line = `${request.method} ${request.url!.split('?')[0]}`;
      const first = !requests.includes(line);
      requests.push(line);
      const text = Buffer.from('{"from":"storage"}').toString('base64');
      const time = 'Fri, 09 Oct 2026 21:04:30 GMT';
      const message = `<QueueMessage><MessageId>m</MessageId><InsertionTime>${time}</InsertionTime><ExpirationTime>${time}</ExpirationTime><PopReceipt>p</PopReceipt><TimeNextVisible>${time}</TimeNextVisible><DequeueCount>1</DequeueCount><MessageText>${text}</MessageText></QueueMessage>`;
      const body = line === 'GET /acct/jobs/messages' && first ? message : '';
      response.writeHead(200).end(`<QueueMessagesList>${body}</QueueMessagesList>`);
    });
    const endpoint = `http://127.0.0.1:${await listenOnLoopback(storage, 0)}/acct`;
    const own = buildSampleApp();
    const connection = `AccountName=acct;AccountKey=a2V5;QueueEndpoint=${endpoint}`;
    const polling = await own.start({ env: { AzureWebJobsStorage: connection } });
    await eventually('the deletion', () => requests.includes('DELETE /acct/jobs/messages/m'));
    expect(own.journal().filter(({ what }) => what === 'message {"from":"storage"} 1')).toHaveLength(1);
    await polling.stop();
    await closeServer(storage);
    own.remove();
  });

  test('filling a queue by hand wants the master key', async () => {
    const url = `${host.url}/admin/queues/jobs/messages`;
    expect((await fetch(url, { method: 'POST', body: 'x' })).status).toBe(401);
  });
});

describe('admin routes', () => {
  const run = (name: string, body?: string): Promise<Response> =>
    fetch(`${host.url}/admin/functions/${name}`, { method: 'POST', headers: master(), ...(body ? { body } : {}) });

  test('any function runs by hand', async () => {
    const before = noted('yearly');
    expect((await run('yearly')).status).toBe(202);
    await eventually('a yearly run', () => noted('yearly') === before + 1);
    expect((await run('onMessage', '{"input":"{\\"by\\":\\"hand\\"}"}')).status).toBe(202);
    await eventually('the message', () => noted('message {"by":"hand"} 1') === 1);
  });

  test('an unknown function is 404, bad JSON 400, a missing key 401', async () => {
    expect((await run('nobody')).status).toBe(404);
    expect((await run('yearly', '{')).status).toBe(400);
    expect((await fetch(`${host.url}/admin/functions/yearly`, { method: 'POST' })).status).toBe(401);
    expect((await fetch(`${host.url}/admin/host/status`, { headers: master() })).status).toBe(200);
  });
});
