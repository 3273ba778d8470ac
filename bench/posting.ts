import { Agent, request } from 'node:http';

/** A request that is ready to go: nothing of it is made while it is measured. */
export interface Post {
  url: string;
  authorization: string;
  body: string;
}

export interface Posted {
  /** From the first request to the last answer, ms. */
  wallMs: number;
  /** Of each request, ms. */
  tookMs: number[];
  /** How often each status was answered. */
  statuses: ReadonlyMap<number, number>;
}

/** Posts all of them, `atOnce` at a time, over connections that stay open. */
export async function postAll(posts: readonly Post[], atOnce: number): Promise<Posted> {
  const agent = new Agent({ keepAlive: true, maxSockets: atOnce });
  const tookMs: number[] = [];
  const statuses = new Map<number, number>();
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let post = posts[next++]; post; post = posts[next++]) {
      const began = performance.now();
      const status = await send(post, agent);
      tookMs.push(performance.now() - began);
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    }
  };
  const began = performance.now();
  await Promise.all(Array.from({ length: atOnce }, worker));
  const wallMs = performance.now() - began;
  agent.destroy();
  return { wallMs, tookMs, statuses };
}

function send({ url, authorization, body }: Post, agent: Agent): Promise<number> {
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), authorization };
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, answer => {
      answer.resume();
      answer.on('end', () => resolve(answer.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}
