import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readSettings } from '../contracts/settings.ts';
import { numberedScenarios, numberOf } from './demo-numbers.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'agents-'));
  await mkdir(path.join(folder, 'scenarios'));
  for (const file of ['scenarios/bank.yaml', 'scenarios/notes.txt', 'desk.yaml', 'cards.yaml'])
    await writeFile(path.join(folder, file), '');
});
afterAll(() => rm(folder, { recursive: true }));

test('each scenario and each agent alone has a number, as the setting takes it', async () => {
  const values = await numberedScenarios(folder);
  expect(readSettings(values, ['NUMBER_SCENARIOS'])).toEqual({
    NUMBER_SCENARIOS: ['+1555070000=bank', '+1555070001=cards', '+1555070002=desk'],
  });
});

test('where there is no folder there are no numbers', async () => {
  expect(await numberedScenarios(path.join(folder, 'nowhere'))).toEqual({ NUMBER_SCENARIOS: '' });
});

const reachable = { scenario: 'support', numbers: '+1555070000=bank, +1555070001=clinic' };

test('a scenario is dialled by its number, the usual one by any', () => {
  expect(numberOf('bank', reachable)).toBe('+1555070000');
  expect(numberOf('clinic', reachable)).toBe('+1555070001');
  expect(numberOf('support', reachable)).toBeUndefined();
});

test('a name without a number is told with those that have one', () => {
  expect(() => numberOf('banc', reachable)).toThrow(
    /--scenario banc.*Known: bank, clinic, support\..*NUMBER_SCENARIOS/,
  );
  expect(() => numberOf('banc', { scenario: 'desk', numbers: '' })).toThrow(/Known: desk\./);
});
