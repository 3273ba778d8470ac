/** The routes below `/emulator`, for those in another process: JSON in and out, without a key, as they answer on loopback only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { WebPubSubControl } from './control.ts';
import { bodyOf } from './request.ts';

const aim = {
  connection: z.string().optional(),
  hub: z.string().optional(),
  group: z.string().optional(),
  user: z.string().optional(),
};
const closeCode = z.union([z.int().min(1000).max(1003), z.int().min(1007).max(1014), z.int().min(3000).max(4999)]);
const dropping = z.discriminatedUnion('how', [
  z.strictObject({ how: z.literal('reset'), ...aim }),
  z.strictObject({ how: z.literal('half-open'), ...aim }),
  z.strictObject({ how: z.literal('close'), code: closeCode.optional(), reason: z.string().optional(), ...aim }),
]);

const routes: Readonly<Record<string, (control: WebPubSubControl, body: unknown) => unknown>> = {
  'GET connections': control => ({ connections: control.connections() }),
  'GET groups': control => ({ groups: control.groups() }),
  'GET published': control => ({ published: control.published() }),
  'GET counters': control => control.counters(),
  'GET faults': control => control.faults(),
  'PUT faults': (control, body) => {
    control.setFaults(body as never);
    return control.faults();
  },
  'POST drop': (control, body) => {
    const { connection, hub, group, user, ...drop } = dropping.parse(body);
    return { connections: control.drop(drop, { connection, hub, group, user }) };
  },
  'POST reset': control => {
    control.reset();
    return {};
  },
};

export async function serveAdmin(
  control: WebPubSubControl,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const route = routes[`${request.method} ${path.replace('/emulator/', '')}`];
  if (!route) return reply(response, 404, { error: `No ${request.method} ${path}.`, routes: Object.keys(routes) });
  try {
    const body = await bodyOf(request);
    if (!body) throw new Error('The body is longer than 1 MiB.');
    reply(response, 200, route(control, body.length === 0 ? {} : JSON.parse(body.toString('utf8'))));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    reply(response, 400, { error: message });
  }
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
