import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import {
  type CallsPhase,
  floorPhase,
  type HostPhase,
  hostPhase,
  type Phase,
  type Plan,
  type SpeechReady,
  sdkPhase,
  type Work,
} from './capacity-phases.ts';
import { marksPerSource } from './frame-mark.ts';
import type { Observed } from './observe.ts';
import { atLeast, atMost, type Benchmark, type BenchResult, machine, rounded, type Spread, spread } from './result.ts';
import { startProgram } from './stand-in.ts';
import { turnMs } from './turns.ts';

/**
 * A hundred calls in one media host, then the same in the floor, then the Speech SDK alone.
 *
 * The floor is bench/bare-cascade.ts, the least that a cascade can be: one process that takes the same media sockets of
 * ACS with nothing but `ws`, `JSON.parse` and base64, feeds a continuous recogniser of the Speech SDK per call from them
 * in the same frames of 20 ms, and sends back, paced, what as many syntheses make; no agents, no journal, no decisions, no
 * second thread. All have one Speech stand-in, which counts their work, so that equal work is shown and not assumed.
 * They run one after the other: side by side on a small machine they would starve each other. Where the machine is
 * starved all the same, less work is done than was asked for, and no ratio is given.
 *
 * bench/bare-speech.ts leaves out the telephone too and feeds itself: a figure that says what of all this is the SDK's.
 *
 * How long a frame takes: the ACS stand-in hides a number in each frame of a caller and keeps the moment it is sent, the
 * Speech stand-in keeps the moment it arrives (bench/stamped-*.ts, one clock for all processes). So the time holds both
 * stand-ins' own delays too; they can be read from the floor, which passes on every frame as it comes.
 */
export const capacity: Benchmark = {
  about: '100 cascade calls in one media host, beside a bare telephone with the Speech SDK',
  run: async (say, { quick }) => {
    const plan: Plan = quick
      ? { calls: 20, aloneMs: 5000, rampMs: turnMs, settleMs: 5000, forMs: 3 * turnMs }
      : { calls: 100, aloneMs: 15_000, rampMs: 2 * turnMs, settleMs: 15_000, forMs: 9 * turnMs };
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    const stamps = (source: number) => ({
      file: path.join(dir, `${source}.f64`),
      marksFrom: source * marksPerSource,
    });
    const arrivals = path.join(dir, 'arrived.f64');
    const speech = await startProgram<SpeechReady>('bench/stamped-speech.ts', [arrivals]);
    let stopped = false;
    try {
      say(`  ${plan.calls} calls in one media host`);
      const host = await hostPhase(dir, plan, speech, stamps(0));
      tell(say, host);
      say(`  ${plan.calls} calls in the floor: a bare telephone and the Speech SDK`);
      const floor = await floorPhase(plan, speech, stamps(1));
      tell(say, floor);
      say(`  the Speech SDK alone for ${plan.calls} calls`);
      const sdk = await sdkPhase(plan, speech, stamps(2));
      tell(say, sdk);
      await speech.stop();
      stopped = true;
      const arrived = await readStamps(arrivals);
      const frames = async (source: number, { observed }: Phase) =>
        delays(await readStamps(stamps(source).file), arrived, stamps(source).marksFrom, observed);
      return report(
        plan,
        { host, floor, sdk },
        { host: await frames(0, host), floor: await frames(1, floor), sdk: await frames(2, sdk) },
      );
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
  { calls }: Plan,
  { host, floor, sdk }: { host: HostPhase; floor: CallsPhase; sdk: Phase },
  frames: Record<'host' | 'floor' | 'sdk', Delays>,
): BenchResult {
  const cpu = ({ observed, subject }: Phase) => observed.load[subject] ?? Number.NaN;
  /** A starved program does less work, and each wake-up does more of it: that is no figure of its cost. */
  const against = (other: Phase) => (differs(host, other) > mostDifference ? Number.NaN : cpu(host) / cpu(other));
  const mbPerCall = ({ observed, subject, aloneMb }: Phase) =>
    ((observed.memory[subject]?.mb ?? Number.NaN) - aloneMb) / (calls - 1);
  const growth = ({ observed, subject }: Phase) => (observed.memory[subject]?.growthMbPerMinute ?? Number.NaN) / calls;
  const voice: Spread = spread(frames.host.voice);
  const threads = ({ observed, subject }: Phase) => observed.threads[subject] ?? {};
  const roundedAll = (values: Record<string, number>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, rounded(value)]));
  const ofAll = (of: (phase: Phase) => number) =>
    roundedAll({ 'media host': of(host), floor: of(floor), 'Speech SDK alone': of(sdk) });
  const work = ({ work }: Phase) => roundedAll(work);
  return {
    name: 'capacity',
    machine: machine(),
    metrics: {
      calls,
      '% of a core': ofAll(cpu),
      'media host by thread, % of a core': threads(host),
      'media host kept waiting for a core, %': host.observed.waited[host.subject] ?? {},
      'floor by thread, % of a core': threads(floor),
      'Speech SDK alone by thread, % of a core': threads(sdk),
      'media host against the Speech SDK alone': rounded(against(sdk)),
      'all programs with the media host, % of a core': roundedAll(host.observed.load),
      'all programs with the floor, % of a core': roundedAll(floor.observed.load),
      'machine with the media host, % of a core': host.observed.machine,
      'machine with the floor, % of a core': floor.observed.machine,
      'work of the media host': work(host),
      'work of the floor': work(floor),
      'agents heard, s': roundedAll({ 'media host': host.heardSeconds, floor: floor.heardSeconds }),
      'frame of voice from ACS to STT, ms': voice,
      'frame of silence from ACS to STT, ms': spread(frames.host.silence),
      'floor: frame of voice from ACS to STT, ms': spread(frames.floor.voice),
      'frame from the Speech SDK alone to STT, ms': spread(frames.sdk.voice),
      'media thread, event loop delay, ms': roundedAll(host.loopMs),
      'memory with one call, MB': ofAll(phase => phase.aloneMb),
      'memory per call, MB': ofAll(mbPerCall),
      'growth per call in a minute, MB': ofAll(growth),
    },
    promises: [
      atLeast('calls live at the end', calls, Math.min(host.liveAtEnd, floor.liveAtEnd), 'calls'),
      atMost('agents interrupted or services failed', 0, host.stops + host.refused, 'times'),
      atMost('work differs from the floor by', mostDifference, differs(host, floor), '%'),
      atMost('CPU against the floor', 1.15, against(floor), '×'),
      atMost('event loop of the media thread, longest delay', 50, host.loopMs.maxMs, 'ms'),
      atMost('frame of voice from ACS to STT, p50', 2, voice.p50, 'ms'),
      atMost('frame of voice from ACS to STT, p99', 10, voice.p99, 'ms'),
      atMost('memory per call over one call', 3.5, mbPerCall(host), 'MB'),
      atMost('growth of memory per call in a minute', 0.35, growth(host), 'MB'),
    ],
  };
}
