import { ZodError } from 'zod';
import { CallError } from '../../contracts/error.ts';

/**
 * Every way a dependency can fail, and what is done about it: the one table that the carrier, the media host, Web PubSub
 * and Cosmos share. What asking again cannot mend is asked once, because a caller waits meanwhile.
 */
export type ErrorClass =
  | 'malformed'
  | 'unauthenticated'
  | 'forbidden'
  | 'gone'
  | 'conflict'
  | 'throttled'
  | 'away'
  | 'refused'
  | 'ours';

export interface ErrorRule {
  /** `as-told`: after the time the service names, by back-off where it names none. */
  retry: 'never' | 'as-told' | 'back-off';
  /** The dependency is not well, so its circuit counts it. */
  ill: boolean;
  /** Somebody should look at it. */
  alert: boolean;
  /** What an operator can do. */
  remedy: string;
}

export const errorClasses: Readonly<Record<ErrorClass, ErrorRule>> = {
  malformed: {
    ...{ retry: 'never', ill: false, alert: true },
    remedy:
      'The request is not as the service wants it: check BASE_URL and MEDIA_HOST_PUBLIC_URL (https and wss on Azure).',
  },
  unauthenticated: {
    ...{ retry: 'never', ill: false, alert: true },
    remedy: 'Check the key or connection string in the settings, or the identity that the endpoint is asked with.',
  },
  forbidden: {
    ...{ retry: 'never', ill: false, alert: true },
    remedy: 'Give the key or managed identity (AZURE_CLIENT_ID) its role on this resource.',
  },
  gone: { retry: 'never', ill: false, alert: false, remedy: 'The call may have ended; there is nothing to mend.' },
  conflict: {
    ...{ retry: 'never', ill: false, alert: false },
    remedy: 'Another operation on the call is under way; ask again when it has ended.',
  },
  throttled: {
    ...{ retry: 'as-told', ill: true, alert: true },
    remedy: 'The service asks for fewer requests: raise its quota, or spread the calls over more resources.',
  },
  away: {
    ...{ retry: 'back-off', ill: true, alert: true },
    remedy: 'The service does not answer: look at its health page, its address in the settings, and the network.',
  },
  refused: {
    retry: 'never',
    ill: false,
    alert: true,
    remedy: 'Look the code up in the troubleshooting page of the service.',
  },
  ours: { retry: 'never', ill: false, alert: true, remedy: 'A mistake of this program: see the log.' },
};

const byStatus: Readonly<Record<number, ErrorClass>> = {
  400: 'malformed',
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'gone',
  408: 'throttled',
  409: 'conflict',
  410: 'gone',
  412: 'conflict',
  415: 'malformed',
  422: 'malformed',
  429: 'throttled',
  449: 'throttled',
};

/** @param status of HTTP; undefined where no answer came. */
export function errorClassOfStatus(status: number | undefined): ErrorClass {
  if (status === undefined || status >= 500) return 'away';
  return byStatus[status] ?? 'refused';
}

/** What the SDKs, `fetch` and our own ports throw. */
export function errorClassOf(error: unknown): ErrorClass {
  if (isUnreadable(error)) return 'ours';
  if (error instanceof CallError) {
    const { status } = error.details;
    if (isUnreadable(error.cause)) return 'ours';
    if (typeof status === 'number') return errorClassOfStatus(status);
    return error.retryable ? 'away' : 'refused';
  }
  const status = statusOf(error);
  if (status !== undefined) return errorClassOfStatus(status);
  return isSilence(error) ? 'away' : 'ours';
}

/** The service was there; what it gave or was given is not what we know. */
const isUnreadable = (error: unknown): boolean => error instanceof ZodError || error instanceof SyntaxError;

/** HTTP status an SDK tells: `statusCode` of Azure's REST clients, a numeric `code` of Cosmos, `status` elsewhere. */
function statusOf(error: unknown): number | undefined {
  const { statusCode, status, code } = (error ?? {}) as Record<string, unknown>;
  return [statusCode, status, code].find(
    (value): value is number => typeof value === 'number' && value >= 400 && value < 600,
  );
}

const silences = new Set(['TypeError', 'AbortError', 'TimeoutError', 'RestError', 'SystemError', 'FetchError']);

function isSilence(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as NodeJS.ErrnoException;
  return silences.has(error.name) || (typeof code === 'string' && /^(E[A-Z]+|UND_ERR_\w+)$/.test(code));
}

/**
 * How long the service asks us to wait, ms; undefined where it says nothing.
 * @param now epoch milliseconds, for a Retry-After that is a date
 */
export function retryAfterMs(error: unknown, now: number): number | undefined {
  for (let each: unknown = error; each !== undefined && each !== null; each = (each as { cause?: unknown }).cause) {
    const { retryAfterInMs, response, headers } = each as {
      retryAfterInMs?: unknown;
      response?: { headers?: unknown };
      headers?: unknown;
    };
    if (typeof retryAfterInMs === 'number') return Math.max(0, retryAfterInMs);
    const told = headerOf(response?.headers ?? headers, 'retry-after');
    if (told === undefined) continue;
    const ms = /^\d+$/.test(told) ? Number(told) * 1000 : Date.parse(told) - now;
    if (Number.isFinite(ms)) return Math.max(0, ms);
  }
  return undefined;
}

function headerOf(headers: unknown, name: string): string | undefined {
  if (headers === undefined || headers === null) return undefined;
  const get = (headers as { get?: unknown }).get;
  const value: unknown =
    typeof get === 'function' ? get.call(headers, name) : (headers as Record<string, unknown>)[name];
  return typeof value === 'string' ? value : undefined;
}
