import { Agent, createServer, type IncomingHttpHeaders, request as send } from 'node:http';
import { closed, listen } from './relayed-calls.ts';

/** One request that went through a tap, and how it was answered. */
export interface Tapped {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
  status: number;
  /** From the whole request to the whole answer. */
  ms: number;
}

/** Stands before a server, passes everything on as it comes, and tells what went through. */
export interface HttpTap {
  url: string;
  /** Where requests go. */
  upstream: string;
  close(): Promise<void>;
}

export async function openTap(told: (tapped: Tapped) => void): Promise<HttpTap> {
  const agent = new Agent({ keepAlive: true });
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts);
      const began = performance.now();
      const { method, headers, url: path = '/' } = request;
      const done = (status: number) =>
        told({ path, headers, body: body.toString(), status, ms: performance.now() - began });
      const onward = send(`${tap.upstream}${path}`, { method, headers, agent }, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
        answer.on('end', () => done(answer.statusCode ?? 502));
      });
      onward.on('error', () => {
        if (!response.headersSent) response.writeHead(502);
        response.end();
        done(502);
      });
      onward.end(body);
    });
  });
  const tap: HttpTap = {
    url: await listen(server, 'http'),
    upstream: '',
    close: async () => {
      await closed(server);
      agent.destroy();
    },
  };
  return tap;
}
