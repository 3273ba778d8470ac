import { createServer as createHttpServer } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';

/**
 * An address that stays while the program behind it changes, as a load balancer's does: connections that are open go on
 * to whom they were made, new ones go to whom `PUT /` of the second port names. Run as a process of its own.
 */
let target = 0;

const relay = createServer(near => {
  const far = connect(target, '127.0.0.1');
  near.pipe(far);
  far.pipe(near);
  near.setNoDelay();
  far.setNoDelay();
  // Whoever vanishes takes the other with it: a connection that was reset must not look as if it had ended well.
  near.on('error', () => far.resetAndDestroy());
  far.on('error', () => near.resetAndDestroy());
  near.on('close', () => far.destroy());
  far.on('close', () => near.destroy());
});
const desk = createHttpServer((request, response) => {
  request.setEncoding('utf8').on('data', (text: string) => {
    target = Number(text);
  });
  request.on('end', () => response.end());
});

relay.listen(0, '127.0.0.1', () => {
  desk.listen(0, '127.0.0.1', () => {
    const port = (server: { address(): AddressInfo | string | null }) => (server.address() as AddressInfo).port;
    process.stdout.write(`${JSON.stringify({ ready: true, port: port(relay), desk: port(desk) })}\n`);
  });
});
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
