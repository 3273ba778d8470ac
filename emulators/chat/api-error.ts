/** Errors in the service's shape: `{error: {message, type, param, code}}`. */
import type { ErrorAnswer } from './trouble.ts';

export class ApiError extends Error {
  readonly status: number;
  readonly code: string | null;
  readonly param: string | null;
  readonly type: string;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    message: string,
    options: { code?: string; param?: string; type?: string; headers?: Record<string, string> } = {},
  ) {
    super(message);
    this.status = status;
    this.code = options.code ?? null;
    this.param = options.param ?? null;
    this.type = options.type ?? 'invalid_request_error';
    this.headers = options.headers ?? {};
  }

  body() {
    const { message, type, param, code } = this;
    return { error: { message, type, param, code } };
  }
}

const usual: Record<number, { type: string; code: string; message: string }> = {
  400: { type: 'invalid_request_error', code: 'invalid_request', message: 'The request is not valid.' },
  401: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided.' },
  404: {
    type: 'invalid_request_error',
    code: 'DeploymentNotFound',
    message: 'The API deployment for this resource does not exist.',
  },
  408: { type: 'timeout', code: 'timeout', message: 'The operation was timeout.' },
  429: {
    type: 'too_many_requests',
    code: 'too_many_requests',
    message: 'Too many requests. Your requests have exceeded the rate limit of this deployment. Please retry later.',
  },
  500: { type: 'server_error', code: 'server_error', message: 'The server had an error processing your request.' },
  503: { type: 'server_error', code: 'service_unavailable', message: 'The service is temporarily unable to answer.' },
};

/** The HTTP error a script or a fault asks for; what it leaves out is filled with what the service usually says. */
export function scriptedError(error: ErrorAnswer): ApiError {
  const like = usual[error.status] ?? usual[error.status < 500 ? 400 : 500]!;
  const headers: Record<string, string> = {};
  if (error.retryAfterSeconds !== undefined) headers['retry-after'] = `${error.retryAfterSeconds}`;
  if (error.retryAfterMs !== undefined) {
    headers['retry-after-ms'] = `${error.retryAfterMs}`;
    headers['retry-after'] ??= `${Math.ceil(error.retryAfterMs / 1000)}`;
  }
  return new ApiError(error.status, error.message ?? like.message, {
    code: error.code ?? like.code,
    type: error.type ?? like.type,
    headers,
    ...(error.param && { param: error.param }),
  });
}
