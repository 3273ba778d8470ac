import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { soundMemory } from './sound-ring.ts';

let folder: string;
let worker: Worker;
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'switchboard-spool-'));
});
afterEach(async () => {
  await worker.terminate();
  await rm(folder, { recursive: true, force: true });
});

test('what cannot be replayed is told and counted without a word of what was said', async () => {
  await writeFile(path.join(folder, 'a.jsonl'), '{"text":"my secret is');
  await writeFile(path.join(folder, 'b.jsonl'), 'secret words');
  // Not even a file: the replay itself fails.
  await mkdir(path.join(folder, 'c.jsonl'));
  worker = new Worker(new URL('./journal-worker.ts', import.meta.url), {
    workerData: { cells: new Int32Array(new SharedArrayBuffer(4)), sounds: soundMemory(1) },
    env: { SPOOL_DIR: folder, COSMOS_ENDPOINT: 'http://127.0.0.1:9', COSMOS_KEY: 'a2V5' },
    stderr: true,
  });
  let printed = '';
  worker.stderr.on('data', chunk => {
    printed += String(chunk);
  });
  worker.once('error', error => {
    printed += String(error);
  });
  const told: unknown[] = [];
  worker.on('message', ({ messages }: { messages: unknown[] }) => told.push(...messages));
  await vi.waitUntil(() => printed.includes('EISDIR') && told.length === 2, { timeout: 10_000 });
  expect(told).toEqual([{ type: 'unreadable' }, { type: 'unreadable' }]);
  expect(printed).toContain(path.join(folder, 'a.jsonl.bad'));
  expect(printed).not.toMatch(/secret|words/);
  expect((await readdir(folder)).sort()).toEqual(['a.jsonl.bad', 'b.jsonl.bad', 'c.jsonl']);
});
