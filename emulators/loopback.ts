import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Stand-ins are for laptops and CI: they accept well-known keys, so they must never run where real callers are. */
export function refuseProduction(name: string): void {
  if (process.env['NODE_ENV'] === 'production') {
    throw new Error(
      `The ${name} stand-in does not run with NODE_ENV=production. Set the real service's endpoint in local.settings.json, or unset NODE_ENV.`,
    );
  }
}

/**
 * Binds `server` to 127.0.0.1 and tells the port.
 * @param port 0 lets the system choose; a busy port is an error that names it.
 */
export function listenOnLoopback(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', error => {
      const busy = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      reject(
        busy ? new Error(`Port ${port} is in use. Choose another, or 0 for any free port.`, { cause: error }) : error,
      );
    });
    server.listen(port, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

/** Stops listening and cuts every open connection, so that nothing outlives a test. */
export function closeServer(server: Server): Promise<void> {
  return new Promise(resolve => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
