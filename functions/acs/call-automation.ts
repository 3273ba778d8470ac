import { CallAutomationClient, type CallAutomationClientOptions } from '@azure/communication-call-automation';
import { callSecret } from '../../contracts/call-id.ts';
import { CallError } from '../../contracts/error.ts';
import type { StreamingMode } from '../../contracts/media.ts';
import { azureIdentity } from '../identity.ts';
import { isLoopback } from '../loopback.ts';
import type { ControlSettings } from '../settings.ts';
import { mediaOptions } from './media-options.ts';

/**
 * What the control plane asks of the carrier. Everything here may be asked twice: a call that is already answered, gone
 * or ended is an outcome and not an error.
 */
export interface Carrier {
  /** `used`: somebody has answered with this context already, or the caller has given up. Only events tell which. */
  answer(ring: Ring): Promise<{ outcome: 'answered'; callConnectionId: string } | { outcome: 'used' }>;
  reject(incomingCallContext: string, reason: 'busy' | 'forbidden'): Promise<void>;
  hangUp(callConnectionId: string): Promise<'asked' | 'gone'>;
  isUp(callConnectionId: string): Promise<boolean>;
}

export interface Ring {
  callId: string;
  incomingCallContext: string;
  mediaUrl: string;
  mode: StreamingMode;
}

/** A caller waits 30 s at most; what ACS has not done by then it need not do. */
const patienceMs = 10_000;

export function acsCarrier(settings: ControlSettings): Carrier {
  const client = connect(settings);
  const within = () => ({ abortSignal: AbortSignal.timeout(patienceMs) });

  return {
    async answer({ callId, incomingCallContext, mediaUrl, mode }) {
      try {
        const { callConnectionProperties } = await client.answerCall(
          incomingCallContext,
          callbackUrl(settings, callId),
          { ...within(), mediaStreamingOptions: mediaOptions(mediaUrl, mode, settings) },
        );
        const { callConnectionId } = callConnectionProperties;
        if (!callConnectionId)
          throw new CallError('ACS_UNAVAILABLE', { operation: 'answer', status: 'no connection id' });
        return { outcome: 'answered', callConnectionId };
      } catch (error) {
        if (isUsed(error)) return { outcome: 'used' };
        throw asCallError('answer', error);
      }
    },

    async reject(incomingCallContext, reason) {
      try {
        await client.rejectCall(incomingCallContext, { ...within(), callRejectReason: reason });
      } catch (error) {
        if (!isUsed(error)) throw asCallError('reject', error);
      }
    },

    async hangUp(callConnectionId) {
      try {
        await client.getCallConnection(callConnectionId).hangUp(true, within());
        return 'asked';
      } catch (error) {
        if (statusOf(error) === 404) return 'gone';
        throw asCallError('hang-up', error);
      }
    },

    async isUp(callConnectionId) {
      try {
        await client.getCallConnection(callConnectionId).getCallConnectionProperties(within());
        return true;
      } catch (error) {
        if (statusOf(error) === 404) return false;
        throw asCallError('look-up', error);
      }
    },
  };
}

/** Where ACS reports this call's events: an address nobody can guess for another call. */
export function callbackUrl(
  settings: Pick<ControlSettings, 'ACS_CALLBACK_URL' | 'BASE_URL' | 'CALL_SECRET'>,
  callId: string,
): string {
  const base = settings.ACS_CALLBACK_URL ?? `${settings.BASE_URL.replace(/\/+$/, '')}/api/v1/calls`;
  return `${base.replace(/\/+$/, '')}/${callId}/callbacks/${callSecret(settings.CALL_SECRET, 'callbacks', callId)}`;
}

function connect(settings: ControlSettings): CallAutomationClient {
  const options: CallAutomationClientOptions = {
    retryOptions: { maxRetries: 3, retryDelayInMs: 300, maxRetryDelayInMs: 2_000 },
  };
  const connectionString = settings.ACS_CONNECTION_STRING;
  if (connectionString !== undefined) {
    const endpoint = /endpoint=([^;]+)/i.exec(connectionString)?.[1] ?? '';
    const onThisMachine = URL.canParse(endpoint) && endpoint.startsWith('http:') && isLoopback(endpoint);
    return new CallAutomationClient(connectionString, { ...options, allowInsecureConnection: onThisMachine });
  }
  return new CallAutomationClient(settings.ACS_ENDPOINT ?? '', azureIdentity(settings.AZURE_CLIENT_ID), options);
}

function statusOf(error: unknown): number | undefined {
  const status = (error as { statusCode?: unknown } | null)?.statusCode;
  return typeof status === 'number' ? status : undefined;
}

function subCodeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' || typeof code === 'number' ? String(code) : '0';
}

/** ACS does not document how it refuses a spent context; these are the answers that can mean it. */
function isUsed(error: unknown): boolean {
  const status = statusOf(error);
  return status === 404 || status === 409 || (status === 400 && subCodeOf(error) === '8523');
}

const remedies: Readonly<Record<number, string>> = {
  400: 'The request is not as ACS wants it: check BASE_URL and MEDIA_HOST_PUBLIC_URL (https and wss on Azure).',
  401: 'Check ACS_CONNECTION_STRING, or the identity that ACS_ENDPOINT is asked with.',
  403: 'The key or identity lacks permission on this Communication Services resource.',
  404: 'The call may have ended.',
};

function asCallError(operation: string, error: unknown): CallError {
  if (error instanceof CallError) return error;
  const status = statusOf(error);
  if (status === undefined || status >= 500 || status === 429 || status === 408)
    return new CallError('ACS_UNAVAILABLE', { operation, status: status ?? 'no answer' }, { cause: error });
  const remedy = remedies[status] ?? 'See the code in the ACS troubleshooting page.';
  return new CallError('ACS_REFUSED', { operation, status, code: subCodeOf(error), remedy }, { cause: error });
}
