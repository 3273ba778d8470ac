import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { freePort } from './ports.ts';

test('a preferred port is taken when free, and another when busy', async () => {
  const free = await freePort(0);
  expect(free).toBeGreaterThan(0);
  const server = createServer();
  await new Promise<void>(resolve => server.listen(free, '127.0.0.1', () => resolve()));
  const other = await freePort(free);
  expect(other).not.toBe(free);
  await new Promise(resolve => server.close(resolve));
  expect(await freePort(free)).toBe(free);
});

test('whoever asks for several is given each but once', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, () => freePort(0)));
  expect(new Set(ports).size).toBe(50);
});
