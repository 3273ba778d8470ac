import type { Exchange } from '../exchange.ts';
import { invalidArgument } from './acs-error.ts';

/** Longest operation context strict mode lets pass, characters. */
const longestContext = 5_000;

/** Fields of any body that hold an address or a context. */
export interface Addressed {
  callbackUri?: string | undefined;
  operationCallbackUri?: string | undefined;
  recordingStateCallbackUri?: string | undefined;
  operationContext?: string | undefined;
  mediaStreamingOptions?: { transportUrl?: string | undefined } | undefined;
  transcriptionOptions?: { transportUrl?: string | undefined } | undefined;
}

/**
 * Refuses addresses nobody could call back. Strict mode also refuses what production refuses: plain http and ws, and
 * oversize contexts. The service names the field as "The field CallbackUri is invalid".
 */
export function checkAddresses(exchange: Exchange, body: Addressed): void {
  const http = exchange.strict ? ['https:'] : ['https:', 'http:'];
  const ws = exchange.strict ? ['wss:'] : ['wss:', 'ws:'];
  check('CallbackUri', body.callbackUri, http);
  check('OperationCallbackUri', body.operationCallbackUri, http);
  check('RecordingStateCallbackUri', body.recordingStateCallbackUri, http);
  check('TransportUrl', body.mediaStreamingOptions?.transportUrl, ws);
  check('TransportUrl', body.transcriptionOptions?.transportUrl, ws);
  if (exchange.strict && (body.operationContext?.length ?? 0) > longestContext) {
    throw invalidArgument(`The field OperationContext is longer than ${longestContext} characters.`);
  }
}

function check(field: string, url: string | undefined, protocols: string[]): void {
  if (url === undefined) return;
  const protocol = URL.canParse(url) ? new URL(url).protocol : 'none';
  if (!protocols.includes(protocol)) {
    throw invalidArgument(`The field ${field} is invalid: its protocol must be ${protocols.join(' or ')}`);
  }
}
