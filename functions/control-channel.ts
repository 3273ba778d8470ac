import type { WebPubSubGroup, WebPubSubServiceClient } from '@azure/web-pubsub';
import { type ControlMessage, controlGroup, controlHub } from '../contracts/control.ts';
import { CallError } from '../contracts/error.ts';
import { azureIdentity } from './identity.ts';
import { isLoopback } from './loopback.ts';
import { errorClasses, errorClassOf } from './resilience/error-classes.ts';
import { answering, sdkRetries } from './resilience/patience.ts';
import type { ControlSettings } from './settings.ts';

/**
 * Tells the media host about a live call, whichever host carries it: all of them listen, the one that has joined the
 * call's group hears. A message may come twice or never; nothing rests on it alone.
 */
export interface ControlChannel {
  /** @throws CallError CONTROL_CHANNEL_UNAVAILABLE when Web PubSub has not taken the message */
  tell(callId: string, message: ControlMessage): Promise<void>;
}

export type ControlChannelSettings = Pick<
  ControlSettings,
  'WEB_PUBSUB_CONNECTION_STRING' | 'WEB_PUBSUB_ENDPOINT' | 'AZURE_CLIENT_ID'
>;

/** One message with all its retries: by then the caller has waited long enough for what it would change. */
const patienceMs = 5_000;
/** What a media host could not hear for so long is no longer true of a live call. */
const messageTtlSeconds = 60;

export function isConfigured({ WEB_PUBSUB_CONNECTION_STRING, WEB_PUBSUB_ENDPOINT }: ControlChannelSettings): boolean {
  return WEB_PUBSUB_CONNECTION_STRING !== undefined || WEB_PUBSUB_ENDPOINT !== undefined;
}

export function controlChannel(settings: ControlChannelSettings): ControlChannel {
  if (!isConfigured(settings)) return { tell: async () => undefined };
  let connecting: Promise<WebPubSubServiceClient> | undefined;
  const group = async (callId: string): Promise<WebPubSubGroup> => {
    connecting ??= connect(settings);
    return (await connecting).group(controlGroup(callId));
  };
  return {
    async tell(callId, message) {
      try {
        const options = { abortSignal: AbortSignal.timeout(patienceMs), messageTtlSeconds };
        await (await group(callId)).sendToAll(message, options);
      } catch (error) {
        const { statusCode } = error as { statusCode?: number };
        const { remedy } = errorClasses[errorClassOf(error)];
        const details = { operation: message.do, status: statusCode ?? 'no answer', remedy };
        throw new CallError('CONTROL_CHANNEL_UNAVAILABLE', details, { cause: error });
      }
    },
  };
}

/** The library is loaded with the first message and not at start. */
async function connect(settings: ControlChannelSettings): Promise<WebPubSubServiceClient> {
  const { WebPubSubServiceClient } = await import('@azure/web-pubsub');
  const { WEB_PUBSUB_CONNECTION_STRING: connectionString, WEB_PUBSUB_ENDPOINT: endpoint = '' } = settings;
  const retryOptions = sdkRetries(answering);
  if (connectionString === undefined)
    return new WebPubSubServiceClient(endpoint, azureIdentity(settings.AZURE_CLIENT_ID), controlHub, { retryOptions });
  const address = /endpoint=([^;]+)/i.exec(connectionString)?.[1] ?? '';
  const allowInsecureConnection = URL.canParse(address) && address.startsWith('http:') && isLoopback(address);
  const options = { retryOptions, allowInsecureConnection };
  return new WebPubSubServiceClient(connectionString, controlHub, options);
}
