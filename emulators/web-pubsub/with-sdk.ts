/** For the tests: a running stand-in with the real clients connected to it, all closed when the test ends. */
import { EventEmitter, once } from 'node:events';
import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient, type WebPubSubClientOptions, WebPubSubJsonProtocol } from '@azure/web-pubsub-client';
import { onTestFinished } from 'vitest';
import { startWebPubSub, type WebPubSub, type WebPubSubOptions } from './web-pubsub.ts';

export interface Subscriber {
  client: WebPubSubClient;
  /** Content of what came, oldest first. */
  readonly heard: unknown[];
  /** Ids of the connections it had, oldest first. */
  readonly connectionIds: string[];
  /** Reasons told when a connection was over for good. */
  readonly disconnections: (string | undefined)[];
  /** How often it asked for an address and a token. */
  tokens: number;
  /** Resolves once at least `count` messages came. */
  hears(count: number): Promise<unknown[]>;
  /** Resolves once it was connected `count` times. */
  connected(count: number): Promise<void>;
}

export interface Joining {
  groups?: string[];
  roles?: string[];
  userId?: string;
  protocol?: 'plain' | 'reliable';
  options?: WebPubSubClientOptions;
}

export interface Talk {
  pubsub: WebPubSub;
  /** Publishes to the hub `control`, without second tries. */
  service: WebPubSubServiceClient;
  /** Connects a client of the hub. */
  subscribe(joining?: Joining): Promise<Subscriber>;
}

/** No keep-alive and no second tries: the tests wait for what happens, never for a pause of the client. */
const impatient: WebPubSubClientOptions = {
  keepAliveIntervalInMs: 0,
  keepAliveTimeoutInMs: 0,
  messageRetryOptions: { maxRetries: 0 },
  reconnectRetryOptions: { retryDelayInMs: 1 },
};

/** For `expect.poll`: looks often, and lets only the time of the whole test end it, ms. */
export const patiently = { interval: 5, timeout: 50_000 };

export function serviceOf(
  connectionString: string,
  { maxRetries = 0, hub = 'control' }: { maxRetries?: number; hub?: string } = {},
): WebPubSubServiceClient {
  return new WebPubSubServiceClient(connectionString, hub, {
    allowInsecureConnection: true,
    retryOptions: { maxRetries, retryDelayInMs: 1 },
  });
}

export async function talk(options: WebPubSubOptions = {}): Promise<Talk> {
  const pubsub = await startWebPubSub(options);
  onTestFinished(() => pubsub.close());
  const service = serviceOf(pubsub.connectionString);
  return { pubsub, service, subscribe: joining => connect(service, joining) };
}

async function connect(service: WebPubSubServiceClient, joining: Joining = {}): Promise<Subscriber> {
  const { protocol = 'reliable', options, ...claims } = joining;
  const changes = new EventEmitter();
  const happened = async (isSo: () => boolean) => {
    while (!isSo()) await once(changes, 'change');
  };
  const getClientAccessUrl = async () => {
    subscriber.tokens += 1;
    return (await service.getClientAccessToken(claims)).url;
  };
  const spoken = protocol === 'plain' ? { protocol: WebPubSubJsonProtocol() } : {};
  const client = new WebPubSubClient({ getClientAccessUrl }, { ...impatient, ...spoken, ...options });
  const subscriber: Subscriber = {
    client,
    heard: [],
    connectionIds: [],
    disconnections: [],
    tokens: 0,
    hears: async count => {
      await happened(() => subscriber.heard.length >= count);
      return subscriber.heard;
    },
    connected: count => happened(() => subscriber.connectionIds.length >= count),
  };
  const hear = ({ message }: { message: { data: unknown } }) => {
    subscriber.heard.push(message.data);
    changes.emit('change');
  };
  client.on('group-message', hear);
  client.on('server-message', hear);
  client.on('connected', ({ connectionId }) => {
    subscriber.connectionIds.push(connectionId);
    changes.emit('change');
  });
  client.on('disconnected', ({ message }) => void subscriber.disconnections.push(message?.message));
  onTestFinished(() => client.stop());
  await client.start();
  await subscriber.connected(1);
  return subscriber;
}
