import { readdirSync, readFileSync } from 'node:fs';

/** What processes and the machine have used so far, as Linux counts it under /proc; two readings make a load. */
export interface ProcessUse {
  /** Processor time, ms. */
  cpuMs: number;
  /** The same by name of the thread. Threads that ended are not in it. */
  threadMs: Record<string, number>;
  /** How long its threads stood ready and were not let run, ms, by name of the thread. */
  waitedMs: Record<string, number>;
}

export interface MachineUse {
  busyMs: number;
  idleMs: number;
  /** Taken by other machines on the same hardware. */
  stolenMs: number;
}

/** Linux tells processor time in ticks of 10 ms, whatever the kernel's own clock. */
const tickMs = 10;
const pageBytes = 4096;

export function processUse(pid: number): ProcessUse {
  const threadMs: Record<string, number> = {};
  const waitedMs: Record<string, number> = {};
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    const name = read(`/proc/${pid}/task/${thread}/comm`).trim();
    const [ran, waited] = read(`/proc/${pid}/task/${thread}/schedstat`).split(' ').map(Number);
    threadMs[name] = (threadMs[name] ?? 0) + (ran ?? 0) / 1e6;
    waitedMs[name] = (waitedMs[name] ?? 0) + (waited ?? 0) / 1e6;
  }
  // Behind the name in brackets, which may hold anything: user and system time are the 12th and 13th field.
  const fields = read(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ') ?? [];
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * tickMs, threadMs, waitedMs };
}

export function machineUse(): MachineUse {
  const [user = 0, nice = 0, system = 0, idle = 0, io = 0, irq = 0, softirq = 0, steal = 0] = read('/proc/stat')
    .split('\n', 1)[0]!
    .split(/\s+/)
    .slice(1)
    .map(ticks => Number(ticks) * tickMs);
  return { busyMs: user + nice + system + irq + softirq, idleMs: idle + io, stolenMs: steal };
}

/** Resident memory, MB. */
export const residentMb = (pid: number): number =>
  (Number(read(`/proc/${pid}/statm`).split(' ')[1]) * pageBytes) / 2 ** 20;

const read = (file: string): string => readFileSync(file, 'latin1');

/** Every entry of the later less the earlier reading. */
export const grown = (from: Record<string, number>, to: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(to).map(([key, value]) => [key, value - (from[key] ?? 0)]));

/** Slope of a least-squares line, in units of `ys` per unit of `xs`. */
export function slope(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let [top, bottom] = [0, 0];
  xs.forEach((x, i) => {
    top += (x - mx) * ((ys[i] ?? 0) - my);
    bottom += (x - mx) ** 2;
  });
  return top / bottom;
}
