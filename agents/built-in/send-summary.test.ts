import { expect, test } from 'vitest';
import type { Office } from '../tool.ts';
import { sendSummary } from './send-summary.ts';

const surroundings = { callId: '0'.repeat(32), signal: new AbortController().signal, now: () => 0 };
const noCallBack = async () => undefined;

test('the control plane is asked once per run, under the key of the effect', async () => {
  const sent: string[][] = [];
  const office: Office = { sendSummary: async (...what) => void sent.push(what), callBack: noCallBack };
  const args = sendSummary.parse({ to: ' Ann.Miller+calls@mail.example.com ' });
  const result = await sendSummary.run(args, { ...surroundings, office, idempotencyKey: 'effect-1' });
  expect(result).toEqual({ status: 'the summary is sent when the call has ended' });
  expect(sent).toEqual([['effect-1', 'Ann.Miller+calls@mail.example.com']]);
  expect(sendSummary.effect).toBe(true);
  expect(sendSummary.personal).toEqual(['to']);
  expect(sendSummary.summarise(result, args)).not.toContain('ann');
});

test.each([
  'ann',
  'ann@example',
  'ann@@example.com',
  'ann@example.com, bob@example.com',
  'ann@example.com\r\nBcc: bob@example.com',
  '"ann miller"@example.com',
  'Ann <ann@example.com>',
  '.ann@example.com',
  'ann@-example.com',
  `${'a'.repeat(65)}@example.com`,
])('"%s" is no address', to => {
  expect(() => sendSummary.parse({ to })).toThrow();
});

test('it runs nowhere but in the control plane', async () => {
  await expect(sendSummary.run({ to: 'ann@example.com' }, surroundings)).rejects.toThrow('control plane');
});

test('where no e-mail is sent the model is told so, and the record does not claim one', async () => {
  const office = { sendSummary: async () => 'no-email' as const, callBack: async () => undefined };
  const signal = new AbortController().signal;
  const context = { callId: '0'.repeat(32), signal, now: () => 0, office, idempotencyKey: 'effect-1' };
  const result = await sendSummary.run({ to: 'ann@example.com' }, context);
  expect(result).toEqual({ status: expect.stringContaining('refused') });
  expect(sendSummary.summarise(result, {})).toBe('no e-mail can be sent');
});
