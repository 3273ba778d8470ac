/** Carries HTTP requests to the app over kept-alive connections, and cuts every one of them on close. */
import type { IncomingMessage } from 'node:http';
import { Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';

export interface Delivery {
  /** 0 when no answer came; then `error` says why. */
  status: number;
  headers: Record<string, string | string[] | undefined>;
  body: string;
  error?: string;
}

export interface Courier {
  /** Never rejects. @param timeoutMs from the start to the whole answer. */
  send(
    method: 'POST' | 'OPTIONS' | 'GET',
    url: string,
    headers: Record<string, string>,
    body: string | undefined,
    timeoutMs: number,
  ): Promise<Delivery>;
  close(): void;
}

const answerLimit = 8 * 1024 * 1024;

export function createCourier(): Courier {
  const plain = new HttpAgent({ keepAlive: true });
  const secure = new HttpsAgent({ keepAlive: true });
  let isClosed = false;

  return {
    send(method, url, headers, body, timeoutMs) {
      const signal = AbortSignal.timeout(timeoutMs);
      const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
      const failure = (error: Error): Delivery => ({ status: 0, headers: {}, body: '', error: error.message });
      const carry = (): Promise<Delivery> =>
        new Promise(resolve => {
          if (isClosed) return resolve(failure(new Error('The stand-in is closing.')));
          const failed = (error: Error) => resolve(failure(error));
          try {
            const https = new URL(url).protocol === 'https:';
            const options = { method, headers: { ...headers, ...length }, signal, agent: https ? secure : plain };
            const outgoing = (https ? httpsRequest : httpRequest)(url, options, incoming => {
              read(incoming).then(
                text => resolve({ status: incoming.statusCode ?? 0, headers: incoming.headers, body: text }),
                failed,
              );
            });
            outgoing.on('error', (error: NodeJS.ErrnoException) => {
              // The app had closed a connection that was idle, and never saw the request: it goes over another one.
              const unseen = outgoing.reusedSocket && error.code === 'ECONNRESET' && !signal.aborted;
              if (unseen) resolve(carry());
              else failed(error);
            });
            outgoing.end(body);
          } catch (error) {
            failed(error as Error);
          }
        });
      return carry();
    },
    close() {
      isClosed = true;
      plain.destroy();
      secure.destroy();
    },
  };
}

async function read(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of incoming) {
    bytes += (part as Buffer).length;
    if (bytes > answerLimit) throw new Error(`The answer is larger than ${answerLimit} bytes.`);
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts).toString('latin1');
}
