import { WebPubSubServiceClient } from '@azure/web-pubsub';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { ControlMessage } from '../../contracts/control.ts';
import { startWebPubSub, type WebPubSub } from '../../emulators/web-pubsub/web-pubsub.ts';
import { createMetrics } from '../observe/metrics.ts';
import { channelAddress, createControlChannel } from './control-channel.ts';

const [mine, other] = ['a'.repeat(32), 'b'.repeat(32)];
const soon = { timeout: 10_000, interval: 5 };

async function setUp(pubsub: WebPubSub, more: { mostGroups?: number } = {}) {
  const metrics = createMetrics();
  const told: { callId: string; message: ControlMessage }[] = [];
  const address = channelAddress(
    {
      WEB_PUBSUB_CONNECTION_STRING: pubsub.connectionString,
      WEB_PUBSUB_ENDPOINT: undefined,
      AZURE_CLIENT_ID: undefined,
    },
    'mh-test',
  );
  if (!address) throw new Error('no address');
  const channel = createControlChannel({
    address,
    told: (callId, message) => told.push({ callId, message }),
    metrics,
    pausesMs: [1],
    ...more,
  });
  onTestFinished(() => channel.close());
  const service = new WebPubSubServiceClient(pubsub.connectionString, 'control', { allowInsecureConnection: true });
  const group = (callId: string) => service.group(`call.${callId}`);
  const joined = (callId: string) => vi.waitUntil(() => service.groupExists(`call.${callId}`), soon);
  return {
    channel,
    told,
    texts: () => told.map(({ message }) => (message.do === 'say' ? message.text : message.do)),
    count: () => metrics.counters(),
    joined,
    send: (callId: string, message: unknown) => group(callId).sendToAll(message as never),
    say: (callId: string, id: string, text: string) => group(callId).sendToAll({ id, at: 1, do: 'say', text }),
    hears: (count: number) => vi.waitUntil(() => told.length >= count, soon),
  };
}

const standIn = async (port = 0, more = {}) => {
  const pubsub = await startWebPubSub({ port, ...more });
  onTestFinished(() => pubsub.close());
  return pubsub;
};

test('the call hears what is said in its group from its admission to its end, each message once', async () => {
  const it = await setUp(await standIn());
  it.channel.join(mine);
  await it.joined(mine);
  await it.say(mine, '1', 'one');
  await it.say(mine, '1', 'one');
  await it.send(mine, { id: '2', at: 1, do: 'dance' });
  await it.send(mine, 'garbage');
  await it.say(other, '3', 'of another call');
  await it.say(mine, '4', 'four');
  await it.hears(2);
  expect(it.told).toEqual([
    { callId: mine, message: { id: '1', at: 1, do: 'say', text: 'one' } },
    { callId: mine, message: { id: '4', at: 1, do: 'say', text: 'four' } },
  ]);
  expect(it.count()).toMatchObject({ 'control-messages-repeated': 1, 'control-messages-malformed': 2 });
  it.channel.leave(mine);
  it.channel.join(other);
  await it.joined(other);
  await it.say(mine, '5', 'too late');
  await it.say(other, '6', 'six');
  await it.hears(3);
  expect(it.texts()).toEqual(['one', 'four', 'six']);
});

test('a service that is away, and comes back, is found again with all calls that still live', async () => {
  const first = await standIn();
  const it = await setUp(first);
  for (const callId of [mine, other]) {
    it.channel.join(callId);
    await it.joined(callId);
  }
  await first.close();
  it.channel.leave(other);
  const again = await standIn(first.port, { accessKey: first.accessKey });
  await it.joined(mine);
  await it.say(mine, '1', 'back');
  await it.hears(1);
  expect(it.texts()).toEqual(['back']);
  expect(again).toBeDefined();
});

test('before too many groups weigh on a connection another one takes over, and nothing said meanwhile is told twice', async () => {
  const it = await setUp(await standIn(), { mostGroups: 3 });
  it.channel.join(mine);
  await it.joined(mine);
  for (let n = 0; n < 8; n++) {
    const callId = String(n).padStart(32, '0');
    it.channel.join(callId);
    await it.joined(callId);
    it.channel.leave(callId);
    await it.say(mine, String(n), String(n));
    await it.hears(n + 1);
  }
  expect(it.texts()).toEqual(['0', '1', '2', '3', '4', '5', '6', '7']);
});

test('where no Web PubSub is configured there is no address', () => {
  expect(
    channelAddress(
      { WEB_PUBSUB_CONNECTION_STRING: undefined, WEB_PUBSUB_ENDPOINT: undefined, AZURE_CLIENT_ID: undefined },
      'mh',
    ),
  ).toBeUndefined();
});
