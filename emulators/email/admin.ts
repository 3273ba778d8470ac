/** The routes below `/emulator`, for those in another process: JSON in and out, without a key, as they answer on loopback only. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { EmailControl } from './email.ts';
import { reply } from './front-door.ts';

const subscription = z.strictObject({ url: z.url() });

const routes: Readonly<Record<string, (control: EmailControl, body: unknown) => unknown>> = {
  'GET outbox': control => ({ messages: control.sent() }),
  'GET counters': control => control.counters(),
  'GET faults': control => control.faults(),
  'PUT faults': (control, body) => {
    control.setFaults(body as never);
    return control.faults();
  },
  'PUT subscription': async (control, body) => {
    await control.subscribe(subscription.parse(body).url);
    return {};
  },
  'POST reset': control => {
    control.reset();
    return {};
  },
};

export async function serveAdmin(
  control: EmailControl,
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
): Promise<void> {
  const path = new URL(request.url ?? '/', 'http://loopback').pathname.replace('/emulator/', '');
  const route = routes[`${request.method} ${path}`];
  if (!route) return reply(response, 404, { error: `No ${request.method} ${path}.`, routes: Object.keys(routes) });
  try {
    reply(response, 200, await route(control, body.length === 0 ? {} : JSON.parse(body.toString('utf8'))));
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    reply(response, 400, { error: message });
  }
}
