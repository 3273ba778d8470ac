import { mkdir, mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  claimHome,
  findRunning,
  homeFolder,
  type Running,
  readRunning,
  releaseHome,
  removeRunning,
  writeRunning,
} from './running.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'running-'));
});
afterAll(() => rm(folder, { recursive: true }));

const state = (pid: number): Running => ({
  pid,
  startedAt: '2026-11-20T12:00:00Z',
  functionsHost: 'local',
  urls: { functions: 'http://127.0.0.1:1', mediaHost: 'http://127.0.0.1:2' },
  keys: { host: 'h', callSecret: 's', control: 'c' },
  database: 'voice',
  pids: { functions: 7 },
});
/** Larger than any process id. */
const nobody = 2 ** 30;

test('what runs is found again, and its keys are for the owner only', async () => {
  const home = path.join(folder, 'alive');
  await writeRunning(home, state(process.pid));
  expect(await findRunning(home)).toEqual(state(process.pid));
  expect((await stat(path.join(home, 'running.json'))).mode & 0o777).toBe(0o600);
  await removeRunning(home);
  await expect(findRunning(home)).rejects.toThrow('No system is running. Start one with: npm start -- --no-call');
});

test('a system that died is not taken for a running one', async () => {
  const home = path.join(folder, 'dead');
  await writeRunning(home, state(nobody));
  expect(await readRunning(home)).toEqual({ kind: 'stale', pid: nobody });
  await expect(findRunning(home)).rejects.toThrow(`process ${nobody}, ended without tidying up`);
});

test('systems that start in the same moment get homes of their own', async () => {
  const home = path.join(folder, 'shared');
  const homes = await Promise.all([claimHome(home), claimHome(home), claimHome(home)]);
  expect(homes.sort()).toEqual([home, path.join(home, '2'), path.join(home, '3')]);
  await releaseHome(path.join(home, '2'));
  expect(await claimHome(home)).toBe(path.join(home, '2'));
});

test('the home of a process that died is free', async () => {
  const home = path.join(folder, 'left');
  await mkdir(home);
  await writeFile(path.join(home, 'starter.pid'), String(nobody));
  expect(await claimHome(home)).toBe(home);
});

test('SWITCHBOARD_HOME names another home', () => {
  expect(homeFolder('/r', {})).toBe('/r/.switchboard');
  expect(homeFolder('/r', { SWITCHBOARD_HOME: 'other' })).toBe('/r/other');
});
