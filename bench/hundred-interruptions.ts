import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { callIdOf } from '../contracts/call-id.ts';
import { bankVoices } from '../emulators/caller/voice/bank.ts';
import { startFloor, startTalker } from './floor.ts';
import { nowUs } from './frame-mark.ts';
import { everyMs, firstMs, keepBurning, starts, talks, timeline, voiceMs } from './hundred-script.ts';
import { journalOf } from './journal.ts';
import { dialLightly, type LightCaller } from './light-caller.ts';
import { type Observed, observe } from './observe.ts';
import { startRelayedCalls } from './relayed-calls.ts';
import { decisionsToStops, silencingsOf } from './silencings.ts';
import { type Program, startProgram } from './stand-in.ts';
import { startWholeSystem, turnSpeech, type WholeSystem } from './whole-system.ts';

/**
 * A hundred calls at once, each interrupted every six seconds, while calls of a bare relay are interrupted in the same ACS.
 * First all is quiet in the turn thread; then one call's tool after the other burns a core for two seconds.
 *
 * The Speech stand-in says what the callers say by position of the sound instead of listening, and the callers do not listen
 * to words, so that the machine is left to what is measured.
 */
export interface HundredPlan {
  calls: number;
  floorCalls: number;
  /** How long each of the two phases is measured, ms. */
  quietMs: number;
  busyMs: number;
}

export interface HundredInterruptions {
  quiet: Phase;
  /** Only what was decided while a tool burned. */
  busy: Phase & { burns: number };
  framesAfterStop: number;
  leftoverMs: number[];
  refused: number;
}

export interface Phase {
  decisionToStopMs: number[];
  floorMs: number[];
  observed: Observed;
}

const rampMs = 100;
const floorEveryMs = 500;

export async function hundredInterruptions(
  dir: string,
  plan: HundredPlan,
  say: (line: string) => void,
): Promise<HundredInterruptions> {
  const burnsFile = path.join(dir, 'burns.jsonl');
  const closing: (() => Promise<void>)[] = [];
  try {
    const speech = await startSpeechProgram(dir);
    closing.unshift(speech.stop);
    await turnSpeech(speech.ready.speech.url, 'knobs', { stt: { quota: 10_000, timelines: { '': timeline } } });
    const whole = await startWholeSystem({
      dir: path.join(dir, 'hundred'),
      agent: 'thinker',
      script: talks,
      speech: speech.ready.speech,
      settings: { MAX_CALLS: String(plan.calls) },
      env: { BENCH_BURNS: burnsFile },
    });
    closing.unshift(whole.stop);
    const upstream = await startTalker(floorEveryMs);
    closing.unshift(upstream.close);
    const relayed = await startRelayedCalls({ acs: whole.acs, upstreamUrl: upstream.url, webhook: whole.webhook });
    closing.unshift(relayed.stop);
    const floor = await startFloor({ acsUrl: whole.acs.url, relayed, upstream, calls: plan.floorCalls });
    closing.unshift(floor.stop);

    const pids = {
      ...whole.pids(),
      'Speech stand-in': speech.pid,
      'relay of the floor': relayed.pid,
      'callers and benchmark': process.pid,
    };

    const callers = await dialAll(whole, plan.calls);
    // The first interruptions find cold code on every side.
    await pause(firstMs + everyMs);
    const quiet = await observe(pids, plan.quietMs);
    tellStarved(say, quiet);
    say('  now with a tool that burns a core');
    const burning = keepBurning(whole.system.chatUrl);
    const busy = await observe(pids, plan.busyMs);
    await burning.stop();
    for (const { stop } of callers) stop();
    await pause(3000);

    const burned = existsSync(burnsFile) ? (await readFile(burnsFile, 'utf8')).trim().split('\n').map(readBurn) : [];
    const found = await judge(whole, callers);
    const within = ({ fromUs, toUs }: Window) =>
      found.decided.filter(one => one.decidedUs >= fromUs && one.decidedUs < toUs);
    return {
      quiet: {
        decisionToStopMs: within(quiet).map(({ tookMs }) => tookMs),
        floorMs: floor.delaysMs(quiet.fromUs, quiet.toUs),
        observed: quiet,
      },
      busy: {
        decisionToStopMs: burned.flatMap(within).map(({ tookMs }) => tookMs),
        floorMs: burned.flatMap(({ fromUs, toUs }) => floor.delaysMs(fromUs, toUs)),
        observed: busy,
        burns: burned.length,
      },
      ...found,
    };
  } finally {
    for (const close of closing) await close();
  }
}

/** A stand-in that waits for a core stamps late: then both figures tell more of the machine than of the programs. */
function tellStarved(say: (line: string) => void, { machine: { cores, idle, others } }: Observed): void {
  if (idle >= 5 * cores) return;
  say(`  ! starved: ${idle.toFixed(0)} % of ${cores} cores was idle; programs of others took ${others.toFixed(0)} %`);
}

interface SpeechReady {
  speech: { url: string; host: string; key: string };
}

const startSpeechProgram = (dir: string): Promise<Program<SpeechReady>> =>
  startProgram<SpeechReady>('emulators/start.ts', ['--data', dir, '--only', 'speech', '--exit-with-stdin']);

interface Interrupter {
  caller: LightCaller;
  stop(): void;
}

async function dialAll(whole: WholeSystem, calls: number): Promise<Interrupter[]> {
  const rings: Promise<Interrupter>[] = [];
  for (let i = 0; i < calls; i++) {
    rings.push(interrupter(whole.acs.url, i));
    await pause(rampMs);
  }
  return Promise.all(rings);
}

async function interrupter(acsUrl: string, i: number): Promise<Interrupter> {
  const caller = await dialLightly(acsUrl, `+1555${String(2_000_000 + i)}`);
  const voices = bankVoices();
  const clips = voices[i % voices.length]!.clips;
  const voice = clips[i % clips.length]!.slice(0, voiceMs * 16);
  let next = 0;
  let timer: NodeJS.Timeout;
  const wait = () => {
    const dueMs = (starts[next++] ?? Number.POSITIVE_INFINITY) - (nowUs() - caller.openUs) / 1000;
    if (Number.isFinite(dueMs)) timer = setTimeout(speak, Math.max(0, dueMs));
  };
  const speak = () => {
    caller.speak(voice);
    wait();
  };
  wait();
  return { caller, stop: () => clearTimeout(timer) };
}

interface Window {
  fromUs: number;
  toUs: number;
}

const readBurn = (line: string): Window => JSON.parse(line) as Window;

async function judge(whole: WholeSystem, callers: readonly Interrupter[]) {
  const decided: { decidedUs: number; tookMs: number }[] = [];
  const leftoverMs: number[] = [];
  let framesAfterStop = 0;
  let refused = 0;
  for (const { caller } of callers) {
    if (caller.over() !== undefined) refused++;
    const journal = await journalOf(whole.store, callIdOf(caller.correlationId));
    decided.push(
      ...decisionsToStops(
        silencingsOf(journal),
        caller.stops.map(({ atUs }) => atUs),
      ),
    );
    for (const stop of caller.stops) {
      framesAfterStop += stop.framesAfterStop ?? 0;
      leftoverMs.push(stop.discardedMs);
    }
    caller.hangUp();
  }
  return { decided, leftoverMs, framesAfterStop, refused };
}
