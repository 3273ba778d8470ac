import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';

/** A thread in which tools leave failures behind that belong to nobody. */
const thread = `
import { parentPort } from 'node:worker_threads';
const { outlivingStrays } = await import(${JSON.stringify(new URL('./strays.ts', import.meta.url).href)});
const kinds = [];
outlivingStrays(process, kind => {
  kinds.push(kind);
  if (kinds.length === 3) parentPort.postMessage(kinds);
});
void Promise.reject(new TypeError('secret 4471'));
setTimeout(() => { throw new RangeError('secret 4471'); });
setTimeout(() => { throw 'secret 4471'; }, 1);
`;

test('what a tool leaves behind to fail ends no thread, and is told by its kind alone', async () => {
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(thread)}`));
  const [kinds] = (await once(worker, 'message')) as [string[]];
  await worker.terminate();
  expect(kinds.sort()).toEqual(['RangeError', 'TypeError', 'string']);
});
