import { request as ask, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * An address that stays while the program behind it is killed and comes back on another port, as a front end's does.
 * While nobody is behind it, it answers 502.
 */
export interface PublicAddress {
  url: string;
  /** Where requests go; undefined when nobody is there. */
  target: string | undefined;
  close(): Promise<void>;
}

export async function publicAddress(): Promise<PublicAddress> {
  const server = createServer((request, response) => {
    const gone = (): void => {
      if (!response.headersSent) response.writeHead(502);
      response.end();
    };
    if (address.target === undefined) return gone();
    const { method, headers, url } = request;
    const onward = ask(`${address.target}${url}`, { method, headers }, reply => {
      response.writeHead(reply.statusCode ?? 502, reply.headers);
      reply.pipe(response);
      reply.on('error', gone);
    });
    onward.on('error', gone);
    request.pipe(onward);
  });
  const address: PublicAddress = {
    url: '',
    target: undefined,
    close: () =>
      new Promise(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  address.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return address;
}
