import os from 'node:os';

/** What every benchmark prints: its figures, and each promise set against what was measured. */
export interface BenchResult {
  name: string;
  machine: Machine;
  metrics: Record<string, number | Record<string, number>>;
  promises: BenchPromise[];
}

export interface BenchPromise {
  promise: string;
  limit: number;
  measured: number;
  unit: string;
  holds: boolean;
}

export interface Machine {
  node: string;
  cpu: string;
  cores: number;
  memoryGiB: number;
  load1: number;
}

export interface Benchmark {
  about: string;
  /** @param say tells people how far it is. */
  run(say: (line: string) => void, options: BenchOptions): Promise<BenchResult>;
}

export interface BenchOptions {
  /** Smaller numbers for a quick look; promises are then judged on what was run. */
  quick: boolean;
  /** Only this one of the calls that are drawn from seeds. */
  seed?: number;
  /** How agents let themselves be interrupted, instead of what their files say. */
  policy?: string;
}

export function machine(): Machine {
  const cpus = os.cpus();
  return {
    node: process.version,
    cpu: cpus[0]?.model ?? 'unknown',
    cores: cpus.length,
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    load1: Math.round((os.loadavg()[0] ?? 0) * 100) / 100,
  };
}

/** A promise that holds when what was measured is not above the limit. */
export const atMost = (promise: string, limit: number, measured: number, unit: string): BenchPromise => ({
  promise,
  limit,
  measured: rounded(measured),
  unit,
  holds: measured <= limit,
});

/** A promise that holds when what was measured is not below the limit. */
export const atLeast = (promise: string, limit: number, measured: number, unit: string): BenchPromise => ({
  promise,
  limit,
  measured: rounded(measured),
  unit,
  holds: measured >= limit,
});

export interface Spread extends Record<string, number> {
  n: number;
  p50: number;
  p95: number;
  p99: number;
  max: number;
}

/** The nearest-rank percentiles of the samples; NaN where there are none. */
export function spread(samples: readonly number[]): Spread {
  const sorted = [...samples].sort((a, b) => a - b);
  const at = (share: number) => rounded(sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN);
  return { n: sorted.length, p50: at(0.5), p95: at(0.95), p99: at(0.99), max: at(1) };
}

export const rounded = (value: number): number => Math.round(value * 1000) / 1000;

/** The result as a person reads it. */
export function table(result: BenchResult): string {
  const metrics = Object.entries(result.metrics).map(([name, value]) => {
    const text =
      typeof value === 'number'
        ? String(value)
        : Object.entries(value)
            .map(([key, number]) => `${key} ${number}`)
            .join('  ');
    return `  ${name.padEnd(44)} ${text}`;
  });
  const promises = result.promises.map(
    ({ promise, limit, measured, unit, holds }) =>
      `  ${holds ? '✓' : '✗'} ${promise.padEnd(60)} ${measured} ${unit} (limit ${limit})`,
  );
  return [
    `${result.name} on ${result.machine.cores} × ${result.machine.cpu}, Node ${result.machine.node}`,
    ...metrics,
    ...promises,
  ].join('\n');
}
