import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Host } from '../hosts/host.ts';
import { logTo } from '../log.ts';
import { mediaHost } from '../media-host-client.ts';
import { newCircuit } from '../resilience/circuit.ts';
import { askHost } from './ask-host.ts';

/** Who answers at the address of the media hosts, one after the other, the last one again and again; undefined: nobody. */
let behind: (string | undefined)[];
let asked: number;
const server = createServer((_request, response) => {
  asked += 1;
  const hostId = behind.length > 1 ? behind.shift() : behind[0];
  if (hostId === undefined) response.destroy();
  else response.writeHead(503).end(JSON.stringify({ status: 'not ready', hostId }));
});
beforeEach(async () => {
  asked = 0;
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => new Promise<void>(resolve => void server.close(() => resolve())));

const now = 100_000;
const host = (hostId: string, heardAt: number, calls: string[] = []): Host => ({
  ...{ hostId, heardAt, calls, beat: 1, places: 9, draining: false, loopP99Ms: 1, told: false },
});
const missed = host('mine', now - 9_000, ['c']);

async function ask(...known: Host[]): Promise<boolean> {
  const hosts = { list: async () => known };
  const settings = { MEDIA_HOST_URL: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, CONTROL_KEY: 'k' };
  const client = mediaHost({ settings, hosts, circuit: newCircuit('media-host') });
  const question = { hostId: 'mine', callId: 'c' };
  const log = logTo(console, 'silent');
  const ask = () => askHost({ hosts, mediaHost: client }, question, () => now, log);
  const [one, other] = await Promise.all([ask(), ask()]);
  expect(one).toEqual(other);
  return one.silent;
}

test('a host that answers lives, ready or not', async () => {
  behind = ['mine'];
  expect(await ask(missed)).toBe(false);
});

test('a host that answers the second time lives', async () => {
  behind = [undefined, 'mine'];
  expect(await ask(missed)).toBe(false);
});

test('a host that does not answer twice is silent, and all of its calls ask once', async () => {
  behind = [undefined];
  expect(await ask(missed)).toBe(true);
  expect(asked).toBe(2);
});

test('the answers of other hosts behind the address say nothing of this one', async () => {
  behind = ['other', 'other', 'mine'];
  expect(await ask(missed)).toBe(false);
  behind = ['other'];
  expect(await ask(missed)).toBe(true);
});

test('a host that beats again, or a call that has found another, needs no asking', async () => {
  behind = [undefined];
  expect(await ask(host('mine', now - 1_000))).toBe(false);
  expect(await ask(missed, host('other', now - 1_000, ['c']))).toBe(false);
  expect(await ask(missed, host('other', now - 1_000, ['another']))).toBe(true);
  expect(asked).toBe(2);
});
