/** What a request costs, by kind; `bytes` is the size of what is read or written. Swap it to test budgets. */
export type Charge = (kind: 'read' | 'write' | 'query', bytes: number, scanned?: number) => number;

/**
 * Plausible request units: a point read of 1 KB is 1 and of 100 KB 10, a write of 1 KB is 5 and of 100 KB 50 (vendor
 * figures); what a query costs depends on the service's index and is only a guess.
 */
export const plausibleCharge: Charge = (kind, bytes, scanned = 0) => {
  const kilobytes = Math.max(1, bytes / 1024);
  if (kind === 'query') return round(2.3 + 0.04 * scanned + 0.05 * (kilobytes - 1));
  const perRead = 1 + (kilobytes - 1) / 11;
  return round(kind === 'read' ? perRead : 5 * perRead);
};

function round(units: number): number {
  return Math.round(units * 100) / 100;
}
