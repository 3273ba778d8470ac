import { createServer, get, type ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { closeServer, listenOnLoopback } from '../loopback.ts';
import { type Patience, patienceWith } from './patience.ts';

/** A response on its way to a client, and the client's way to leave. */
async function onTheLine(): Promise<{ patience: Patience; res: ServerResponse; leave: () => void }> {
  const arrived = Promise.withResolvers<ServerResponse>();
  const server = createServer((_, res) => arrived.resolve(res));
  onTestFinished(() => closeServer(server));
  const client = get({ host: '127.0.0.1', port: await listenOnLoopback(server, 0) });
  client.on('error', () => undefined);
  const res = await arrived.promise;
  return { patience: patienceWith(res), res, leave: () => client.destroy() };
}

test('a wait ends at its time', async () => {
  const { patience } = await onTheLine();
  const dueMs = performance.now() + 40;
  expect(await patience.until(dueMs)).toBe(true);
  expect(performance.now()).toBeGreaterThanOrEqual(dueMs);
});

test.each([
  ['for a time', (patience: Patience) => patience.until(performance.now() + 3_600_000)],
  ['for ever', (patience: Patience) => patience.forEver()],
])('a wait %s ends when the client goes away', async (_, wait) => {
  const { patience, leave } = await onTheLine();
  const waited = wait(patience);
  leave();
  expect(await waited).toBe(false);
  expect(await wait(patience)).toBe(false);
});

test('a client that does not read is waited for, and no longer than it stays', async () => {
  const { patience, res, leave } = await onTheLine();
  while (res.write('x'.repeat(1_000_000)));
  const waited = patience.drained();
  leave();
  expect(await waited).toBe(false);
});
