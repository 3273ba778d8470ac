import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { placeCall } from './phone-call.ts';
import { brokenPromises } from './promises.ts';
import { openRecords, type RecordStore } from './record-store.ts';
import { findRunning } from './running.ts';
import { type System, startSystem } from './system.ts';

let folder = '';
let system: System;
let store: RecordStore;
const lines: string[] = [];

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'system-'));
  system = await startSystem({ dir: folder, onLine: line => lines.push(line) });
  store = openRecords({ endpoint: system.cosmosUrl!, key: system.settings['COSMOS_KEY'], database: 'voice' });
}, 60_000);

afterAll(async () => {
  store.close();
  await system.stop();
  await rm(folder, { recursive: true });
});

const goodbye = () => placeCall({ acsUrl: system.acsUrl!, store, steps: [{ say: 'Thank you, goodbye.' }] });

test('every part says when it is ready and where', () => {
  for (const part of ['acs stand-in', 'speech stand-in', 'chat stand-in', 'cosmos stand-in', 'functions', 'media host'])
    expect(lines.some(line => line.startsWith(`✓ ${part}`) && /\d+ ms {2}http:/.test(line))).toBe(true);
});

test('a call is heard, answered and written down', async () => {
  const report = await goodbye();
  expect(brokenPromises(report, { turns: 1 })).toEqual([]);
  expect(report).toMatchObject({
    mode: 'media',
    greeting: { heard: report.greeting.agent },
    turns: [{ said: 'Thank you, goodbye.', agent: 'Thank you for calling. Goodbye.' }],
    endedBy: 'caller',
    record: { callId: report.callId, state: 'final', outcome: 'contained', turnCount: 1 },
  });
  expect(report.turns[0]!.ownMs).not.toBeNull();
});

test('programs that are killed come back in the same place, and calls go on', async () => {
  const before = system.pids();
  await Promise.all([system.kill('functions'), system.kill('mediaHost')]);
  await Promise.all([system.up('functions'), system.up('mediaHost')]);
  const after = system.pids();
  expect(after['functions']).not.toBe(before['functions']);
  expect(after['mediaHost']).not.toBe(before['mediaHost']);
  expect(lines).toContain('! functions died (SIGKILL); starting it again');
  expect((await goodbye()).record?.outcome).toBe('contained');
}, 60_000);

test('other commands find it, and nobody else may read its keys', async () => {
  const running = await findRunning(folder);
  expect(running.pids).toEqual(system.pids());
  expect(running.urls.functions).toBe(system.functionsUrl);
  for (const file of ['running.json', 'functions.settings.json', 'media-host.log'])
    expect((await stat(path.join(folder, file))).mode & 0o077).toBe(0);
});

test('the words of a caller are in no log', async () => {
  const logs = await Promise.all(
    ['functions.log', 'media-host.log'].map(name => readFile(path.join(folder, name), 'utf8')),
  );
  expect(logs.join('')).not.toMatch(/goodbye/i);
});

test('what cannot start leaves nothing running and says why', async () => {
  const other = await mkdtemp(path.join(tmpdir(), 'system-'));
  const started: string[] = [];
  const failing = startSystem({ dir: other, settings: { SCENARIO: 'nobody' }, onLine: line => started.push(line) });
  await expect(failing).rejects.toThrow(/ended with code 1 before it was ready\.[\s\S]*"nobody"[\s\S]*Known: /);
  const [, url] = /acs stand-in.*(http:\S+)/.exec(started.join('\n')) ?? [];
  await expect(fetch(`${url}/calling/keys`)).rejects.toThrow();
  await rm(other, { recursive: true });
}, 60_000);
