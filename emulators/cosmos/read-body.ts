import type { IncomingMessage } from 'node:http';
import { badRequest, ServiceError } from './service-error.ts';

/** Above any document, batch or bulk request the service takes; reading stops there. */
const MAX_REQUEST_BYTES = 4 * 1024 * 1024;

/** The JSON body of a request, undefined when empty. @throws ServiceError 400 for no JSON, 413 when too large */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Read to the end even when too large: an answer before that would reach the client as a broken connection.
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes <= MAX_REQUEST_BYTES) chunks.push(chunk);
  }
  if (bytes > MAX_REQUEST_BYTES) throw new ServiceError(413, 'Request size is too large');
  if (bytes === 0) return undefined;
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw badRequest('The request body is not JSON.');
  }
}
