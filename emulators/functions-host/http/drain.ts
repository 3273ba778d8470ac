import type { Server } from 'node:http';
import { closeServer } from '../../loopback.ts';

/** Takes no new connection, lets answers that are being written finish for at most `withinMs`, then cuts the rest. */
export async function drainServer(server: Server, withinMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const closed = new Promise<void>(resolve => server.close(() => resolve()));
  const expired = new Promise<void>(resolve => {
    timer = setTimeout(resolve, withinMs);
  });
  // A connection becomes idle only after its answer is written, so idle ones are asked for again and again.
  const sweep = setInterval(() => server.closeIdleConnections(), 20);
  server.closeIdleConnections();
  await Promise.race([closed, expired]);
  clearInterval(sweep);
  clearTimeout(timer);
  await closeServer(server);
}
