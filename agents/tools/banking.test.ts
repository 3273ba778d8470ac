import { expect, test } from 'vitest';
import { toolCall } from '../testing/tool-call.ts';
import { accountBalance } from './account-balance.ts';
import { blockCard } from './block-card.ts';
import { lastTransactions } from './last-transactions.ts';
import { myCards } from './my-cards.ts';

const anna = { established: { 'customer-id': '1001' } };

test('balances are those of the caller, in words that every voice says right', async () => {
  const call = await toolCall(anna);
  expect(await call.run(accountBalance)).toEqual({
    accounts: [
      {
        ...{ kind: 'checking', number: '4 4 7 1', balance: '2345.67 USD' },
        spoken: 'two thousand three hundred forty-five dollars and sixty-seven cents',
      },
      {
        ...{ kind: 'savings', number: '4 4 7 2', balance: '12500.00 USD' },
        spoken: 'twelve thousand five hundred dollars',
      },
    ],
  });
});

test('the model cannot name another customer', async () => {
  const call = await toolCall(anna);
  for (const args of [{ customer: '1002' }, { account: '4480' }, { 'customer-id': '1002' }])
    await expect(call.run(accountBalance, args)).rejects.toThrow(/unrecognized/i);
  expect(JSON.stringify(await call.run(myCards))).not.toContain('5518');
});

test.each([accountBalance, lastTransactions, myCards, blockCard])(
  '$name needs a verified caller, and finds nothing without one',
  async tool => {
    expect(tool.needs).toEqual(['customer-id']);
    const call = await toolCall();
    await expect(call.run(tool, tool === blockCard ? { lastFour: '7731' } : {})).rejects.toThrow(/made sure/);
  },
);

test('the newest transactions come first, as many as were asked for', async () => {
  const call = await toolCall(anna);
  expect(await call.run(lastTransactions, { count: 2 })).toEqual({
    transactions: [
      { day: 'Sunday, November 22', text: 'Green Market', spoken: 'minus eighteen dollars and ninety-nine cents' },
      { day: 'Friday, November 20', text: 'City Transit', spoken: 'minus sixty-four dollars and fifty cents' },
    ],
  });
});

test('a card is blocked once, and only the caller’s own', async () => {
  const call = await toolCall(anna);
  expect(await call.run(blockCard, { lastFour: '5518' })).toEqual({ status: 'no such card', card: '5 5 1 8' });
  expect(call.records.changes()).toBe(0);
  for (let again = 0; again < 2; again += 1)
    expect(await call.run(blockCard, { lastFour: '7731' }, 'one')).toEqual({ status: 'blocked', card: '7 7 3 1' });
  expect(call.records.changes()).toBe(1);
  expect(await call.run(myCards)).toMatchObject({ cards: [{ status: 'blocked' }, { status: 'active' }] });
});
