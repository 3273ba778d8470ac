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

/** `preferred` when nobody listens there, else any free port; 0 asks for any. */
export async function freePort(preferred: number): Promise<number> {
  return (await tryPort(preferred)) ?? (await tryPort(0))!;
}

function tryPort(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', error => {
      const taken = ['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '');
      if (taken && port !== 0) resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}
