import { expect, test } from 'vitest';
import { whileLive } from './while-live.ts';

async function collect<T>(source: AsyncIterable<T>, each: (item: T) => void = () => undefined): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) {
    items.push(item);
    each(item);
  }
  return items;
}

async function* counting(to: number) {
  for (let number = 1; number <= to; number++) yield number;
}

test('a live source passes through', async () => {
  expect(await collect(whileLive(counting(3), new AbortController().signal))).toEqual([1, 2, 3]);
});

test('it ends at the abort though the source hangs', async () => {
  async function* hanging() {
    yield 1;
    await new Promise(() => undefined);
  }
  const abort = new AbortController();
  expect(await collect(whileLive(hanging(), abort.signal), () => queueMicrotask(() => abort.abort()))).toEqual([1]);
});

test('nothing follows the abort though the source goes on', async () => {
  const abort = new AbortController();
  expect(await collect(whileLive(counting(9), abort.signal), item => item === 2 && abort.abort())).toEqual([1, 2]);
});

test('an aborted signal lets nothing through', async () => {
  expect(await collect(whileLive(counting(3), AbortSignal.abort()))).toEqual([]);
});

test('the source’s error is thrown, but not after the abort', async () => {
  let fail: (error: Error) => void = () => undefined;
  async function* failing() {
    yield 1;
    await new Promise((_, reject) => {
      fail = reject;
    });
  }
  await expect(
    collect(whileLive(failing(), new AbortController().signal), () => setImmediate(() => fail(new Error('x')))),
  ).rejects.toThrow('x');
  const abort = new AbortController();
  expect(await collect(whileLive(failing(), abort.signal), () => setImmediate(() => abort.abort()))).toEqual([1]);
  fail(new Error('late'));
});

test('the source is closed when the reader stops', async () => {
  let closed = false;
  async function* closing() {
    try {
      yield 1;
      yield 2;
    } finally {
      closed = true;
    }
  }
  for await (const _ of whileLive(closing(), new AbortController().signal)) break;
  expect(closed).toBe(true);
});
