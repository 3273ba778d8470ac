import { randomUUID } from 'node:crypto';
import { ServiceError } from './service-error.ts';
import { QueryError } from './sql/query-error.ts';

/** A request once read: path segments decoded, body parsed. */
export type Call = {
  method: string;
  segments: string[];
  header(name: string): string | undefined;
  body: unknown;
};

/** An answer before it is written. `charge` is in request units. */
export type Reply = { status: number; body?: string; headers?: Record<string, string>; charge?: number };

export function json(status: number, body: unknown, more: Omit<Reply, 'status' | 'body'> = {}): Reply {
  return { status, body: JSON.stringify(body), ...more };
}

/** Whether a header says true; the SDK writes `true` and `True`. */
export function isTrue(value: string | undefined): boolean {
  return value?.toLowerCase() === 'true';
}

/** The error body and headers of anything thrown. Unknown errors become a 500 that says what broke. */
export function errorReply(error: unknown, queryText: string | undefined): Reply {
  const activity = randomUUID();
  if (error instanceof QueryError) {
    const message = `Message: ${JSON.stringify({ errors: [describe(error)] })}\r\n${place(error, queryText)}ActivityId: ${activity}`;
    return json(400, { code: 'BadRequest', message }, { headers: { 'x-ms-activity-id': activity } });
  }
  const known = error instanceof ServiceError ? error : new ServiceError(500, `The stand-in failed: ${String(error)}`);
  const message = `Message: ${JSON.stringify({ Errors: [known.message] })}\r\nActivityId: ${activity}`;
  const headers: Record<string, string> = { 'x-ms-activity-id': activity, ...known.headers };
  if (known.substatus !== 0) headers['x-ms-substatus'] = String(known.substatus);
  return json(known.status, { code: known.code, message }, { headers });
}

function describe({ span, code, message }: QueryError) {
  return { severity: 'Error', ...(span && { location: span }), ...(code && { code }), message };
}

/** The offsets of `location` count from zero; people count lines and columns from one. */
function place({ span }: QueryError, queryText: string | undefined): string {
  if (!span || queryText === undefined) return '';
  const before = queryText.slice(0, span.start).split('\n');
  const token = queryText.slice(span.start, span.end);
  return `At line ${before.length}, column ${before.at(-1)!.length + 1}: '${token}'.\r\n`;
}
