import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient, WebPubSubJsonReliableProtocol } from '@azure/web-pubsub-client';
import { type ControlMessage, controlGroup, controlHub } from '../../contracts/control.ts';
import type { Settings } from '../../contracts/settings.ts';
import { credential } from '../identity.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createControlInbox } from './control-inbox.ts';

/**
 * What the control plane tells about the calls of this host, heard over one connection to Web PubSub for all of them. A
 * service that is away is tried again for as long as the host lives, and no call ever waits for it: what the channel
 * loses is learnt in other ways, later.
 */
export interface ControlChannel {
  /** From now on the call's messages are told. */
  join(callId: string): void;
  leave(callId: string): void;
  readonly gauge: { connected: boolean; calls: number };
  close(): Promise<void>;
}

export interface ControlChannelOptions {
  /** Where a client may connect, with a token: asked anew for every connection. */
  address(): Promise<string>;
  told(callId: string, message: ControlMessage): void;
  metrics: Metrics;
  /** Pauses between tries to connect, ms; the last one is kept to, and a quarter more or less. @default 200 to 10000 */
  pausesMs?: readonly number[];
  /** The SDK never forgets a group: after so many a fresh connection takes over. @default 5000 */
  mostGroups?: number;
}

type ChannelSettings = Pick<Settings, 'WEB_PUBSUB_CONNECTION_STRING' | 'WEB_PUBSUB_ENDPOINT' | 'AZURE_CLIENT_ID'>;

/** @returns undefined where no Web PubSub is configured */
export function channelAddress(settings: ChannelSettings, hostId: string): (() => Promise<string>) | undefined {
  const { WEB_PUBSUB_CONNECTION_STRING: connection, WEB_PUBSUB_ENDPOINT: endpoint } = settings;
  if (connection === undefined && endpoint === undefined) return undefined;
  const service =
    connection === undefined
      ? new WebPubSubServiceClient(endpoint ?? '', credential(settings.AZURE_CLIENT_ID), controlHub)
      : new WebPubSubServiceClient(connection, controlHub);
  return async () => {
    const { url } = await service.getClientAccessToken({ userId: hostId, roles: ['webpubsub.joinLeaveGroup'] });
    return url;
  };
}

/** A connection on which nothing is heard for so long is dead; a ping is answered every 10 s. */
const silentMs = 30_000;
const pingMs = 10_000;
const connectWithinMs = 10_000;
const joinAgainMs = 1000;

export function createControlChannel({
  address,
  told,
  metrics,
  pausesMs = [200, 500, 1000, 2000, 5000, 10_000],
  mostGroups = 5000,
}: ControlChannelOptions): ControlChannel {
  const inbox = createControlInbox(told, metrics);
  let current: Connection | undefined;
  let failures = 0;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;

  const hear = (group: string, data: unknown) => inbox.take(group, data);

  const connect = () => {
    const connection = openConnection(address, hear, group => inbox.has(group));
    connection.opened.then(
      () => takeOver(connection),
      () => {
        metrics.count('control-channel-refused');
        const pauseMs = pausesMs[Math.min(failures++, pausesMs.length - 1)] ?? 0;
        if (!closed) timer = setTimeout(connect, pauseMs * (0.75 + Math.random() / 2)).unref();
      },
    );
  };

  const takeOver = (connection: Connection) => {
    if (closed) return connection.close();
    failures = 0;
    const before = current;
    current = connection;
    for (const group of inbox.groups) connection.join(group);
    void before?.close();
    void connection.ended.then(() => {
      if (current !== connection) return;
      current = undefined;
      if (closed) return;
      metrics.count('control-channel-lost');
      connect();
    });
  };
  connect();

  return {
    join: callId => {
      if (!inbox.admit(callId)) return;
      current?.join(controlGroup(callId));
      if (current && current.joined >= mostGroups) {
        current.joined = 0;
        connect();
      }
    },
    leave: callId => {
      if (inbox.dismiss(callId)) current?.leave(controlGroup(callId));
    },
    get gauge() {
      return { connected: current !== undefined, calls: inbox.calls };
    },
    close: async () => {
      closed = true;
      clearTimeout(timer);
      await current?.close();
    },
  };
}

interface Connection {
  /** Rejects when it cannot be had. */
  readonly opened: Promise<void>;
  /** It broke, and could not be recovered. */
  readonly ended: Promise<void>;
  /** Groups joined over it. */
  joined: number;
  join(group: string): void;
  leave(group: string): void;
  close(): Promise<void>;
}

/** One connection from its opening to its end; the SDK recovers it with all that was missed while the service remembers it. */
function openConnection(
  address: () => Promise<string>,
  hear: (group: string, data: unknown) => void,
  wanted: (group: string) => boolean,
): Connection {
  const client = new WebPubSubClient(
    { getClientAccessUrl: address },
    {
      protocol: WebPubSubJsonReliableProtocol(),
      // A fresh connection is ours to make: with our own pauses, and with the groups of calls that still live.
      autoReconnect: false,
      autoRejoinGroups: false,
      keepAliveIntervalInMs: pingMs,
      keepAliveTimeoutInMs: silentMs,
    },
  );
  const { promise: opened, resolve: open, reject: refuse } = Promise.withResolvers<void>();
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  const patience = setTimeout(() => refuse(new Error('Web PubSub did not say that it is connected')), connectWithinMs);
  let live = true;
  client.on('connected', () => {
    // Nobody waits for it any more.
    if (!live) client.stop();
    open();
  });
  client.on('stopped', () => {
    live = false;
    refuse(new Error('Web PubSub closed the connection'));
    end();
  });
  client.on('group-message', ({ message }) => hear(message.group, message.data));
  client.start().catch(refuse);
  opened.then(
    () => clearTimeout(patience),
    () => {
      live = false;
      clearTimeout(patience);
      client.stop();
    },
  );

  const connection: Connection = {
    opened,
    ended,
    joined: 0,
    join: group => {
      connection.joined++;
      const again = () => {
        if (live && wanted(group)) client.joinGroup(group).catch(() => setTimeout(again, joinAgainMs).unref());
      };
      again();
    },
    leave: group => {
      // Where it is not heard, the messages of a call that is over find nobody.
      client.leaveGroup(group).catch(() => undefined);
    },
    close: async () => {
      client.stop();
      await ended;
    },
  };
  return connection;
}
