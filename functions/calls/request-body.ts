import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { z } from 'zod';
import { problem } from '../problem.ts';

/** The body of a request to the API, or the answer that turns it away. What was sent is told back to nobody. */
export type Read<T> = { body: T } | { refusal: HttpResponseInit };

const largestBytes = 64 * 1024;

/** An empty body asks for nothing special. */
export async function readBody<S extends z.ZodType>(
  request: HttpRequest,
  schema: S,
  mostBytes = largestBytes,
): Promise<Read<z.output<S>>> {
  if (Number(request.headers.get('content-length') ?? 0) > mostBytes) return tooLarge(mostBytes);
  const text = await request.text();
  if (Buffer.byteLength(text) > mostBytes) return tooLarge(mostBytes);
  if (text.trim() === '') return checked({}, schema);
  if (!isJson(request.headers.get('content-type')))
    return { refusal: problem(415, 'Send JSON, with the content-type application/json.') };
  try {
    return checked(JSON.parse(text), schema);
  } catch (error) {
    if (error instanceof SyntaxError) return { refusal: problem(400, 'The body is not JSON.') };
    throw error;
  }
}

/** Parameters of the address. */
export function readQuery<S extends z.ZodType>(request: HttpRequest, schema: S): Read<z.output<S>> {
  const { code: _key, ...rest } = Object.fromEntries(request.query.entries());
  return checked(rest, schema);
}

function checked<S extends z.ZodType>(given: unknown, schema: S): Read<z.output<S>> {
  const parsed = schema.safeParse(given);
  if (parsed.success) return { body: parsed.data };
  return { refusal: problem(400, parsed.error.issues.slice(0, 10).map(sentence).join('; ')) };
}

const sentence = ({ path, message }: z.core.$ZodIssue): string =>
  path.length === 0 ? message : `${path.join('.')}: ${message}`;

const isJson = (contentType: string | null): boolean =>
  /^application\/([\w.-]+\+)?json\s*(;|$)/i.test(contentType ?? '');

function tooLarge(bytes: number): { refusal: HttpResponseInit } {
  return { refusal: problem(413, `The body is larger than ${bytes} bytes.`) };
}
