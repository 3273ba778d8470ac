/** The routes below `/emulator`: without authentication, because they answer on loopback only. */
import { z } from 'zod';
import { dropCall, raiseIncoming, setFaults, speak, startOver } from './control.ts';
import type { Exchange } from './exchange.ts';
import { callReport, callReports, recordingOf } from './inspection.ts';
import type { Leg } from './leg.ts';
import type { WireReply, WireRequest } from './rest/front-door.ts';

/** Answers a request below `/emulator`. */
export type Admin = (request: WireRequest) => Promise<WireReply>;

interface Asked {
  exchange: Exchange;
  leg: () => Leg;
  query: URLSearchParams;
  body: unknown;
}

type Answer = object | Buffer | Refusal | Promise<object>;

class Refusal extends Error {
  readonly status: number;
  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const schema = z.enum(['EventGridSchema', 'CloudEventSchemaV1_0']).default('EventGridSchema');
const subscription = z.strictObject({ url: z.url(), schema });
const incoming = z.strictObject({
  calls: z.array(z.strictObject({ from: z.string(), to: z.string(), correlationId: z.string().optional() })).min(1),
  copies: z.number().int().min(1).default(1),
  atOnce: z.boolean().default(false),
  asBatch: z.boolean().default(false),
});
const redelivery = z.strictObject({
  correlationId: z.string(),
  copies: z.number().int().min(1).default(1),
  atOnce: z.boolean().default(false),
});
const event = z.strictObject({
  name: z.string(),
  data: z.record(z.string(), z.unknown()).default({}),
  context: z.string().optional(),
  result: z.strictObject({ code: z.number(), subCode: z.number(), message: z.string() }).optional(),
});
const token = z.strictObject({
  audience: z.string().optional(),
  issuer: z.string().optional(),
  expiresInS: z.number().optional(),
  unsigned: z.boolean().optional(),
  key: z.literal('foreign').optional(),
});
const drop = z.strictObject({ by: z.enum(['caller', 'app', 'service']).default('service') });
const speech = z.strictObject({ text: z.string(), rawId: z.string().optional() });

const routes: Record<string, (asked: Asked) => Answer> = {
  'GET /emulator/calls': ({ exchange }) => ({ calls: callReports(exchange) }),
  'GET /emulator/calls/{}': ({ leg }) => callReport(leg()),
  'GET /emulator/calls/{}/recording': ({ leg, query }) =>
    recordingOf(leg(), query.get('ear') === 'app' ? 'app' : 'caller'),
  'POST /emulator/calls/{}/event': ({ leg, body }) => {
    const { name, data, context, result } = event.parse(body);
    leg().tell(name, data, { ...(context === undefined ? {} : { context }), ...(result ? { result } : {}) });
    return {};
  },
  'POST /emulator/calls/{}/drop': ({ exchange, leg, body }) => {
    dropCall(exchange, leg(), drop.parse(body).by);
    return {};
  },
  'POST /emulator/calls/{}/speech': ({ leg, body }) => {
    const { text, rawId } = speech.parse(body);
    speak(leg(), text, rawId);
    return {};
  },
  'GET /emulator/subscription': ({ exchange }) => exchange.grid.subscription ?? {},
  'PUT /emulator/subscription': async ({ exchange, body }) => {
    const { url, schema: chosen } = subscription.parse(body);
    await exchange.grid.subscribe(url, chosen);
    return { url, schema: chosen };
  },
  'GET /emulator/deliveries': ({ exchange }) => ({ deliveries: exchange.grid.deliveries }),
  'GET /emulator/validate': ({ exchange, query }) =>
    exchange.grid.confirm(query.get('code') ?? '') ? {} : new Refusal(404, 'No handshake waits for this code.'),
  'POST /emulator/incoming': ({ exchange, body }) => {
    const { calls, ...how } = incoming.parse(body);
    const named = calls.map(({ from, to, correlationId }) => ({
      from,
      to,
      ...(correlationId ? { correlationId } : {}),
    }));
    return { correlationIds: raiseIncoming(exchange, { calls: named, ...how }) };
  },
  'POST /emulator/redeliver': ({ exchange, body }) => {
    const { correlationId, copies, atOnce } = redelivery.parse(body);
    const isKnown = exchange.grid.redeliver(correlationId, copies, atOnce);
    return isKnown ? {} : new Refusal(404, 'No event of this correlation id was delivered.');
  },
  'GET /emulator/faults': ({ exchange }) => exchange.faults,
  'PUT /emulator/faults': ({ exchange, body }) =>
    setFaults(exchange.faults, z.record(z.string(), z.unknown()).parse(body)),
  'POST /emulator/rotate-keys': async ({ exchange }) => {
    await exchange.tokens.rotate();
    return {};
  },
  'POST /emulator/mint': async ({ exchange, body }) => {
    const asked = Object.entries(token.parse(body)).filter(([, value]) => value !== undefined);
    return { token: await exchange.tokens.mint(Object.fromEntries(asked)) };
  },
  'POST /emulator/reset': ({ exchange }) => {
    startOver(exchange);
    return {};
  },
};

export function createAdmin(exchange: Exchange): Admin {
  return async request => {
    const url = new URL(request.target, 'http://loopback');
    const [, id] = /^\/emulator\/calls\/([^/]+)/.exec(url.pathname) ?? [];
    const path = id === undefined ? url.pathname : url.pathname.replace(id, '{}');
    const route = routes[`${request.method} ${path}`];
    if (!route)
      return json(404, {
        error: { message: `No route ${request.method} ${path}. Known: ${Object.keys(routes).join(', ')}` },
      });
    const leg = () => {
      const found = exchange.anyLeg(id ?? '');
      if (!found) throw new Refusal(404, `No call connection ${id}.`);
      return found;
    };
    try {
      const body: unknown = request.body.length === 0 ? {} : JSON.parse(request.body.toString());
      const answer = await route({ exchange, leg, query: url.searchParams, body });
      if (answer instanceof Refusal) throw answer;
      if (Buffer.isBuffer(answer)) return { status: 200, headers: { 'content-type': 'audio/pcm' }, body: answer };
      return json(200, answer);
    } catch (error) {
      const message = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message;
      return json(error instanceof Refusal ? error.status : 400, { error: { message } });
    }
  };
}

function json(status: number, body: object): WireReply {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
