/** An answer the service gives instead of a result: HTTP status, its name in the body, and words for people. */
export class ServiceError extends Error {
  readonly status: number;
  readonly substatus: number;
  readonly headers: Record<string, string>;

  constructor(status: number, message: string, more: { substatus?: number; headers?: Record<string, string> } = {}) {
    super(message);
    this.name = 'ServiceError';
    this.status = status;
    this.substatus = more.substatus ?? 0;
    this.headers = more.headers ?? {};
  }

  /** The `code` of the error body. */
  get code(): string {
    return CODES[this.status] ?? 'InternalServerError';
  }
}

const CODES: Record<number, string> = {
  400: 'BadRequest',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'NotFound',
  405: 'MethodNotAllowed',
  408: 'RequestTimeout',
  409: 'Conflict',
  410: 'Gone',
  412: 'PreconditionFailed',
  413: 'RequestEntityTooLarge',
  424: 'FailedDependency',
  429: 'TooManyRequests',
  449: 'RetryWith',
  503: 'ServiceUnavailable',
};

export function badRequest(message: string, substatus = 0): ServiceError {
  return new ServiceError(400, message, { substatus });
}

/** The database or container of a document is not there: the SDK tells this 404 from that of a document. */
export function ownerNotFound(): ServiceError {
  return new ServiceError(404, 'Owner resource does not exist', { substatus: 1003 });
}

export function notFound(): ServiceError {
  return new ServiceError(
    404,
    'Entity with the specified id does not exist in the system. More info: https://aka.ms/cosmosdb-tsg-not-found',
  );
}

export function conflict(what = 'Resource with specified id or name already exists.'): ServiceError {
  return new ServiceError(409, what);
}

export function preconditionFailed(): ServiceError {
  return new ServiceError(
    412,
    'One of the specified pre-condition is not met. Learn more: https://aka.ms/CosmosDB/sql/errors/precondition-failed',
  );
}
