import { existsSync } from 'node:fs';
import os from 'node:os';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

test.skipIf(!existsSync('/proc/thread-self'))(
  'a thread steps back alone: the thread that started it keeps its place (needs Linux)',
  async () => {
    const code = `
    const { parentPort } = require('node:worker_threads');
    import(${JSON.stringify(new URL('./niceness.ts', import.meta.url).href)}).then(({ stepBack }) => parentPort.postMessage(stepBack(7)));
  `;
    const before = os.getPriority(process.pid);
    const worker = new Worker(code, { eval: true });
    const done = await new Promise(resolve => worker.once('message', resolve));
    expect(done).toBe(true);
    expect(os.getPriority(process.pid)).toBe(before);
    await worker.terminate();
  },
);
