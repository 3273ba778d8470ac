import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  barePhase,
  type HostPhase,
  hostPhase,
  type Phase,
  type Plan,
  type SpeechReady,
  type Work,
} from './capacity-phases.ts';
import { marksPerSource } from './frame-mark.ts';
import type { Observed } from './observe.ts';
import { atLeast, atMost, type Benchmark, type BenchResult, machine, rounded, type Spread, spread } from './result.ts';
import { startProgram } from './stand-in.ts';
import { turnMs } from './turns.ts';

/**
 * A hundred calls in one media host, and then the Speech SDK alone with the work of the same hundred calls.
 *
 * The floor is bench/bare-speech.ts: one process with a continuous recogniser per call, fed the same sound in the same
 * frames of 20 ms, and the same sentences made by as many syntheses; it has no socket to ACS, no play-out, no agents, no
 * journal and no second thread. Both talk to one Speech stand-in, which counts their work, so that equal work is shown
 * and not assumed. They run one after the other: side by side on a small machine they would starve each other. Where the
 * machine is starved all the same, less work is done than was asked for, and no ratio is given. (The SDK's own push
 * stream sends a fifth of the messages, each up to 100 ms later; it is measured too, as a figure.)
 *
 * How long a frame takes: the ACS stand-in hides a number in each frame of a caller and keeps the moment it is sent, the
 * Speech stand-in keeps the moment it arrives (bench/stamped-*.ts, one clock for all processes). So the time holds both
 * stand-ins' own delays too; those of the Speech stand-in can be read from the floor, whose frames are stamped as they
 * are given to the SDK.
 */
export const capacity: Benchmark = {
  about: '100 cascade calls in one media host, beside the Speech SDK alone',
  run: async (say, { quick }) => {
    const plan: Plan = quick
      ? { calls: 20, aloneMs: 5000, rampMs: turnMs, settleMs: 5000, forMs: 3 * turnMs }
      : { calls: 100, aloneMs: 15_000, rampMs: 2 * turnMs, settleMs: 15_000, forMs: 9 * turnMs };
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    const stamps = (name: string) => path.join(dir, `${name}.f64`);
    const speech = await startProgram<SpeechReady>('bench/stamped-speech.ts', [stamps('arrived')]);
    let stopped = false;
    try {
      say(`  ${plan.calls} calls in one media host`);
      const host = await hostPhase(dir, plan, speech, stamps('sent'));
      tell(say, host);
      say(`  the Speech SDK alone for ${plan.calls} calls`);
      const bare = await barePhase(plan, speech, {
        source: 'frames',
        marksFrom: marksPerSource,
        file: stamps('given'),
      });
      tell(say, bare);
      say('  the same with the push stream of the SDK');
      const sdk = await barePhase(plan, speech, {
        source: 'sdk',
        marksFrom: 2 * marksPerSource,
        file: stamps('pushed'),
      });
      tell(say, sdk);
      await speech.stop();
      stopped = true;
      const arrived = await readStamps(stamps('arrived'));
      const toStt = delays(await readStamps(stamps('sent')), arrived, 0, host.observed);
      const floor = delays(await readStamps(stamps('given')), arrived, marksPerSource, bare.observed);
      const pushed = delays(await readStamps(stamps('pushed')), arrived, 2 * marksPerSource, sdk.observed);
      return report(plan, host, { bare, sdk }, { toStt, floor, pushed });
    } finally {
      if (!stopped) await speech.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

async function readStamps(file: string): Promise<Float64Array> {
  const bytes = await readFile(file);
  return new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
}

/**
 * From sent to arrived, ms, of the frames sent while it was observed; a negative moment is that of a silent frame.
 * @param marksFrom number of the first frame sent.
 */
function delays(sent: Float64Array, arrived: Float64Array, marksFrom: number, { fromUs, toUs }: Observed): Delays {
  const found: Delays = { voice: [], silence: [] };
  sent.forEach((stamp, i) => {
    const sentUs = Math.abs(stamp);
    const arrivedUs = arrived[marksFrom + i] ?? 0;
    if (sentUs < fromUs || sentUs > toUs - 1_000_000 || arrivedUs === 0) return;
    found[stamp > 0 ? 'voice' : 'silence'].push((arrivedUs - sentUs) / 1000);
  });
  return found;
}

interface Delays {
  voice: number[];
  silence: number[];
}

/** The machine's own troubles are said beside the figures and not hidden in them. */
function tell(say: (line: string) => void, { subject, observed }: Phase): void {
  const { load, threads, machine: use } = observed;
  say(
    `  ${Object.entries(load)
      .map(([name, percent]) => `${name} ${percent.toFixed(1)} %`)
      .join(', ')} of a core`,
  );
  say(
    `  its threads: ${Object.entries(threads[subject] ?? {})
      .map(([name, percent]) => `${name} ${percent.toFixed(1)} %`)
      .join(', ')}`,
  );
  const troubles = [
    use.idle < 5 * use.cores && `only ${use.idle.toFixed(0)} % of ${use.cores} cores was idle`,
    use.others > 10 * use.cores && `other programs took ${use.others.toFixed(0)} %`,
    use.stolen > 2 * use.cores && `other machines took ${use.stolen.toFixed(0)} %`,
  ].filter(trouble => trouble !== false);
  if (troubles.length > 0) say(`  ! starved: ${troubles.join('; ')}. Times below are worse than the program's own.`);
}

/** Percent. */
const mostDifference = 5;

/** By how much the work of two phases differs at most, percent. */
const differs = (one: Phase, other: Phase): number =>
  Math.max(...Object.entries(one.work).map(([key, n]) => Math.abs(n / other.work[key as keyof Work] - 1) * 100));

function report(
  plan: Plan,
  host: HostPhase,
  { bare, sdk }: Record<'bare' | 'sdk', Phase>,
  frames: Record<'toStt' | 'floor' | 'pushed', Delays>,
): BenchResult {
  const { calls } = plan;
  const cpu = ({ observed, subject }: Phase) => observed.load[subject] ?? Number.NaN;
  /** A starved program does less work, and each wake-up does more of it: that is no figure of its cost. */
  const against = (floor: Phase) => (differs(host, floor) > mostDifference ? Number.NaN : cpu(host) / cpu(floor));
  const mbPerCall = ({ observed, subject, aloneMb }: Phase) =>
    ((observed.memory[subject]?.mb ?? Number.NaN) - aloneMb) / (calls - 1);
  const growth = ({ observed, subject }: Phase) => (observed.memory[subject]?.growthMbPerMinute ?? Number.NaN) / calls;
  const toStt: Spread = spread(frames.toStt.voice);
  const work = ({ work }: Phase) => Object.fromEntries(Object.entries(work).map(([key, n]) => [key, Math.round(n)]));
  const roundedAll = (values: Record<string, number>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rounded(value)]));
  return {
    name: 'capacity',
    machine: machine(),
    metrics: {
      calls,
      'media host, % of a core': rounded(cpu(host)),
      'media host by thread, % of a core': host.observed.threads[host.subject] ?? {},
      'media host kept waiting for a core, %': host.observed.waited[host.subject] ?? {},
      'Speech SDK alone, % of a core': rounded(cpu(bare)),
      'Speech SDK alone by thread, % of a core': bare.observed.threads[bare.subject] ?? {},
      'Speech SDK alone, its push stream, % of a core': rounded(cpu(sdk)),
      'media host against the push stream of the SDK': rounded(against(sdk)),
      'other programs meanwhile, % of a core': roundedAll(host.observed.load),
      'machine with the calls, % of a core': host.observed.machine,
      'machine with the Speech SDK alone, % of a core': bare.observed.machine,
      'work of the calls': work(host),
      'work of the Speech SDK alone': work(bare),
      'agents heard, s': rounded(host.heardSeconds),
      'frame of voice from ACS to STT, ms': toStt,
      'frame of silence from ACS to STT, ms': spread(frames.toStt.silence),
      'floor: frame from the Speech SDK alone to STT, ms': spread(frames.floor.voice),
      'frame through the SDK’s push stream to STT, ms': spread(frames.pushed.voice),
      'media thread, event loop delay, ms': roundedAll(host.loopMs),
      'memory with one call, MB': roundedAll({ 'media host': host.aloneMb, 'Speech SDK alone': bare.aloneMb }),
      'memory per call, MB': roundedAll({ 'media host': mbPerCall(host), 'Speech SDK alone': mbPerCall(bare) }),
      'growth per call in a minute, MB': roundedAll({ 'media host': growth(host), 'Speech SDK alone': growth(bare) }),
    },
    promises: [
      atLeast('calls live at the end', calls, host.liveAtEnd, 'calls'),
      atMost('agents interrupted or services failed', 0, host.stops + host.refused, 'times'),
      atMost('work differs from the Speech SDK alone by', mostDifference, differs(host, bare), '%'),
      atMost('CPU against the Speech SDK alone', 1.15, against(bare), '×'),
      atMost('event loop of the media thread, longest delay', 50, host.loopMs.maxMs, 'ms'),
      atMost('frame of voice from ACS to STT, p50', 2, toStt.p50, 'ms'),
      atMost('frame of voice from ACS to STT, p99', 10, toStt.p99, 'ms'),
      atMost('memory per call over one call', 3.5, mbPerCall(host), 'MB'),
      atMost('growth of memory per call in a minute', 0.35, growth(host), 'MB'),
    ],
  };
}
