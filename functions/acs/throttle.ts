/**
 * Remembers how long ACS has told this process to stay away. The SDK waits and tries again by itself; whoever could ask
 * for something new is better told at once to come later.
 */
export interface Throttle {
  /** Milliseconds to wait before asking anything new; 0 when nothing is in the way. */
  waitMs(): number;
  /** Goes into the SDK's pipeline, so that attempts the SDK makes by itself are seen too. */
  policy: {
    name: string;
    sendRequest<Request, Response extends Answer>(
      request: Request,
      next: (request: Request) => Promise<Response>,
    ): Promise<Response>;
  };
}

interface Answer {
  status: number;
  headers: { get(name: string): string | undefined };
}

/** For a 429 that does not say how long. */
const unsaidMs = 1_000;

export function throttle(now: () => number): Throttle {
  let until = 0;
  return {
    waitMs: () => Math.max(0, until - now()),
    policy: {
      name: 'noticeThrottling',
      async sendRequest(request, next) {
        const response = await next(request);
        if (response.status === 429) until = now() + waitOf(response.headers.get('retry-after'), now());
        return response;
      },
    },
  };
}

/** Seconds or a date, as HTTP has them. */
function waitOf(retryAfter: string | undefined, now: number): number {
  const ms = Number(retryAfter) * 1000;
  if (retryAfter !== undefined && Number.isFinite(ms)) return Math.max(0, ms);
  const at = Date.parse(retryAfter ?? '');
  return Number.isNaN(at) ? unsaidMs : Math.max(0, at - now);
}
