import { expect, test } from 'vitest';
import { toolCall } from '../testing/tool-call.ts';
import { myInvoices } from './my-invoices.ts';
import { myTickets } from './my-tickets.ts';
import { openTicket } from './open-ticket.ts';
import { postponeInvoice } from './postpone-invoice.ts';

const as = (customer: string) => ({ established: { 'customer-id': customer } });

test('an open invoice is told with amount and day; one that is late is overdue', async () => {
  const anna = await toolCall(as('1001'));
  expect(await anna.run(myInvoices)).toEqual({
    invoices: [
      {
        ...{ number: 'INV-2031', spoken: 'I N V, 2 0 3 1', text: 'Internet, this month', status: 'open' },
        ...{ amount: 'forty-nine dollars and ninety cents', due: 'Friday, November 27', canBePostponed: true },
      },
    ],
  });
  expect(await anna.run(myInvoices, { which: 'all' })).toMatchObject({ invoices: [{}, { status: 'paid' }] });
  const thomas = await toolCall(as('1002'));
  expect(await thomas.run(myInvoices)).toMatchObject({ invoices: [{ status: 'overdue' }] });
});

test('an invoice is postponed once: a repeated effect is the same one, another is refused', async () => {
  const call = await toolCall(as('1001'));
  const postponed = { status: 'postponed', due: 'Friday, December 11' };
  expect(await call.run(postponeInvoice, { number: 'inv-2031' }, 'one')).toEqual(postponed);
  expect(await call.run(postponeInvoice, { number: 'INV-2031' }, 'one')).toEqual(postponed);
  expect(await call.run(postponeInvoice, { number: 'INV-2031' }, 'two')).toEqual({
    status: 'refused: was postponed before',
  });
  expect(await call.run(myInvoices)).toMatchObject({
    invoices: [{ due: 'Friday, December 11', canBePostponed: false }],
  });
});

test('what is late gets two weeks from today; what is paid or another’s gets none', async () => {
  const thomas = await toolCall(as('1002'));
  expect(await thomas.run(postponeInvoice, { number: 'INV-2032' })).toMatchObject({ due: 'Monday, December 7' });
  expect(await thomas.run(postponeInvoice, { number: 'INV-2031' })).toEqual({ status: 'no such invoice' });
  const anna = await toolCall(as('1001'));
  expect(await anna.run(postponeInvoice, { number: 'INV-1987' })).toEqual({ status: 'refused: already paid' });
});

test('a report has one number however often it is asked for, and is found again', async () => {
  const call = await toolCall(as('1003'));
  const report = { subject: 'No internet since noon' };
  const first = await call.run(openTicket, report, 'one');
  expect(first).toMatchObject({ status: 'reported', number: expect.stringMatching(/^T, \d \d \d, \d \d \d, \d \d$/) });
  expect(await call.run(openTicket, report, 'one')).toEqual(first);
  expect(await call.run(openTicket, report, 'two')).not.toEqual(first);
  expect(await call.run(myTickets)).toMatchObject({ tickets: [report, report] });
  expect(await call.run(myTickets)).toMatchObject({ tickets: [{ day: 'Monday, November 23', status: 'open' }, {}] });
});
