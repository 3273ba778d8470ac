import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { CallReport } from '../commands/call-report.ts';
import { expectHeard } from './running-system.ts';

test('npm start -- --once --json holds a call of three turns, prints it as one object and leaves nothing running', async () => {
  const home = await mkdtemp(path.join(os.tmpdir(), 'switchboard-test-'));
  // The test runner sets a BASE_URL of its own, and the environment wins over everything.
  const { BASE_URL: _, ...environment } = process.env;
  const command = spawn('npm', ['start', '--silent', '--', '--once', '--json'], {
    env: { ...environment, SWITCHBOARD_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [printed, told, [code]] = await Promise.all([
    text(command.stdout),
    text(command.stderr),
    once(command, 'exit'),
  ]);
  expect(code, told).toBe(0);
  const report = JSON.parse(printed) as CallReport;
  expect(report.turns.length).toBeGreaterThanOrEqual(3);
  expectHeard(report);
  expect(report).toMatchObject({
    callId: expect.stringMatching(/^[0-9a-f]{32}$/),
    mode: 'media',
    endedBy: 'caller',
    bargeIns: [{ framesAfterStop: 0, decisionToStopAudioMs: expect.any(Number) }],
    record: { state: 'final', outcome: 'contained' },
  });
  expect(await readdir(home)).not.toContain('running.json');
  await rm(home, { recursive: true, force: true });
});
