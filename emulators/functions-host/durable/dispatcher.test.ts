import { expect, test } from 'vitest';
import { Dispatcher } from './dispatcher.ts';

/** Work that ends when the test says so. */
function controlled(
  limit: number,
  begins: 'at-once' | 'one-a-turn' = 'at-once',
): {
  dispatcher: Dispatcher<string>;
  begun: string[];
  end: (key: string) => Promise<void>;
} {
  const begun: string[] = [];
  const endings = new Map<string, () => void>();
  const dispatcher = new Dispatcher<string>({
    limit,
    begins,
    run: key => {
      begun.push(key);
      return new Promise(resolve => endings.set(key, resolve));
    },
    onError: () => undefined,
  });
  const end = async (key: string): Promise<void> => {
    endings.get(key)!();
    await new Promise(resolve => setImmediate(resolve));
  };
  return { dispatcher, begun, end };
}

test('work starts inside wake, never more than the limit at once', async () => {
  const { dispatcher, begun, end } = controlled(2);
  for (const key of ['a', 'b', 'c']) dispatcher.wake(key);
  expect(begun).toEqual(['a', 'b']);
  await end('a');
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('a key that is woken while it runs, runs again afterwards and never twice at once', async () => {
  const { dispatcher, begun, end } = controlled(5);
  dispatcher.wake('a');
  dispatcher.wake('a');
  dispatcher.wake('a');
  expect(begun).toEqual(['a']);
  await end('a');
  expect(begun).toEqual(['a', 'a']);
  await end('a');
  expect(begun).toEqual(['a', 'a']);
});

test('a failing run is reported and frees its place', async () => {
  const failed: unknown[] = [];
  const run = (key: string): Promise<void> => (key === 'bad' ? Promise.reject(new Error('no')) : Promise.resolve());
  const dispatcher = new Dispatcher<string>({
    limit: 1,
    run,
    onError: (_, error) => failed.push((error as Error).message),
  });
  dispatcher.wake('bad');
  dispatcher.wake('good');
  await dispatcher.stop();
  expect(failed).toEqual(['no']);
});

test('stop waits for what runs and starts nothing more', async () => {
  const { dispatcher, begun, end } = controlled(1);
  dispatcher.wake('a');
  dispatcher.wake('b');
  const stopped = dispatcher.stop();
  dispatcher.wake('c');
  await end('a');
  await stopped;
  expect(begun).toEqual(['a']);
});

const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve));

test('with one a turn, requests come between two beginnings and what is woken again meanwhile runs once', async () => {
  const { dispatcher, begun } = controlled(5, 'one-a-turn');
  for (const key of ['a', 'b', 'b', 'c']) dispatcher.wake(key);
  expect(begun).toEqual([]);
  await turn();
  expect(begun).toEqual(['a']);
  dispatcher.wake('b');
  await turn();
  await turn();
  expect(begun).toEqual(['a', 'b', 'c']);
});

test('with one a turn, a key that is woken while it runs follows its own end', async () => {
  const { dispatcher, begun, end } = controlled(5, 'one-a-turn');
  dispatcher.wake('a');
  await turn();
  dispatcher.wake('a');
  await turn();
  expect(begun).toEqual(['a']);
  await end('a');
  await turn();
  expect(begun).toEqual(['a', 'a']);
});
