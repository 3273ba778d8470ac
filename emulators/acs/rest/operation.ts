import { z } from 'zod';
import type { Exchange } from '../exchange.ts';
import type { Leg } from '../leg.ts';
import { invalidArgument, notEstablished } from './acs-error.ts';
import type { Addressed } from './addresses.ts';
import { checkAddresses } from './addresses.ts';
import type { Body } from './bodies.ts';

/** One request that has passed the door: signed, not a repetition, routed. */
export interface OperationRequest<T = undefined> {
  exchange: Exchange;
  /** Decoded variable parts of the path. */
  params: string[];
  body: T;
  apiVersion: string;
}

export interface Reply {
  status: number;
  body?: unknown;
  /** Goes out as `X-Microsoft-Skype-Chain-ID`. */
  correlationId?: string;
}

/** A row of the service's operation table. */
export interface Operation {
  method: 'GET' | 'POST' | 'DELETE';
  /** Path with `{}` for each variable part. */
  path: string;
  run(exchange: Exchange, params: string[], rawBody: unknown, apiVersion: string): Reply | Promise<Reply>;
}

/** An operation without a body. */
export function bare(
  method: Operation['method'],
  path: string,
  run: (request: OperationRequest) => Reply | Promise<Reply>,
): Operation {
  return {
    method,
    path,
    run: (exchange, params, _rawBody, apiVersion) => run({ exchange, params, apiVersion, body: undefined }),
  };
}

/** A POST whose body is checked before `run` sees it. */
export function post<T>(
  path: string,
  body: Body<T>,
  run: (request: OperationRequest<T>) => Reply | Promise<Reply>,
): Operation {
  return {
    method: 'POST',
    path,
    run(exchange, params, rawBody, apiVersion) {
      const checked = (exchange.strict ? body.strict : body.lenient).safeParse(rawBody ?? {});
      if (!checked.success) throw invalidArgument(z.prettifyError(checked.error).replaceAll('\n', ' '));
      checkAddresses(exchange, checked.data as Addressed);
      return run({ exchange, params, apiVersion, body: checked.data });
    },
  };
}

/** A POST on a live leg: `leg` comes resolved, and its correlation id goes out with the reply. */
export function onLeg<T>(
  path: string,
  body: Body<T>,
  run: (leg: Leg, request: OperationRequest<T>) => Reply | Promise<Reply>,
): Operation {
  return post(`/calling/callConnections/{}${path}`, body, async request => {
    const leg = request.exchange.leg(request.params[0] ?? '');
    return { correlationId: leg.conversation.correlationId, ...(await run(leg, request)) };
  });
}

/** As `onLeg`, for operations that are legal from `CallConnected` on. */
export function onConnectedLeg<T>(path: string, body: Body<T>, run: Parameters<typeof onLeg<T>>[2]): Operation {
  return onLeg(path, body, (leg, request) => {
    if (leg.state === 'unknown' || leg.state === 'connecting') throw notEstablished();
    return run(leg, request);
  });
}

/** Where the events of an operation go, and what they repeat. */
export function addressOf(body: { operationContext?: string | undefined; operationCallbackUri?: string | undefined }) {
  return { context: body.operationContext, to: body.operationCallbackUri };
}

/** `{operationContext}` of a reply, or `{}`. */
export function contextOnly(context: string | undefined): object {
  return context === undefined ? {} : { operationContext: context };
}
