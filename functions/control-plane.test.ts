import { beforeAll, expect, test } from 'vitest';
import { type ControlPlane, controlPlane } from './control-plane.ts';
import { healthy } from './health.ts';
import { circuitRules, type Dependency } from './resilience/circuit.ts';
import { testSettings } from './testing/settings.ts';

/** Every address leads nowhere. */
let plane: ControlPlane;
const callId = 'a'.repeat(32);
const admission = { callId, mode: 'media', agent: 'reception', direction: 'in', callerHash: 'x' } as const;

const ask: Readonly<Record<Dependency, () => Promise<unknown>>> = {
  acs: () => plane.carrier.hangUp('connection'),
  cosmos: () => plane.store.read(callId),
  'media-host': () => plane.mediaHost.admit(admission),
  'web-pubsub': () => plane.control.tell(callId, { id: 'm', at: 1, do: 'leave' }),
};
const names = Object.keys(ask) as Dependency[];

beforeAll(async () => {
  const nowhere = { WEB_PUBSUB_CONNECTION_STRING: 'Endpoint=http://127.0.0.1:1;AccessKey=a2V5;Version=1.0;' };
  plane = controlPlane(testSettings({ cosmos: { url: 'http://127.0.0.1:1', key: 'a2V5' } }, nowhere));
  const failures = names.flatMap(name => Array.from({ length: circuitRules.failures }, ask[name]));
  await Promise.allSettled(failures);
});

test.each(names)(
  'once %s has failed five times it is asked no more, and whoever needs it knows at once',
  async name => {
    const answer = await ask[name]().catch((error: unknown) => ({ error }));
    expect(answer).toMatchObject({ error: { code: 'DEPENDENCY_RESTING', details: { dependency: name } } });
  },
);

test('the health page tells how each circuit stands, and does not wait for what is away', async () => {
  const { status, jsonBody } = await healthy(plane);
  expect(status).toBe(503);
  const open = { state: 'open', opened: 1 };
  expect(jsonBody.circuits).toEqual({ acs: open, cosmos: open, 'media-host': open, 'web-pubsub': open });
  expect(jsonBody.statistics).toMatchObject({ process: { 'process.answered': 0 } });
  expect(jsonBody.counters.tokens).toBeDefined();
});
