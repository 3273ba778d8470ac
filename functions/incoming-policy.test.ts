import type { DurableClient } from 'durable-functions';
import { expect, test } from 'vitest';
import type { ControlPlane } from './control-plane.ts';
import { newCounters } from './counters.ts';
import { takeRing } from './incoming-call.ts';
import { logTo } from './log.ts';
import { testSettings } from './testing/settings.ts';

const silent = () => undefined;
const log = logTo({ debug: silent, info: silent, warn: silent, error: silent }, 'error');
const phone = (number: string) => ({ rawId: `4:${number}`, phoneNumber: { value: number } });

/** A ring while every place is taken: whoever is let in so far is asked for, and hears "busy". */
async function rings(policy: string) {
  const told: string[] = [];
  const plane = {
    settings: testSettings({}, { INCOMING_POLICY: policy }),
    counters: newCounters(),
    scenarios: { ofNumber: async () => ({ scenario: 'support', entryAgent: 'reception' }) },
    store: { create: async () => 'created', save: silent },
    mediaHost: {
      admit: async () => {
        told.push('asked for a place');
        return { admitted: false, reason: 'busy' };
      },
    },
    carrier: { reject: async (_: string, reason: string) => told.push(reason) },
  };
  const call = { correlationId: 'c', incomingCallContext: 'x', from: phone('+15550199'), to: phone('+15550100') };
  const outcome = await takeRing(plane as unknown as ControlPlane, {} as DurableClient, call as never, log);
  return { outcome, told };
}

test('with INCOMING_POLICY reject every caller is turned away, and nobody is asked for a place', async () => {
  expect(await rings('reject')).toEqual({ outcome: 'rejected', told: ['forbidden'] });
});

test('with INCOMING_POLICY accept a place is asked for', async () => {
  expect(await rings('accept')).toEqual({ outcome: 'rejected', told: ['asked for a place', 'busy'] });
});
