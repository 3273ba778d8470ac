import type { TypedData } from '../core-module.ts';
import type { Exchange } from './exchange.ts';

/** The wire form of a buffered HTTP request: every map holds `{ value }`, repeated values are joined by commas. */
export function toRpcRequest(exchange: Exchange, params: Record<string, string>, body: Buffer): TypedData {
  return {
    http: {
      method: exchange.method,
      url: exchange.url.href,
      nullableHeaders: nullable(requestHeaders(exchange)),
      nullableParams: nullable(params),
      nullableQuery: nullable(requestQuery(exchange)),
      ...(body.length > 0 ? { body: { bytes: body } } : {}),
    },
  };
}

/** Header names in lower case. */
export function requestHeaders({ request }: Exchange): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return headers;
}

export function requestQuery({ url }: Exchange): Record<string, string> {
  const query: Record<string, string> = {};
  for (const name of url.searchParams.keys()) query[name] = url.searchParams.getAll(name).join(',');
  return query;
}

function nullable(values: Record<string, string>): Record<string, { value: string }> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value }]));
}
