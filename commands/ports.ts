import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** Where each part listens when its place is free; a second system on the same machine takes whatever is. */
export const preferredPorts = {
  functions: 7071,
  mediaHost: 49412,
  acs: 49420,
  speech: 49421,
  chat: 49422,
  cosmos: 49423,
  'web-pubsub': 49424,
  email: 49425,
} as const;

export type Ports = { readonly [K in keyof typeof preferredPorts]: number };

/**
 * Where a part may listen that is started only later, and again in the same place: below the ports that systems give to
 * connections of their own, or one of these could have it by then.
 */
const quiet = { from: 20_000, below: 32_768 };
const given = new Set<number>();

/** `preferred` when nobody listens there, else any free port, and each but once; 0 asks for any. */
export async function freePort(preferred: number): Promise<number> {
  const wished = preferred === 0 ? undefined : await tryPort(preferred);
  if (wished !== undefined) return wished;
  for (;;) {
    const port = randomInt(quiet.from, quiet.below);
    if (given.has(port)) continue;
    given.add(port);
    if ((await tryPort(port)) !== undefined) return port;
  }
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', error => {
      const taken = ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (taken) resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
