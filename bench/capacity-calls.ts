import { setTimeout as pause } from 'node:timers/promises';
import { type PlannedCaller, plannedCaller } from './many-callers.ts';
import { residentMb } from './process-load.ts';

/** So many calls at one ACS stand-in: the first alone, so that its program's memory can be read, the others spread in time. */
export interface CallsPlan {
  calls: number;
  /** How long the first call is alone, over what time the others begin, and how long all settle before measuring. */
  aloneMs: number;
  rampMs: number;
  settleMs: number;
}

export interface ManyCalls {
  /** Resident memory of the program that answers, with one call, MB. */
  aloneMb: number;
  live(): number;
  heardFrames(): number;
  stops(): number;
  hangUp(): void;
}

/** @param pid of the program that answers. */
export async function dialMany(acsUrl: string, pid: number, plan: CallsPlan): Promise<ManyCalls> {
  const callers: PlannedCaller[] = [];
  const hangUp = () => {
    for (const caller of callers) caller.hangUp();
  };
  const dial = async () => {
    const caller = await plannedCaller(acsUrl, `+1555${String(3_000_000 + callers.length)}`);
    callers.push(caller);
    await caller.open;
  };
  try {
    await dial();
    await pause(plan.aloneMs);
    const aloneMb = residentMb(pid);
    const rings: Promise<void>[] = [];
    for (let i = 1; i < plan.calls; i++) {
      const ring = dial();
      // Told below, once all have rung.
      ring.catch(() => undefined);
      rings.push(ring);
      await pause(plan.rampMs / plan.calls);
    }
    await Promise.all(rings);
    await pause(plan.settleMs);
    return {
      aloneMb,
      live: () => callers.filter(caller => !caller.over()).length,
      heardFrames: () => sum(callers, caller => caller.heardFrames()),
      stops: () => sum(callers, caller => caller.stops()),
      hangUp,
    };
  } catch (error) {
    hangUp();
    throw error;
  }
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
