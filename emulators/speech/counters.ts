/** What the stand-in has seen and done since it started or was reset. */
export interface Counters {
  sttSockets: number;
  ttsSockets: number;
  /** Upgrades refused: HTTP status to how often. */
  refused: Record<string, number>;
  sttTurns: number;
  /** Recognitions and syntheses under way now. */
  openSttTurns: number;
  openTtsTurns: number;
  audioMsHeard: number;
  hypotheses: number;
  phrases: number;
  noMatches: number;
  syntheses: number;
  audioMsSpoken: number;
  /** `synthesis.control` stop messages that came. */
  stops: number;
  /** Client messages that broke the protocol. */
  violations: number;
  /** Fault name to how often it struck. */
  faults: Record<string, number>;
}

export function createCounters(): Counters {
  return {
    sttSockets: 0,
    ttsSockets: 0,
    refused: {},
    sttTurns: 0,
    openSttTurns: 0,
    openTtsTurns: 0,
    audioMsHeard: 0,
    hypotheses: 0,
    phrases: 0,
    noMatches: 0,
    syntheses: 0,
    audioMsSpoken: 0,
    stops: 0,
    violations: 0,
    faults: {},
  };
}

/** Starts counting again; what is open stays open. */
export function resetCounters(counters: Counters): void {
  const { openSttTurns, openTtsTurns } = counters;
  Object.assign(counters, createCounters(), { openSttTurns, openTtsTurns });
}
