import { randomUUID } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import { type EmailOptions, startEmail } from '../../emulators/email/email.ts';
import { retryAfterMs } from '../resilience/error-classes.ts';
import { testSettings } from '../testing/settings.ts';
import { emailService, type Message } from './email-service.ts';

const message: Message = { to: ['ann@example.com'], subject: 'Hello', text: 'Hello', html: '<p>Hello</p>' };

async function service(options: EmailOptions = {}, more: Record<string, string> = {}) {
  const email = await startEmail(options);
  onTestFinished(() => email.close());
  const given = { EMAIL_CONNECTION_STRING: email.connectionString, EMAIL_SENDER: email.sender, ...more };
  const { send, look } = emailService(testSettings({}, given));
  return { email, look, send: (opId = randomUUID()) => send(message, opId) };
}

test('a message is under way until the service says that it was sent, and nobody waits in between', async () => {
  const { email, send, look } = await service({ takesMs: 60_000, retryAfterSeconds: 7 });
  const operationId = randomUUID();
  const posted = await send(operationId);
  expect(posted).toMatchObject({ state: 'under-way', afterMs: 7_000 });
  if (posted.state !== 'under-way') throw new Error('unreachable');
  expect(await look(posted.resume)).toMatchObject({ state: 'under-way', afterMs: 7_000 });
  expect(email.counters()).toMatchObject({ sends: 1, polls: 2 });
});

test('one that is done at once is sent; asked again under its id it is not sent again', async () => {
  const { email, send } = await service({ takesMs: 0 });
  const operationId = randomUUID();
  expect([await send(operationId), await send(operationId)]).toEqual([{ state: 'sent' }, { state: 'sent' }]);
  expect(email.sent()).toHaveLength(1);
});

test('one that the service drops has failed, with the service’s code', async () => {
  const { send } = await service({ takesMs: 0, faults: { reject: { code: 'EmailDropped' } } });
  expect(await send()).toEqual({ state: 'failed', code: 'EmailDropped' });
});

test('what asking again cannot mend has failed too', async () => {
  const { send } = await service({}, { EMAIL_SENDER: 'me@elsewhere.example' });
  expect(await send()).toEqual({ state: 'failed', code: '404/DomainNotLinked' });
});

test.each([
  ['throttled', { throttle: { retryAfterSeconds: 42 } }, 429, 42_000],
  ['away', { fail: { status: 503 } }, 503, undefined],
] as const)(
  '%s, it may be asked again, after as long as it says, and it is asked once',
  async (_, faults, status, ms) => {
    const { email, send } = await service({ faults });
    const error = await send().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'EMAIL_UNAVAILABLE', retryable: true, details: { status } });
    expect(retryAfterMs(error, Date.now())).toBe(ms);
    expect(email.counters().refused).toEqual({ [status]: 1 });
  },
);

test('nobody there is away too', async () => {
  const { email, send } = await service();
  await email.close();
  await expect(send()).rejects.toMatchObject({ code: 'EMAIL_UNAVAILABLE', details: { status: 'no answer' } });
});
