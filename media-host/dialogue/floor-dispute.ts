import type { CallFact } from '../../contracts/call-event.ts';
import type { Clock } from '../clock.ts';

/** What led up to a decision about the floor: kept while the caller sounds over the agent, noted when it is decided. */
export interface FloorDispute {
  /** The voice goes down with the next frame. */
  lowers(): void;
  /** A frame went out. */
  sent(): void;
  /** The sentence is held. @param heldAtUs when that was decided @param unplayedMs what ACS had not played then */
  held(heldAtUs: number, unplayedMs: number): void;
  /** Since when the sentence is held, if it is. */
  hold(): { heldAtUs?: number; unplayedMs?: number };
  settled(outcome: 'raised' | 'given-back' | 'stopped', turn: number): void;
}

export function createFloorDispute(clock: Clock, note: (fact: CallFact) => void): FloorDispute {
  let lowering = false;
  let loweredAtUs: number | undefined;
  let hold: { heldAtUs?: number; unplayedMs?: number } = {};

  return {
    lowers: () => {
      lowering = true;
    },
    sent: () => {
      if (!lowering) return;
      lowering = false;
      loweredAtUs = clock.monotonicUs();
    },
    held: (heldAtUs, unplayedMs) => {
      hold = { heldAtUs, unplayedMs };
    },
    hold: () => hold,
    settled: (outcome, turn) => {
      const { heldAtUs } = hold;
      const times = { ...(loweredAtUs !== undefined && { loweredAtUs }), ...(heldAtUs !== undefined && { heldAtUs }) };
      lowering = false;
      loweredAtUs = undefined;
      hold = {};
      if (Object.keys(times).length === 0) return;
      note({ type: 'floor-disputed', turn, outcome, atUs: clock.monotonicUs(), ...times });
    },
  };
}
