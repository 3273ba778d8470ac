import { expect, onTestFinished, test } from 'vitest';
import { type CallOpening, callRecord } from '../../contracts/call-record.ts';
import { startCosmos } from '../../emulators/cosmos/cosmos.ts';
import { openStore } from '../store.ts';
import { testSettings } from '../testing/settings.ts';
import { noteDelivery } from './delivery-report.ts';
import { type EmailStatus, furtherOn, noteEmail } from './email-status.ts';

const at = '2026-11-20T14:00:00.000Z';
const news = (status: EmailStatus['status'], reader: EmailStatus['for'] = 'operators'): EmailStatus => ({
  ...{ opId: `op-${reader}`, status, at, for: reader },
});

test('news of one message may come in any order and again', () => {
  const all = (['queued', 'sent', 'delivered'] as const).map(status => news(status));
  const orders = [all, [...all].reverse(), [all[2]!, all[0]!, all[1]!, ...all]];
  for (const order of orders) expect(order.reduce(furtherOn, undefined as never)).toEqual(news('delivered'));
});

test('of several who get a message the worst news counts, and what was given up may arrive after all', () => {
  expect(furtherOn(news('delivered'), news('bounced'))).toEqual(news('bounced'));
  expect(furtherOn(news('bounced'), news('delivered'))).toEqual(news('bounced'));
  expect(furtherOn(news('failed'), news('delivered'))).toEqual(news('delivered'));
});

test('the message that the caller asked for is told of before that of the operators', () => {
  expect(furtherOn(news('delivered'), news('queued', 'caller'))).toEqual(news('queued', 'caller'));
  expect(furtherOn(news('queued', 'caller'), news('failed'))).toEqual(news('queued', 'caller'));
});

test('the record keeps it: from writers who meet, through a record that is saved again, and from delivery reports', async () => {
  const cosmos = await startCosmos();
  onTestFinished(() => cosmos.close());
  const store = openStore(testSettings({ cosmos }));
  const calls = store.documents('calls');
  const callId = 'c'.repeat(32);
  const opening: CallOpening = {
    ...{
      callId,
      direction: 'in',
      startedAt: 1,
      callerHash: 'h',
      calleeId: 'app',
      entryAgent: 'reception',
      mode: 'media',
    },
    ttlSeconds: 86_400,
  };
  const record = callRecord(opening, { phase: 'ended', answeredAt: 1, endedAt: 9 }, [], 2);
  await store.save(record);
  await Promise.all(
    [news('queued'), news('sent'), news('queued', 'caller')].map(each => noteEmail(calls, callId, each)),
  );
  await store.save(record);
  const stored = async () => (await store.read(callId))?.['email'];
  expect(await stored()).toEqual(news('queued', 'caller'));

  const report = (messageId: string, status: string) =>
    noteDelivery(calls, { id: 'e', type: 't', data: { messageId, status } }, Date.parse(at));
  expect(await report('op-caller', 'Delivered')).toBe('processed');
  expect(await report('op-caller', 'Expanded')).toBe('ignored');
  expect(await report('op-of-somebody-else', 'Delivered')).toBe('ignored');
  expect(await report('', 'Delivered')).toBe('failed');
  expect(await stored()).toEqual(news('delivered', 'caller'));
  expect(await report('op-caller', 'Suppressed')).toBe('processed');
  expect(await stored()).toEqual({ ...news('bounced', 'caller'), code: 'Suppressed' });
});
