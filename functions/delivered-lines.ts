import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import { linesOf } from './acs/event-grid.ts';
import { problem } from './problem.ts';

/** What a delivery of events may look like: JSON of one event or an array of them, and no longer than is ever sent. */
export async function deliveredLines(
  request: HttpRequest,
  longest: number,
): Promise<{ lines: unknown[] } | { refusal: HttpResponseInit }> {
  const refuse = (status: number, detail: string) => ({ refusal: problem(status, detail) });
  if (Number(request.headers.get('content-length') ?? 0) > longest) return refuse(413, tooLong(longest));
  const body = await request.text();
  if (Buffer.byteLength(body) > longest) return refuse(413, tooLong(longest));
  const lines = linesOf(body);
  if (!lines) return refuse(400, 'The body is not JSON with one event or an array of events.');
  // ACS does not document how it names its batches, so any JSON will do, and so will a body nobody has named.
  const type = request.headers.get('content-type') ?? '';
  if (type !== '' && !/^\w+\/([\w.-]+\+)?json\s*(;|$)/i.test(type))
    return refuse(415, 'Send events as JSON: application/json or application/cloudevents-batch+json.');
  return { lines };
}

const tooLong = (bytes: number): string => `A delivery of events has at most ${bytes} bytes.`;
