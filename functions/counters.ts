/** What this process has done since it started, for the health page. Totals over all processes are in the call records. */
export interface Counters {
  answered: number;
  rejected: number;
  duplicates: number;
  takenOver: number;
  /** Callers sent to another number because every place was taken. */
  redirected: number;
  callbacks: {
    processed: number;
    ignored: number;
    /** Custom handlers that failed. */
    failed: number;
    refused: Record<string, number>;
    /** What the carrier has reported as failed, by the event's name. */
    carrierFailed: Record<string, number>;
  };
  /** Heartbeats taken, and calls told that their host has fallen silent. */
  hosts: { beats: number; callsLost: number };
  effects: { ran: number; failed: number; repeated: number };
}

export function newCounters(): Counters {
  return {
    answered: 0,
    rejected: 0,
    duplicates: 0,
    takenOver: 0,
    redirected: 0,
    callbacks: { processed: 0, ignored: 0, failed: 0, refused: {}, carrierFailed: {} },
    hosts: { beats: 0, callsLost: 0 },
    effects: { ran: 0, failed: 0, repeated: 0 },
  };
}

export function countRefused(counters: Counters, reason: string): void {
  countOne(counters.callbacks.refused, reason);
}

export function countOne(counts: Record<string, number>, name: string): void {
  counts[name] = (counts[name] ?? 0) + 1;
}
