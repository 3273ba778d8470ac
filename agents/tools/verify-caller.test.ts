import { expect, test } from 'vitest';
import { toolCall } from '../testing/tool-call.ts';
import { verifyCaller } from './verify-caller.ts';
import { verifyPatient } from './verify-patient.ts';

const anna = '+15550100';
const stranger = '+15550177';

test.each(['4471', '4 4 7 1', '44-72', '1001'])('%s and the telephone it belongs to are enough', async number => {
  const call = await toolCall({ from: anna });
  expect(await call.run(verifyCaller, { number })).toMatchObject({ verified: true, name: 'Anna Berger' });
  expect(call.established).toEqual({ 'customer-id': '1001' });
  expect(call.remembered).toEqual({ name: 'Anna Berger' });
  expect(call.asked()).toBe(0);
});

test('from another telephone the PIN is asked for by the keys, and whose telephone it is keeps no name', async () => {
  const call = await toolCall({ from: stranger, presses: ['2580'] });
  expect(await call.run(verifyCaller, { number: '4471' })).toMatchObject({ verified: true });
  expect(call.established['customer-id']).toBe('1001');
  expect(call.remembered).toEqual({});
});

test('a wrong PIN, no PIN and a number that nobody has are told apart by nobody', async () => {
  const answers = [];
  for (const [number, presses] of [
    ['4471', ['1111']],
    ['4471', []],
    ['9999', ['2580']],
  ] as const) {
    const call = await toolCall({ from: stranger, presses });
    answers.push(await call.run(verifyCaller, { number }));
    expect(call.asked()).toBe(1);
    expect(call.established).not.toHaveProperty('customer-id');
  }
  expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1);
  expect(answers[0]).toMatchObject({ verified: false, triesLeft: 2 });
});

test('the fourth try is refused, even a right one', async () => {
  const call = await toolCall({ from: stranger, presses: ['1', '2', '3', '2580'] });
  const answers = [];
  for (let tries = 0; tries < 4; tries += 1) answers.push(await call.run(verifyCaller, { number: '4471' }));
  expect(answers).toMatchObject([{ triesLeft: 2 }, { triesLeft: 1 }, { triesLeft: 0 }, { triesLeft: 0 }]);
  expect(answers.at(-1)).toMatchObject({ verified: false, status: expect.stringContaining('offer a person') });
  expect(call.asked()).toBe(3);
});

test('somebody else’s account opens nothing from one’s own telephone', async () => {
  const call = await toolCall({ from: anna, presses: ['2580'] });
  expect(await call.run(verifyCaller, { number: '4480' })).toMatchObject({ verified: false });
});

test('a patient is known by the date of birth and the telephone, and by neither alone', async () => {
  const call = await toolCall({ from: anna });
  expect(await call.run(verifyPatient, { born: '1979-11-23' })).toMatchObject({ verified: false, triesLeft: 2 });
  expect(await call.run(verifyPatient, { born: '1984-03-09' })).toMatchObject({ verified: true, name: 'Anna Berger' });
  const said = await toolCall({ from: anna });
  expect(await said.run(verifyPatient, { born: 'March 9, 1984' })).toMatchObject({ verified: true });
  const elsewhere = await toolCall({ from: stranger });
  expect(await elsewhere.run(verifyPatient, { born: '1984-03-09' })).toMatchObject({ verified: false });
});

test('digits and names are marked as personal, and the record says neither', () => {
  expect(verifyCaller.personal).toEqual(expect.arrayContaining(['number', 'name']));
  const said = verifyCaller.summarise({ verified: true, status: 'go on', name: 'Anna Berger' }, { number: '4471' });
  expect(said).toBe('the caller is verified');
});
