import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Host } from './hosts/host.ts';
import { mediaHost } from './media-host-client.ts';
import { type Circuit, circuitRules, newCircuit } from './resilience/circuit.ts';
import { type ScriptedMediaHost, scriptedMediaHost } from './testing/scripted-media-host.ts';
import { testControlKey } from './testing/settings.ts';

let behind: ScriptedMediaHost;
let circuit: Circuit;
let known: Host[];

beforeEach(async () => {
  behind = await scriptedMediaHost();
  circuit = newCircuit('media-host');
  known = [];
});
afterEach(() => behind.close());

const request = {
  callId: 'a'.repeat(32),
  mode: 'media',
  agent: 'reception',
  direction: 'in',
  callerHash: 'x',
} as const;

const host = (hostId: string, calls: number, more: Partial<Host> = {}): Host => ({
  ...{ hostId, beat: 1, places: 2, calls: Array.from({ length: calls }, () => 'c'), draining: false, loopP99Ms: 1 },
  ...{ heardAt: Date.now(), told: false },
  ...more,
});

const client = () =>
  mediaHost({
    settings: { MEDIA_HOST_URL: behind.url.replace('http', 'ws'), CONTROL_KEY: testControlKey },
    hosts: { list: async () => known },
    circuit,
  });

test('a host with room gives a place and the address of its socket', async () => {
  expect(await client().admit(request)).toMatchObject({ admitted: true, hostId: 'scripted' });
  expect(behind.asked).toMatchObject([{ key: testControlKey, request }]);
});

test('a full host is the last word when no other is known to have room', async () => {
  behind.admit = false;
  known = [
    host('scripted', 0),
    host('full', 2),
    host('leaving', 0, { draining: true }),
    host('lost', 0, { heardAt: 0 }),
  ];
  expect(await client().admit(request)).toEqual({ admitted: false, reason: 'busy' });
  expect(behind.asked).toHaveLength(1);
});

test('while another host behind the address has room, it is asked again', async () => {
  behind.admit = false;
  behind.beforeAnswer = async () => {
    behind.admit = behind.asked.length === 2;
  };
  known = [host('scripted', 2), host('other', 1)];
  expect(await client().admit(request)).toMatchObject({ admitted: true });
  expect(behind.asked).toHaveLength(2);
});

test('it is not asked for ever', async () => {
  behind.admit = false;
  known = [host('other', 1)];
  expect(await client().admit(request)).toEqual({ admitted: false, reason: 'busy' });
  expect(behind.asked.length).toBeLessThanOrEqual(3);
});

test('a connection that breaks is tried again before the caller is told "busy"', async () => {
  behind.admit = undefined;
  behind.beforeHangUp = () => {
    behind.admit = true;
  };
  expect(await client().admit(request)).toMatchObject({ admitted: true });
});

test('a host that refuses the question is not asked twice', async () => {
  behind.refuseWith = 401;
  const admission = await client().admit(request);
  expect(admission).toMatchObject({
    admitted: false,
    reason: 'media-host-unreachable',
    error: { code: 'MEDIA_HOST_UNAVAILABLE' },
  });
  expect(behind.asked).toHaveLength(1);
});

test('nobody waits for a host that has failed five callers', async () => {
  await behind.close();
  for (let i = 0; i < circuitRules.failures; i += 1)
    await circuit.run(() => Promise.reject(new TypeError('x'))).catch(() => undefined);
  const admission = await client().admit(request);
  expect(admission).toMatchObject({ reason: 'media-host-unreachable', error: { code: 'DEPENDENCY_RESTING' } });
});
