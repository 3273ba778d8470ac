import { bookingCalls, type Through } from './booking-calls.ts';
import type { BookingSystem, Frozen } from './booking-system.ts';

/**
 * A media host that stands still with its sockets open: no carrier notices, so the control plane has to. When all of its
 * calls are elsewhere it goes on where it stood, and is not to be heard, nor to undo what has been written since.
 */
export interface FrozenPlan {
  calls: number;
  firstNumber: number;
  /** How long it stands still when its calls are elsewhere: who took them over is to have written in that time. */
  stillMs: number;
}

export async function frozen(system: BookingSystem, { calls, firstNumber, stillMs }: FrozenPlan): Promise<Through[]> {
  await system.carrier('fails');
  let host: Frozen | undefined;
  let thawedUs = Number.POSITIVE_INFINITY;
  let over = false;
  const thawWhenLeft = async ({ atUs, thaw }: Frozen) => {
    const until = performance.now() + patienceMs;
    for (let left = 0; !over && left < calls && performance.now() < until; ) {
      await new Promise(resolve => setTimeout(resolve, 250));
      left = [...(await system.mediaUpUs()).values()].filter(upUs => upUs > atUs).length;
    }
    await new Promise(resolve => setTimeout(resolve, stillMs));
    thawedUs = thaw();
  };
  let thawing: Promise<void> | undefined;
  try {
    return await bookingCalls({
      ...{ system, calls, firstNumber, rampMs: 400 },
      befalls: async () => {
        host = await system.freezeMediaHost();
        thawing = thawWhenLeft(host);
        return host.atUs;
      },
      enough: said => said.some(({ utterance }) => utterance.startedUs > thawedUs),
    });
  } finally {
    over = true;
    await thawing;
    host?.thaw();
  }
}

/** Three beats, a look, two questions: all of it in a third of this. */
const patienceMs = 60_000;
