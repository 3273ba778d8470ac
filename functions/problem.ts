import type { HttpResponseInit } from '@azure/functions';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  415: 'Unsupported media type',
  422: 'Cannot be done',
  429: 'Too many requests',
  503: 'Try again',
};

/** For refusals that pass by themselves and do not say when, seconds. */
const usualWaitS = 5;

/**
 * An answer in the negative, as application/problem+json.
 * @param retryAfterS seconds; @default 5 for 429 and 503
 */
export function problem(status: number, detail: string, retryAfterS?: number): HttpResponseInit {
  const waitS = retryAfterS ?? (status === 429 || status === 503 ? usualWaitS : undefined);
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      ...(waitS !== undefined && { 'retry-after': String(waitS) }),
    },
    body: JSON.stringify({ type: 'about:blank', title: titles[status] ?? 'Error', status, detail }),
  };
}
