import { randomUUID } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { EmailClient, type EmailMessage } from '@azure/communication-email';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Email, type EmailOptions, startEmail } from './email.ts';

/**
 * What the service promises, told by the real client. With EMAIL_CONFORMANCE_CONNECTION_STRING, _SENDER and _TO the first
 * suite asks Azure.
 */
const azure = process.env['EMAIL_CONFORMANCE_CONNECTION_STRING'];
const clientOf = (connectionString: string) =>
  new EmailClient(connectionString, {
    allowInsecureConnection: connectionString.includes('http://'),
    retryOptions: { maxRetries: 0 },
  });

async function post(options: EmailOptions = {}): Promise<{ email: Email; client: EmailClient }> {
  const email = await startEmail({ retryAfterSeconds: 0, takesMs: 0, ...options });
  onTestFinished(() => email.close());
  return { email, client: clientOf(email.connectionString) };
}

const letter = (sender: string, to = 'ann@example.com', subject = 'Grüße'): EmailMessage => ({
  senderAddress: sender,
  content: { subject, plainText: 'Guten Tag\n', html: '<p>Guten Tag</p>' },
  recipients: { to: [{ address: to }] },
});
const soon = { updateIntervalInMs: 5 };

describe('the service', () => {
  async function service() {
    if (azure === undefined) {
      const { email, client } = await post();
      return { client, sender: email.sender, to: 'ann@example.com' };
    }
    const { EMAIL_CONFORMANCE_SENDER: sender = '', EMAIL_CONFORMANCE_TO: to = '' } = process.env;
    return { client: clientOf(azure), sender, to };
  }

  test('takes a message, says where to ask, and says that it was sent', async () => {
    const { client, sender, to } = await service();
    const replies: { status: number; location: string | undefined }[] = [];
    const operationId = randomUUID();
    const onResponse = ({ status, headers }: { status: number; headers: { get(name: string): string | undefined } }) =>
      void replies.push({ status, location: headers.get('operation-location') });
    const poller = await client.beginSend(letter(sender, to), { ...soon, operationId, onResponse });
    const result = await poller.pollUntilDone();
    expect(result).toMatchObject({ id: operationId, status: 'Succeeded' });
    expect(replies[0]).toMatchObject({
      status: 202,
      location: expect.stringContaining(`/emails/operations/${operationId}`),
    });
  });

  test('is asked on by whoever has the state of who sent', async () => {
    const { client, sender, to } = await service();
    const state = (await client.beginSend(letter(sender, to), soon)).toString();
    const resumed = await client.beginSend(letter('nobody@nowhere.example'), { ...soon, resumeFrom: state });
    expect(await resumed.pollUntilDone()).toMatchObject({ status: 'Succeeded' });
  });

  test('refuses a message to nobody', async () => {
    const { client, sender } = await service();
    const toNobody = { ...letter(sender), recipients: { to: [] } };
    await expect(client.beginSend(toNobody, soon)).rejects.toMatchObject({ statusCode: 400 });
  });

  test('refuses a stranger', async () => {
    const connectionString = azure ?? (await post()).email.connectionString;
    const stranger = clientOf(connectionString.replace(/accesskey=.*/, `accesskey=${btoa('wrong')}`));
    await expect(stranger.beginSend(letter('a@b.example'), soon)).rejects.toMatchObject({ statusCode: 401 });
  });
});

test('what is sent again under its operation id is one message, also when the first answer was lost', async () => {
  const { email, client } = await post();
  email.setFaults({ fail: { status: 503, taken: true, times: 1 } });
  const options = { ...soon, operationId: randomUUID() };
  await expect(client.beginSend(letter(email.sender), options)).rejects.toMatchObject({ statusCode: 503 });
  const poller = await client.beginSend(letter(email.sender), options);
  expect(await poller.pollUntilDone()).toMatchObject({ status: 'Succeeded' });
  expect(email.sent()).toHaveLength(1);
  expect(email.counters()).toMatchObject({ sends: 2, repeated: 1 });
  const another = client.beginSend(letter(email.sender, 'bob@example.com'), options);
  await expect(another).rejects.toMatchObject({ statusCode: 409 });
});

test('a domain that is not linked sends nothing', async () => {
  const { email, client } = await post();
  const refused = client.beginSend(letter('me@elsewhere.example'), soon);
  await expect(refused).rejects.toMatchObject({ statusCode: 404, code: 'DomainNotLinked' });
  expect(email.sent()).toEqual([]);
});

test('it throttles, and says how long', async () => {
  const { email, client } = await post({ faults: { throttle: { retryAfterSeconds: 42, times: 1 } } });
  const refused = await client.beginSend(letter(email.sender), soon).catch((error: unknown) => error);
  expect(refused).toMatchObject({ statusCode: 429 });
  const { response } = refused as { response: { headers: { get(name: string): string } } };
  expect(response.headers.get('retry-after')).toBe('42');
});

test('a message may fail, and may never come to an end; neither lands anywhere', async () => {
  const { email, client } = await post({ faults: { reject: { code: 'EmailDropped', times: 1 } } });
  const failed = client.beginSend(letter(email.sender), soon).then(poller => poller.pollUntilDone());
  await expect(failed).rejects.toThrow('EmailDropped');
  email.setFaults({ stuck: { times: 1 } });
  const poller = await client.beginSend(letter(email.sender), soon);
  await poller.poll();
  expect(poller.isDone()).toBe(false);
  expect(email.sent()).toEqual([]);
});

test('an identity is let in by its token', async () => {
  const { email } = await post({ bearers: ['entra'] });
  // The SDK sends identities over https only, so the wire is spoken here.
  const send = (token: string) =>
    fetch(`${email.url}/emails:send?api-version=2025-09-01`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(letter(email.sender)),
    });
  expect((await send('entra')).status).toBe(202);
  expect((await send('other')).status).toBe(401);
});

test('messages land as files that mail programs open, and no header can be smuggled in', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'outbox-'));
  onTestFinished(() => rm(dir, { recursive: true }));
  const { email, client } = await post({ dir });
  await client.beginSend(letter(email.sender, 'ann@example.com', 'Grüße\r\nBcc: eve@example.com'), soon);
  const [file = ''] = await readdir(dir);
  expect(file).toMatch(/\.eml$/);
  const [head = '', ...body] = (await readFile(path.join(dir, file), 'utf8')).split('\r\n\r\n');
  expect(head).toContain('To: ann@example.com\r\n');
  expect(head).not.toMatch(/^Bcc/m);
  const subject = head.replaceAll('\r\n ', '').match(/^Subject: (.*)$/m)?.[1] ?? '';
  const words = [...subject.matchAll(/=\?utf-8\?B\?(.*?)\?=/g)].map(([, word = '']) => Buffer.from(word, 'base64'));
  expect(Buffer.concat(words).toString()).toBe('Grüße Bcc: eve@example.com');
  expect(Buffer.from(body[1]?.split('\r\n')[0] ?? '', 'base64').toString()).toBe('Guten Tag\n');
});

test('a webhook that has shaken hands is told what became of each recipient, again while it is away', async () => {
  const told: { data: { status: string; messageId: string; recipient: string } }[] = [];
  let refusals = 1;
  const webhook = createServer(async (request, response) => {
    const body = JSON.parse(await new Response(request as never).text()) as [{ data: { validationCode?: string } }];
    const { validationCode } = body[0].data;
    if (validationCode) return void response.end(JSON.stringify({ validationResponse: validationCode }));
    refusals -= 1;
    if (refusals >= 0) return void response.writeHead(503).end();
    told.push(...(body as unknown as typeof told));
    response.end('{}');
  });
  await new Promise<void>(resolve => webhook.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    webhook.closeAllConnections();
    webhook.close();
  });
  const { email, client } = await post({ faults: { bounce: { times: 1 } } });
  await email.subscribe(`http://127.0.0.1:${(webhook.address() as AddressInfo).port}/`);
  const operationId = randomUUID();
  await client.beginSend(letter(email.sender), { ...soon, operationId });
  await expect.poll(() => told, { interval: 5, timeout: 20_000 }).toHaveLength(1);
  expect(told[0]?.data).toMatchObject({ status: 'Bounced', messageId: operationId, recipient: 'ann@example.com' });
});

test('switches are set from another process too, and a wrong one is told', async () => {
  const { email } = await post();
  const put = (body: object) => fetch(`${email.url}/emulator/faults`, { method: 'PUT', body: JSON.stringify(body) });
  expect(await (await put({ stuck: {} })).json()).toEqual({ stuck: {} });
  expect((await put({ sticky: {} })).status).toBe(400);
  expect(await (await fetch(`${email.url}/emulator/outbox`)).json()).toEqual({ messages: [] });
});
