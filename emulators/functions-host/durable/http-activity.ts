import type { HttpCall } from './action.ts';

/** Longest wait for an answer to callHttp, in ms. @default 100000 */
const timeoutMs = 100_000;

/** Serves `context.df.callHttp`: one request, whatever its status, is an answer; only a broken connection fails. */
export async function callHttp(
  call: HttpCall,
): Promise<{ statusCode: number; headers: Record<string, string>; content: string }> {
  if (call.tokenSource) {
    throw new Error('callHttp with a tokenSource needs a managed identity, which a local host does not have.');
  }
  const response = await fetch(call.uri, {
    method: call.method,
    headers: call.headers ?? {},
    redirect: 'manual',
    signal: AbortSignal.timeout(timeoutMs),
    ...(call.content === undefined ? {} : { body: call.content }),
  });
  return { statusCode: response.status, headers: Object.fromEntries(response.headers), content: await response.text() };
}
