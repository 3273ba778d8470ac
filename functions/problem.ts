import type { HttpResponseInit } from '@azure/functions';

const titles: Readonly<Record<number, string>> = {
  400: 'Bad request',
  401: 'Unauthorized',
  404: 'Not found',
  409: 'Conflict',
  413: 'Too large',
  503: 'Try again',
};

/** An answer in the negative, as application/problem+json. */
export function problem(status: number, detail: string): HttpResponseInit {
  return {
    status,
    headers: { 'content-type': 'application/problem+json', ...(status === 503 && { 'retry-after': '5' }) },
    body: JSON.stringify({ type: 'about:blank', title: titles[status] ?? 'Error', status, detail }),
  };
}
