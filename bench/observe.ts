import { nowUs } from './frame-mark.ts';
import { grown, machineUse, processUse, residentMb, slope } from './process-load.ts';
import { rounded } from './result.ts';

/** What named processes and the machine used over a stretch of time. Loads are percents of one core. */
export interface Observed {
  fromUs: number;
  toUs: number;
  load: Record<string, number>;
  /** Of each process, by thread. */
  threads: Record<string, Record<string, number>>;
  /** Share of the time that threads stood ready and were not let run, in percent, by process and thread. */
  waited: Record<string, Record<string, number>>;
  /** Resident memory, mean of the last sixth, and how fast it grew. */
  memory: Record<string, { mb: number; growthMbPerMinute: number }>;
  machine: { cores: number; ours: number; others: number; idle: number; stolen: number };
}

const everyMs = 1000;

export async function observe(pids: Record<string, number>, forMs: number): Promise<Observed> {
  const each = Object.entries(pids);
  const fromUs = nowUs();
  const before = each.map(([, pid]) => processUse(pid));
  const machineBefore = machineUse();
  const atMs: number[] = [];
  const mb = each.map((): number[] => []);
  while (nowUs() - fromUs < forMs * 1000) {
    await new Promise(resolve => setTimeout(resolve, Math.min(everyMs, forMs)));
    atMs.push((nowUs() - fromUs) / 1000);
    for (const [i, [, pid]] of each.entries()) mb[i]?.push(residentMb(pid));
  }
  const after = each.map(([, pid]) => processUse(pid));
  const machineAfter = machineUse();
  const toUs = nowUs();

  const percent = (ms: number) => rounded((ms * 100_000) / (toUs - fromUs));
  const percents = (from: Record<string, number>, to: Record<string, number>) =>
    Object.fromEntries(
      Object.entries(grown(from, to))
        .map(([name, ms]) => [name, percent(ms)] as const)
        .filter(([, share]) => share >= 0.05)
        .sort(([, a], [, b]) => b - a),
    );
  const named = <T>(of: (i: number) => T): Record<string, T> =>
    Object.fromEntries(each.map(([name], i) => [name, of(i)]));
  const load = named(i => percent((after[i]?.cpuMs ?? 0) - (before[i]?.cpuMs ?? 0)));
  const ours = Object.values(load).reduce((sum, share) => sum + share, 0);
  const busy = percent(machineAfter.busyMs - machineBefore.busyMs);
  const idle = percent(machineAfter.idleMs - machineBefore.idleMs);
  const stolen = percent(machineAfter.stolenMs - machineBefore.stolenMs);
  return {
    fromUs,
    toUs,
    load,
    threads: named(i => percents(before[i]?.threadMs ?? {}, after[i]?.threadMs ?? {})),
    waited: named(i => percents(before[i]?.waitedMs ?? {}, after[i]?.waitedMs ?? {})),
    memory: named(i => {
      const series = mb[i] ?? [];
      const last = series.slice(-Math.ceil(series.length / 6));
      return {
        mb: last.reduce((sum, value) => sum + value, 0) / last.length,
        growthMbPerMinute: slope(atMs, series) * 60_000,
      };
    }),
    machine: {
      cores: Math.round((busy + idle + stolen) / 100),
      ours: rounded(ours),
      others: rounded(Math.max(0, busy - ours)),
      idle,
      stolen,
    },
  };
}
