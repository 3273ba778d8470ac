import { expect, test } from 'vitest';
import { handoffAsk } from '../../contracts/handoff.ts';
import type { PersonAsk } from '../tool.ts';
import { talkToPerson } from './talk-to-person.ts';

const surroundings = { callId: '0'.repeat(32), signal: new AbortController().signal, now: () => 0 };

test('what a model writes too long is cut to what the control plane takes', async () => {
  const asks: PersonAsk[] = [];
  const askForPerson = async (ask: PersonAsk) => void asks.push(ask);
  const args = talkToPerson.parse({ reason: ` ${'r'.repeat(200)}`, summary: 's'.repeat(9000) });
  expect(await talkToPerson.run(args, { ...surroundings, askForPerson })).toEqual({
    status: 'a person is being sought',
  });
  expect(asks).toHaveLength(1);
  expect(handoffAsk.safeParse(asks[0]).success).toBe(true);
});

test('it fails where there is no caller on the line, and where nobody can be asked', async () => {
  const args = talkToPerson.parse({ reason: 'billing', summary: '' });
  await expect(talkToPerson.run(args, surroundings)).rejects.toThrow();
  const askForPerson = () => Promise.reject(new Error('refused'));
  await expect(talkToPerson.run(args, { ...surroundings, askForPerson })).rejects.toThrow('refused');
});
