import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bookingCalls, type Through } from './booking-calls.ts';
import { type BookingSystem, type CarrierConduct, startBookingSystem } from './booking-system.ts';
import { frozen } from './chaos-frozen.ts';
import { type Chaos, chaosResult, type Moved } from './chaos-result.ts';
import { seeded } from './duplex-script.ts';
import type { Benchmark } from './result.ts';

/**
 * Media hosts that end under their calls. Killed at a random moment, with a carrier that dials the media socket again by
 * itself and with one that only reports the failed stream; and replaced, as a deploy does it, behind an address that
 * stays; and frozen with its sockets open, which no carrier notices. Judged by the callers' ears and by the records: who went on, how long nothing was heard, what was forgotten,
 * what was done twice.
 */
export const chaos: Benchmark = {
  about: 'media host killed, replaced and frozen under its calls, judged by ear and record',
  run: async (say, { quick }) => {
    const plan = quick
      ? { batches: 1, calls: 5, moving: 6, frozen: 4, stillMs: 6_000 }
      : { batches: 10, calls: 10, moving: 50, frozen: 20, stillMs: 50_000 };
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    let system: BookingSystem | undefined;
    try {
      system = await startBookingSystem(dir);
      const chaos: Chaos = { killed: { redials: [], fails: [] }, moved: [], frozen: [], bookings: [] };
      const random = seeded(1);
      let firstNumber = 7_000_000;
      for (let batch = 0; batch < plan.batches; batch++) {
        for (const conduct of conducts) {
          const afterMs = Math.round(random() * killWithinMs);
          say(`  killed under ${plan.calls} calls after ${afterMs} ms; the carrier ${conduct}`);
          chaos.killed[conduct].push(...(await killed(system, { conduct, afterMs, calls: plan.calls, firstNumber })));
          firstNumber += plan.calls;
        }
      }
      for (const conduct of conducts) {
        say(`  replaced under ${plan.moving} calls; the carrier ${conduct}`);
        chaos.moved.push(await moved(system, { conduct, calls: plan.moving, firstNumber }));
        firstNumber += plan.moving;
      }
      say(`  frozen under ${plan.frozen} calls, its sockets open, and thawed when they are elsewhere`);
      chaos.frozen = await frozen(system, { calls: plan.frozen, firstNumber, stillMs: plan.stillMs });
      chaos.bookings = await system.bookings();
      return chaosResult(chaos);
    } finally {
      await system?.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

const conducts: readonly CarrierConduct[] = ['redials', 'fails'];

/** A turn of the caller and its answer take about as long: every moment of it is met by some call. */
const killWithinMs = 8_000;

interface Batch {
  conduct: CarrierConduct;
  calls: number;
  firstNumber: number;
}

async function killed(
  system: BookingSystem,
  { conduct, calls, firstNumber, afterMs }: Batch & { afterMs: number },
): Promise<Through[]> {
  await system.whole.system.up('mediaHost');
  await system.carrier(conduct);
  return bookingCalls({
    ...{ system, calls, firstNumber, rampMs: 700 },
    befalls: async () => {
      await new Promise(resolve => setTimeout(resolve, afterMs));
      return system.killMediaHost();
    },
    enough: (said, blowUs) => said.some(({ utterance }) => utterance.startedUs > blowUs),
  });
}

/** What is promised, and a little patience to see how much later it is. */
const movePatienceMs = 75_000;

async function moved(system: BookingSystem, { conduct, calls, firstNumber }: Batch): Promise<Moved> {
  await system.carrier(conduct);
  let upUs: ReadonlyMap<string, number> = new Map();
  let impatient = false;
  let done = false;
  const watch = async () => {
    const until = performance.now() + movePatienceMs;
    while (!done && performance.now() < until) {
      upUs = await system.mediaUpUs();
      await new Promise(resolve => setTimeout(resolve, 500));
    }
    impatient = true;
  };
  let watching: Promise<void> | undefined;
  const through = await bookingCalls({
    ...{ system, calls, firstNumber, rampMs: 200 },
    befalls: async () => {
      const atUs = await system.replaceMediaHost();
      watching = watch();
      return atUs;
    },
    enough: (_, blowUs, correlationId) => impatient || (upUs.get(correlationId) ?? 0) > blowUs,
  });
  done = true;
  await watching;
  const lastUpUs = await system.mediaUpUs();
  return {
    conduct,
    through,
    movedMs: through.map(({ correlationId, ordeal }) => {
      const us = (lastUpUs.get(correlationId) ?? 0) - ordeal.blowUs;
      return us > 0 ? us / 1000 : Number.POSITIVE_INFINITY;
    }),
  };
}
