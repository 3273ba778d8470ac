import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scenariosOf } from './scenarios.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'switchboard-agents-'));
  await mkdir(path.join(folder, 'scenarios'));
  const scenario = 'name: bank\ndescription: A bank\nstart: desk\nagents: [desk, cards]\n';
  await writeFile(path.join(folder, 'scenarios/bank.yaml'), scenario);
  for (const agent of ['desk', 'cards', 'reception']) await writeFile(path.join(folder, `${agent}.yaml`), '');
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const scenarios = (NUMBER_SCENARIOS: string[] = ['+15550142=bank', '8:acs:desk=cards'], SCENARIO = 'reception') =>
  scenariosOf({ SCENARIO, NUMBER_SCENARIOS, AGENTS_DIR: folder });
const bank = { scenario: 'bank', entryAgent: 'desk' };
const reception = { scenario: 'reception', entryAgent: 'reception' };

test('the number that was rung says which scenario answers; all others are answered by the usual one', async () => {
  const { ofNumber } = scenarios();
  expect(await ofNumber({ rawId: '4:+15550142' })).toEqual(bank);
  expect(await ofNumber({ rawId: '4:+15550142', phoneNumber: { value: '+15550142' } })).toEqual(bank);
  expect(await ofNumber({ rawId: '8:acs:desk' })).toEqual({ scenario: 'cards', entryAgent: 'cards' });
  expect(await ofNumber({ rawId: '4:+15550143' })).toEqual(reception);
});

test.each([
  [{}, undefined, reception],
  [{}, '+15550142', bank],
  [{ scenario: 'bank' }, undefined, bank],
  [{ scenario: 'bank', agent: 'cards' }, undefined, { scenario: 'bank', entryAgent: 'cards' }],
  [{ agent: 'cards' }, '+15550142', { scenario: 'cards', entryAgent: 'cards' }],
])('who asks for %j from number %s gets it', async (wish, callerId, entry) => {
  expect(await scenarios().asked(wish, callerId)).toEqual(entry);
});

test.each([
  [{ scenario: 'banc' }, 'There is no scenario "banc". Known: bank, cards, desk, reception.'],
  [{ agent: 'nobody' }, 'There is no agent "nobody". Known: bank, cards, desk, reception.'],
  [{ scenario: 'bank', agent: 'reception' }, '"reception" is no agent of "bank". Known: cards, desk.'],
])('who asks for %j is told what there is', async (wish, unknown) => {
  expect(await scenarios().asked(wish)).toEqual({ unknown });
});

test.each([
  ['SCENARIO', [], 'bonk'],
  ['NUMBER_SCENARIOS', ['+15550142=bonk'], 'reception'],
])('a %s that is in no file does not start', async (_, numbers, usual) => {
  const starting = scenarios(numbers, usual).ready();
  await expect(starting).rejects.toThrow(/"bonk".*bank/);
  await expect(starting).rejects.toMatchObject({ code: 'SCENARIO_UNKNOWN' });
});

test('what is in the folder starts', () => expect(scenarios().ready()).resolves.toBeUndefined());
