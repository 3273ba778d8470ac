import { createHmac } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { closeServer, listenOnLoopback } from '../../loopback.ts';
import { decodeText, encodeText } from './queue.ts';
import { parseConnectionString, StorageQueues } from './storage-queue.ts';

/** Requests as the queue service would check them: the signature is rebuilt from what arrived. */

const key = Buffer.from('a key of the account').toString('base64');
let server: Server;
let endpoint: string;
let seen: { line: string; body: string; signed: boolean }[];
let answers: { status: number; body?: string }[];

beforeEach(async () => {
  seen = [];
  answers = [];
  server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const url = new URL(request.url!, 'http://host');
    const header = (name: string): string => (request.headers[name] as string | undefined) ?? '';
    const query = [...url.searchParams].map(([name, value]) => `\n${name}:${value}`).sort();
    const length = header('content-length') === '0' ? '' : header('content-length');
    const text =
      `${request.method}\n\n\n${length}\n\n${header('content-type')}\n\n\n\n\n\n\n` +
      `x-ms-date:${header('x-ms-date')}\nx-ms-version:${header('x-ms-version')}\n/acct${url.pathname}${query.join('')}`;
    const expected = `SharedKey acct:${createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64')}`;
    seen.push({ line: `${request.method} ${request.url}`, body, signed: header('authorization') === expected });
    const answer = answers.shift() ?? { status: 204 };
    response.writeHead(answer.status).end(answer.body);
  });
  endpoint = `http://127.0.0.1:${await listenOnLoopback(server, 0)}/acct`;
});

afterEach(() => closeServer(server));

const queues = (): StorageQueues => new StorageQueues({ name: 'acct', key, queueEndpoint: endpoint });

const xml = `<?xml version="1.0"?><QueueMessagesList><QueueMessage><MessageId>m1</MessageId>
  <InsertionTime>Fri, 09 Oct 2026 21:04:30 GMT</InsertionTime><ExpirationTime>Fri, 16 Oct 2026 21:04:30 GMT</ExpirationTime>
  <PopReceipt>a+b=</PopReceipt><TimeNextVisible>Fri, 09 Oct 2026 21:05:00 GMT</TimeNextVisible><DequeueCount>2</DequeueCount>
  <MessageText>a &lt;b&gt; &amp;amp; &#x41;</MessageText></QueueMessage></QueueMessagesList>`;

describe('Azure Storage queues', () => {
  test('receive takes messages apart', async () => {
    answers.push({ status: 200, body: xml });
    const [message] = await queues().receive('jobs', 16, 600_000);
    expect(message).toEqual({
      id: 'm1',
      popReceipt: 'a+b=',
      text: 'a <b> &amp; A',
      dequeueCount: 2,
      insertedAt: '2026-10-09T21:04:30.000Z',
      expiresAt: '2026-10-16T21:04:30.000Z',
      nextVisibleAt: '2026-10-09T21:05:00.000Z',
    });
    expect(seen).toEqual([
      { line: 'GET /acct/jobs/messages?numofmessages=16&visibilitytimeout=600', body: '', signed: true },
    ]);
  });

  test('every request carries a valid signature', async () => {
    answers.push({ status: 200, body: xml });
    const [message] = await queues().receive('jobs', 1, 1000);
    await queues().remove('jobs', message!);
    await queues().release('jobs', message!, 5000);
    await queues().send('jobs', 'a <b>');
    expect(seen.map(({ line }) => line).slice(1)).toEqual([
      'DELETE /acct/jobs/messages/m1?popreceipt=a%2Bb%3D',
      'PUT /acct/jobs/messages/m1?popreceipt=a%2Bb%3D&visibilitytimeout=5',
      'POST /acct/jobs/messages',
    ]);
    expect(seen.at(-1)!.body).toBe('<QueueMessage><MessageText>a &lt;b&gt;</MessageText></QueueMessage>');
    expect(seen.map(({ signed }) => signed)).toEqual([true, true, true, true]);
  });

  test('an absent queue is empty, and send creates it', async () => {
    answers.push({ status: 404 }, { status: 404 }, { status: 201 }, { status: 201 });
    expect(await queues().receive('jobs', 1, 1000)).toEqual([]);
    await queues().send('jobs', 'x');
    expect(seen.map(({ line }) => line).slice(1)).toEqual([
      'POST /acct/jobs/messages',
      'PUT /acct/jobs',
      'POST /acct/jobs/messages',
    ]);
  });

  test('a refusal names what to check', async () => {
    answers.push({ status: 403 });
    await expect(queues().receive('jobs', 1, 1000)).rejects.toThrow('answered 403');
  });

  test('nobody at the endpoint is told apart from somebody', async () => {
    expect(await queues().probe()).toBe(true);
    expect(await new StorageQueues({ name: 'acct', key, queueEndpoint: 'http://127.0.0.1:9' }).probe()).toBe(false);
  });
});

describe('a connection string', () => {
  test('gives the endpoint, or builds it', () => {
    expect(parseConnectionString(`AccountName=a;AccountKey=${key};QueueEndpoint=http://127.0.0.1:1/a/`)).toEqual({
      name: 'a',
      key,
      queueEndpoint: 'http://127.0.0.1:1/a',
    });
    expect(parseConnectionString(`AccountName=a;AccountKey=${key}`).queueEndpoint).toBe(
      'https://a.queue.core.windows.net',
    );
    expect(parseConnectionString('UseDevelopmentStorage=true').name).toBe('devstoreaccount1');
    expect(() => parseConnectionString('nonsense')).toThrow('AccountName and AccountKey');
  });
});

test('messages are base64 unless the app says otherwise', () => {
  expect(decodeText(encodeText('Grüße', 'base64'), 'base64')).toBe('Grüße');
  expect(decodeText('{"plain":true}', 'base64')).toBe('{"plain":true}');
  expect(encodeText('x', 'none')).toBe('x');
});
