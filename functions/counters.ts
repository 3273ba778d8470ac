/** What this process has done since it started, for the health page. Totals over all processes are in the call records. */
export interface Counters {
  answered: number;
  rejected: number;
  duplicates: number;
  takenOver: number;
  callbacks: { processed: number; ignored: number; refused: Record<string, number> };
}

export function newCounters(): Counters {
  return {
    answered: 0,
    rejected: 0,
    duplicates: 0,
    takenOver: 0,
    callbacks: { processed: 0, ignored: 0, refused: {} },
  };
}

export function countRefused(counters: Counters, reason: string): void {
  const { refused } = counters.callbacks;
  refused[reason] = (refused[reason] ?? 0) + 1;
}
