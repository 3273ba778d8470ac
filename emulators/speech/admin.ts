/**
 * The admin's door under /emulator: the control of the stand-in for those who are in another process. Plain JSON in and out;
 * a wrong request is a 400 that says what is wrong.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { SpeechControl } from './control.ts';

const aim = { session: z.string().optional(), service: z.enum(['stt', 'tts']).optional() };
const injection = z.strictObject({
  say: z.enum(['hypothesis', 'phrase', 'no-match']),
  text: z.string().default(''),
  ...aim,
});
const closing = z.strictObject({
  code: z.int().min(1000).max(4999).optional(),
  reason: z.string().optional(),
  abort: z.boolean().optional(),
  ...aim,
});
const lesson = z.strictObject({ name: z.string().min(1), words: z.string().min(1), pcmBase64: z.base64() });

const LONGEST_BODY_BYTES = 16 * 1024 * 1024;

type Route = (control: SpeechControl, body: unknown, rest: string) => unknown;

const ROUTES: Readonly<Record<string, Route>> = {
  'GET sessions': (control, _, id) => (id === '' ? control.sessions() : control.messages(id)),
  'GET counters': control => control.counters(),
  'GET knobs': control => control.knobs(),
  'PUT knobs': (control, body) => {
    control.turn(body as never);
    return control.knobs();
  },
  'GET faults': control => control.faults(),
  'PUT faults': (control, body) => {
    control.setFaults(body as never);
    return control.faults();
  },
  'POST inject': (control, body) => {
    const { say, text, ...aimed } = injection.parse(body);
    return { turns: control.inject(say, text, aimed) };
  },
  'POST close': (control, body) => {
    const { session, service, ...how } = closing.parse(body);
    return { sockets: control.closeSockets(how, { session, service }) };
  },
  'GET phrasebook': control => control.phrasebook(),
  'POST phrasebook': (control, body) => {
    const { name, words, pcmBase64 } = lesson.parse(body);
    const bytes = Buffer.from(pcmBase64, 'base64');
    const pcm = Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2));
    control.learn({ name, words, pcm });
    return control.phrasebook();
  },
  'POST reset': control => {
    control.reset();
    return { reset: true };
  },
};

export async function serveAdmin(
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  control: SpeechControl,
): Promise<void> {
  const [, name = '', rest = ''] = /^\/emulator\/([\w-]+)(?:\/([^/]+))?$/.exec(path) ?? [];
  const route = ROUTES[`${request.method} ${name}`];
  if (!route) return reply(response, 404, { error: `No ${request.method} ${path}.`, routes: Object.keys(ROUTES) });
  try {
    const body = await readBody(request);
    const result = route(control, body, rest);
    reply(response, result === undefined ? 404 : 200, result ?? { error: `No session ${rest}.` });
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
    reply(response, 400, { error: message });
  }
}

async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > LONGEST_BODY_BYTES) throw new Error('The body is longer than 16 MiB.');
    parts.push(part as Buffer);
  }
  return bytes === 0 ? {} : JSON.parse(Buffer.concat(parts).toString('utf8'));
}

export function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
