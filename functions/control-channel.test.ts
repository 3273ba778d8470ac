import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { WebPubSubClient } from '@azure/web-pubsub-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ControlMessage, controlGroup, controlHub, controlMessage } from '../contracts/control.ts';
import { startWebPubSub, type WebPubSub } from '../emulators/web-pubsub/web-pubsub.ts';
import { controlChannel } from './control-channel.ts';
import { testSettings } from './testing/settings.ts';

let pubsub: WebPubSub;
beforeAll(async () => {
  pubsub = await startWebPubSub();
});
afterAll(() => pubsub.close());

const callId = 'a'.repeat(32);
const message: ControlMessage = { id: 'm-1', at: 1, do: 'say', text: 'One moment.' };
const channel = (connectionString = pubsub.connectionString) =>
  controlChannel(testSettings({}, { WEB_PUBSUB_CONNECTION_STRING: connectionString }));

/** A media host that has joined the call's group. */
async function listener() {
  const service = new WebPubSubServiceClient(pubsub.connectionString, controlHub, { allowInsecureConnection: true });
  const client = new WebPubSubClient({
    getClientAccessUrl: async () => (await service.getClientAccessToken({ groups: [controlGroup(callId)] })).url,
  });
  const first = new Promise<unknown>(resolve => client.on('group-message', event => resolve(event.message.data)));
  await client.start();
  return { first, stop: () => client.stop() };
}

test('a message reaches the host that has joined the call', async () => {
  const host = await listener();
  await channel().tell(callId, message);
  expect(controlMessage.parse(await host.first)).toEqual(message);
  host.stop();
});

test('a message is taken when nobody listens', async () => {
  await expect(channel().tell('b'.repeat(32), message)).resolves.toBeUndefined();
});

test('a service that fails for a moment is asked again', async () => {
  pubsub.setFaults({ publish: { status: 503, message: 'lost', times: 1 } });
  await expect(channel().tell(callId, message)).resolves.toBeUndefined();
  pubsub.setFaults({ publish: null });
});

test('a wrong key is told with its cure, and without the key or the words', async () => {
  const wrong = pubsub.connectionString.replace(
    /AccessKey=[^;]+/,
    'AccessKey=a-wrong-key-that-is-long-enough-for-hs256',
  );
  const error = (await channel(wrong)
    .tell(callId, message)
    .catch((thrown: unknown) => thrown)) as Error;
  expect(error).toMatchObject({ code: 'CONTROL_CHANNEL_UNAVAILABLE', details: { operation: 'say', status: 401 } });
  expect(error.message).toMatch(/Check the key or connection string/);
  expect(JSON.stringify({ ...error, message: error.message })).not.toMatch(/a-wrong-key|One moment/);
});

test('where no Web PubSub is configured nothing is said to anybody', async () => {
  await expect(controlChannel(testSettings()).tell(callId, message)).resolves.toBeUndefined();
});
