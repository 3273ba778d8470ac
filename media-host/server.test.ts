import { expect, test } from 'vitest';
import { createMetrics } from './observe/metrics.ts';
import { type ServerOptions, startServer } from './server.ts';

const doors = (host: string) => startServer({ host, port: 0, hostId: 'h', metrics: createMetrics() } as ServerOptions);

test('it listens on the address it is given, and does not start where that is not its own', async () => {
  const server = await doors('127.0.0.1');
  const live = await fetch(`http://127.0.0.1:${server.port}/api/v1/health/live`);
  expect(await live.json()).toMatchObject({ hostId: 'h' });
  await server.close();
  // Set aside for documentation: no machine has it.
  await expect(doors('192.0.2.1')).rejects.toThrow('192.0.2.1');
});
