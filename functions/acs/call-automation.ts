import {
  CallAutomationClient,
  type CallAutomationClientOptions,
  type DtmfTone,
} from '@azure/communication-call-automation';
import { callSecret } from '../../contracts/call-id.ts';
import { CallError } from '../../contracts/error.ts';
import type { StreamingMode } from '../../contracts/media.ts';
import { azureIdentity } from '../identity.ts';
import { isLoopback } from '../loopback.ts';
import { answering, sdkRetries } from '../resilience/patience.ts';
import type { ControlSettings } from '../settings.ts';
import { carryOut } from './carry-out.ts';
import { isTelephone, reachable } from './identifier.ts';
import { type Look, lookAt } from './look.ts';
import { mediaOptions } from './media-options.ts';
import type { Order, OrderReply } from './orders.ts';
import { repeatable } from './repeatable.ts';
import { asCallError, isUsed, statusOf } from './service-error.ts';
import { type Throttle, throttle } from './throttle.ts';

/**
 * What the control plane asks of the carrier. Everything here may be asked twice: a call that is already answered, gone
 * or ended is an outcome and not an error.
 */
export interface Carrier {
  /** `used`: somebody has answered with this context already, or the caller has given up. Only events tell which. */
  answer(ring: Ring): Promise<{ outcome: 'answered'; callConnectionId: string } | { outcome: 'used' }>;
  reject(incomingCallContext: string, reason: 'busy' | 'forbidden'): Promise<void>;
  /** Sends a ringing caller to another number, unanswered. */
  redirect(incomingCallContext: string, to: string): Promise<void>;
  hangUp(callConnectionId: string): Promise<'asked' | 'gone'>;
  /** How the call stands in the carrier's own books; `who`: somebody who may be in it. */
  look(callConnectionId: string, who?: string): Promise<Look>;
  /** Places a call. Asked again for the same callId it finds the call it has placed. */
  create(call: Outbound): Promise<{ callConnectionId: string }>;
  /**
   * Asks for something in a call that is up; the events that end it bring `context` back.
   * @throws CallError when trying again can help
   */
  carryOut(callConnectionId: string, order: Order, context: string, callId: string): Promise<OrderReply>;
  /** Milliseconds ACS wants nothing new for; 0 when it takes all. */
  busyMs(): number;
}

export interface Outbound {
  callId: string;
  /** E.164, or the raw id of somebody who can be rung. */
  target: string;
  /** The number the target sees; telephones cannot be rung without one. */
  callerId?: string;
  mode: StreamingMode;
  mediaUrl: string;
  operationContext: string;
}

/** For the files beside this one: only this one knows the SDK. */
export type AcsClient = CallAutomationClient;
export type AcsConnection = ReturnType<CallAutomationClient['getCallConnection']>;
export type AcsTone = DtmfTone;

export interface Ring {
  callId: string;
  incomingCallContext: string;
  mediaUrl: string;
  mode: StreamingMode;
}

/** A caller waits 30 s at most; what ACS has not done by then it need not do. */
const patienceMs = 10_000;

export function acsCarrier(settings: ControlSettings): Carrier {
  const slowDown = throttle(Date.now);
  const client = connect(settings, slowDown);
  const intelligence =
    settings.ACS_COGNITIVE_SERVICES_ENDPOINT === undefined
      ? {}
      : { callIntelligenceOptions: { cognitiveServicesEndpoint: settings.ACS_COGNITIVE_SERVICES_ENDPOINT } };
  const within = () => ({ abortSignal: AbortSignal.timeout(patienceMs) });

  return {
    async answer({ callId, incomingCallContext, mediaUrl, mode }) {
      try {
        const { callConnectionProperties } = await client.answerCall(
          incomingCallContext,
          callbackUrl(settings, callId),
          { ...within(), ...intelligence, mediaStreamingOptions: mediaOptions(mediaUrl, mode, settings) },
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

    async redirect(incomingCallContext, to) {
      try {
        await client.redirectCall(incomingCallContext, { targetParticipant: { phoneNumber: to } }, within());
      } catch (error) {
        if (!isUsed(error)) throw asCallError('redirect', error);
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

    async look(callConnectionId, who) {
      try {
        return await lookAt(client.getCallConnection(callConnectionId), who, within());
      } catch (error) {
        if (statusOf(error) === 404) return { up: false };
        throw asCallError('look-up', error);
      }
    },

    async create({ callId, target, callerId, mode, mediaUrl, operationContext }) {
      const targetParticipant = reachable(target);
      if (!targetParticipant)
        throw new CallError('ACS_REFUSED', {
          operation: 'create',
          status: 400,
          code: 0,
          remedy: 'Nobody is rung there.',
        });
      try {
        const { callConnectionProperties } = await client.createCall(
          {
            targetParticipant,
            ...(callerId !== undefined && isTelephone(target) && { sourceCallIdNumber: { phoneNumber: callerId } }),
          },
          callbackUrl(settings, callId, 'callbacks-out'),
          {
            ...within(),
            ...intelligence,
            operationContext,
            requestOptions: repeatable('create', callId),
            mediaStreamingOptions: mediaOptions(mediaUrl, mode, settings),
          },
        );
        const { callConnectionId } = callConnectionProperties;
        if (!callConnectionId)
          throw new CallError('ACS_UNAVAILABLE', { operation: 'create', status: 'no connection id' });
        return { callConnectionId };
      } catch (error) {
        throw asCallError('create', error);
      }
    },

    carryOut: (callConnectionId, order, context, callId) =>
      carryOut(client, order, {
        callConnectionId,
        context,
        // Good for calls of either direction: at this address nothing is inferred from the correlationId.
        stateUrl: callbackUrl(settings, callId, 'callbacks-out'),
        callerId: settings.ACS_SOURCE_NUMBER,
        patienceMs,
      }),

    busyMs: () => slowDown.waitMs(),
  };
}

/** Where ACS reports this call's events: an address nobody can guess for another call. */
export function callbackUrl(
  settings: Pick<ControlSettings, 'ACS_CALLBACK_URL' | 'BASE_URL' | 'CALL_SECRET'>,
  callId: string,
  purpose: 'callbacks' | 'callbacks-out' = 'callbacks',
): string {
  const base = settings.ACS_CALLBACK_URL ?? `${settings.BASE_URL.replace(/\/+$/, '')}/api/v1/calls`;
  return `${base.replace(/\/+$/, '')}/${callId}/callbacks/${callSecret(settings.CALL_SECRET, purpose, callId)}`;
}

function connect(settings: ControlSettings, { policy }: Throttle): CallAutomationClient {
  const options: CallAutomationClientOptions = {
    retryOptions: sdkRetries(answering),
    additionalPolicies: [{ policy, position: 'perRetry' }],
  };
  const connectionString = settings.ACS_CONNECTION_STRING;
  if (connectionString !== undefined) {
    const endpoint = /endpoint=([^;]+)/i.exec(connectionString)?.[1] ?? '';
    const onThisMachine = URL.canParse(endpoint) && endpoint.startsWith('http:') && isLoopback(endpoint);
    return new CallAutomationClient(connectionString, { ...options, allowInsecureConnection: onThisMachine });
  }
  return new CallAutomationClient(settings.ACS_ENDPOINT ?? '', azureIdentity(settings.AZURE_CLIENT_ID), options);
}
