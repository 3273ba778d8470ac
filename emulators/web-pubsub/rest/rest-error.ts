/** An answer of the service that is no success; `code` also goes into the header `x-ms-error-code`. */
export class RestError extends Error {
  readonly status: number;
  readonly code: string;
  readonly retryAfterSeconds: number | undefined;

  constructor(status: number, code: string, message: string, retryAfterSeconds?: number) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfterSeconds = retryAfterSeconds;
  }

  get body(): object {
    return { code: this.code, message: this.message };
  }
}

export const badRequest = (message: string) => new RestError(400, 'BadRequest', message);
export const notFound = (what: string) => new RestError(404, 'NotFound', `There is no such ${what}.`);
