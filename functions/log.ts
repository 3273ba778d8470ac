import type { InvocationContext } from '@azure/functions';
import { CallError } from '../contracts/error.ts';
import type { Settings } from '../contracts/settings.ts';

/**
 * One JSON line per fact, written through the invocation so that the platform ties it to the request. Only the fields
 * below can be logged: names, numbers and contexts of callers have no field, and what slips into a string is struck out.
 */
export interface LogFields {
  callId?: string;
  callConnectionId?: string;
  type?: string;
  reason?: string;
  code?: string | number;
  subCode?: number;
  status?: string | number;
  error?: string;
  operation?: string;
  subject?: string;
  attempt?: number;
  count?: number;
  ms?: number;
}

const fieldNames: ReadonlySet<string> = new Set<keyof LogFields>([
  'callId',
  'callConnectionId',
  'type',
  'reason',
  'code',
  'subCode',
  'status',
  'error',
  'operation',
  'subject',
  'attempt',
  'count',
  'ms',
]);

export interface Log {
  debug(event: string, fields?: LogFields): void;
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
}

type Level = 'debug' | 'info' | 'warn' | 'error';
type Sink = Pick<InvocationContext, Level>;

const order = ['trace', 'debug', 'info', 'warn', 'error', 'silent'] as const;

export function logTo(sink: Sink, least: Settings['LOG_LEVEL']): Log {
  const write = (level: Level, event: string, fields: LogFields = {}): void => {
    if (order.indexOf(level) >= order.indexOf(least)) sink[level](JSON.stringify({ event, ...harmless(fields) }));
  };
  return {
    debug: (event, fields) => write('debug', event, fields),
    info: (event, fields) => write('info', event, fields),
    warn: (event, fields) => write('warn', event, fields),
    error: (event, fields) => write('error', event, fields),
  };
}

/** What may be told of an error: its kind and code. Messages of libraries can hold addresses with keys in them. */
export function failure(error: unknown): LogFields {
  if (error instanceof CallError) {
    const { operation, status } = error.details;
    return {
      error: 'CallError',
      code: error.code,
      ...(operation !== undefined && { operation: String(operation) }),
      ...(status !== undefined && { status }),
    };
  }
  if (!(error instanceof Error)) return { error: typeof error };
  const code = (error as { code?: unknown }).code;
  return { error: error.name, ...((typeof code === 'string' || typeof code === 'number') && { code }) };
}

function harmless(fields: LogFields): Record<string, unknown> {
  const kept = Object.entries(fields).filter(([name]) => fieldNames.has(name));
  return Object.fromEntries(kept.map(([name, value]) => [name, typeof value === 'string' ? struckOut(value) : value]));
}

const telephone = /\+\d{6,}|\b4:\+?\d{4,}/g;
const identity = /\b8:acs:[\w-]+/g;
const query = /\?[^\s"]*/g;

function struckOut(text: string): string {
  return text.slice(0, 200).replace(telephone, '[number]').replace(identity, '[identity]').replace(query, '?[query]');
}
