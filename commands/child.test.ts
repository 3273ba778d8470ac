import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Program, startChild } from './child.ts';
import { supervise } from './supervise.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'child-'));
});
afterAll(() => rm(folder, { recursive: true }));

const program = (script: string, more: Partial<Program> = {}): Program => ({
  name: 'the part',
  command: process.execPath,
  args: ['-e', script],
  env: process.env,
  cwd: folder,
  logFile: path.join(folder, `${Math.random()}.log`),
  ...more,
});
const after = (ms: number) => new Promise<undefined>(resolve => setTimeout(() => resolve(undefined), ms).unref());
const stayUp = 'console.log(JSON.stringify({ ready: true, pid: process.pid })); setInterval(() => 0, 1e6);';

test('a child is ready when it says so, and what it says is logged', async () => {
  const logFile = path.join(folder, 'said.log');
  const child = await startChild(program(`console.log('booting'); ${stayUp}`, { logFile }));
  expect(child.ready['pid']).toBe(child.pid);
  expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
  expect(await readFile(logFile, 'utf8')).toContain('booting');
});

test('a child that dies at start is told with its last lines', async () => {
  const dying = startChild(program("console.error('no such model'); process.exitCode = 3;"));
  await expect(dying).rejects.toThrow('the part ended with code 3 before it was ready.\n  no such model');
});

test('of a line of its log only what it says is told', async () => {
  const line = JSON.stringify({ level: 60, msg: 'cannot go on', err: { message: 'Agent "x" is not there.' } });
  const dying = startChild(program(`console.log(${JSON.stringify(line)}); process.exitCode = 1;`));
  await expect(dying).rejects.toThrow('ended with code 1 before it was ready.\n  Agent "x" is not there.');
});

test('a child that says nothing is given up and killed', async () => {
  const silent = program('console.error(process.pid); setInterval(() => 0, 1e6);', { readyWithinMs: 300 });
  const error = (await startChild(silent).catch((reason: unknown) => reason)) as Error;
  expect(error.message).toContain('the part is not ready after 0.3 s.');
});

test('a program that cannot be found is told', async () => {
  await expect(startChild(program('', { command: 'no-such-program' }))).rejects.toThrow(
    'the part cannot be started: spawn no-such-program ENOENT',
  );
});

test('a child that ignores SIGTERM is killed after its grace', async () => {
  const child = await startChild(program(`process.on('SIGTERM', () => 0); ${stayUp}`));
  expect(await child.stop(100)).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a leashed program goes when its starter does', async () => {
  const leash = path.join(import.meta.dirname, 'leash.ts');
  const starter = `
    const child = require('node:child_process').spawn(process.execPath, ['--import', ${JSON.stringify(leash)}, '-e', ${JSON.stringify(stayUp)}], { stdio: ['pipe', 'inherit', 'inherit'], detached: true });
    setInterval(() => 0, 1e6);`;
  const child = await startChild(program(starter));
  const grandchild = child.ready['pid'] as number;
  process.kill(child.pid, 'SIGKILL');
  // The grandchild holds the starter's output open: `exited` settles only when both are gone.
  const gone = await Promise.race([child.exited, after(5000)]);
  if (!gone) process.kill(grandchild, 'SIGKILL');
  expect(gone).toEqual({ code: null, signal: 'SIGKILL' });
});

test('a killed program is started again, and stays away once stopped', async () => {
  let starts = 0;
  const deaths: unknown[] = [];
  const supervised = await supervise({
    start: () => {
      starts++;
      return startChild(program(stayUp));
    },
    onDeath: exit => deaths.push(exit),
  });
  const first = supervised.current().pid;
  supervised.current().kill('SIGKILL');
  await supervised.current().exited;
  await supervised.up();
  expect(supervised.current().pid).not.toBe(first);
  expect(deaths).toEqual([{ code: null, signal: 'SIGKILL' }]);
  await supervised.restart();
  await supervised.stop();
  expect(starts).toBe(3);
});
