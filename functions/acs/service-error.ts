import { CallError } from '../../contracts/error.ts';
import { errorClasses, errorClassOfStatus } from '../resilience/error-classes.ts';

/** What a failure of the SDK means to us: ACS said no, ACS may say yes later, or the call is not there any more. */

export function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

export function subCodeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : '0';
}

/** ACS does not document how it refuses a spent context; these are the answers that can mean it. */
export function isUsed(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 409 || (status === 400 && subCodeOf(error) === '8523');
}

/** Whether the same request may succeed later. Without a status nobody knows what became of it. */
export function mayPass(status: number | undefined): boolean {
  return errorClasses[errorClassOfStatus(status)].retry !== 'never';
}

export function asCallError(operation: string, error: unknown): CallError {
  if (error instanceof CallError) return error;
  const status = statusOf(error);
  if (status === undefined || mayPass(status))
    return new CallError('ACS_UNAVAILABLE', { operation, status: status ?? 'no answer' }, { cause: error });
  const errorClass = errorClassOfStatus(status);
  if (errorClass === 'gone') return new CallError('CALL_GONE', { operation, status }, { cause: error });
  const { remedy } = errorClasses[errorClass];
  return new CallError('ACS_REFUSED', { operation, status, code: subCodeOf(error), remedy }, { cause: error });
}
