import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type System, startSystem } from '../commands/system.ts';
import type { BareOptions } from './bare-speech.ts';
import { type PlannedCaller, plannedCaller } from './many-callers.ts';
import { type Observed, observe } from './observe.ts';
import { residentMb } from './process-load.ts';
import { type AcsReady, type Program, putScript, startProgram, subscribe } from './stand-in.ts';
import { agentSays, greeting } from './turns.ts';

/** The two halves of the capacity benchmark: so many calls in one media host, and the Speech SDK alone with their work. */
export interface Plan {
  calls: number;
  /** How long the first call is alone, over what time the others begin, and how long all settle before measuring. */
  aloneMs: number;
  rampMs: number;
  settleMs: number;
  /** Whole turns, so that every call says and hears the same. */
  forMs: number;
}

export interface SpeechReady {
  url: string;
  host: string;
  key: string;
}

/** What the Speech stand-in did meanwhile. */
export type Work = Record<'audioMsHeard' | 'hypotheses' | 'phrases' | 'syntheses' | 'audioMsSpoken', number>;

export interface Phase {
  observed: Observed;
  work: Work;
  /** Name of the process in question among those observed. */
  subject: string;
  /** Resident memory with one call, MB. */
  aloneMb: number;
}

export interface HostPhase extends Phase {
  liveAtEnd: number;
  heardSeconds: number;
  stops: number;
  loopMs: Record<'p50Ms' | 'p99Ms' | 'maxMs', number>;
  refused: number;
}

export async function hostPhase(
  dir: string,
  plan: Plan,
  speech: Program<SpeechReady>,
  file: string,
): Promise<HostPhase> {
  const acs = await startProgram<AcsReady>('bench/stamped-acs.ts', [file]);
  const agents = path.join(dir, 'agents');
  await mkdir(agents);
  await writeFile(path.join(agents, 'reception.yaml'), agentFile);
  const { connectionString, audience, openIdConfigUrl, issuer, url } = acs.ready.acs;
  let system: System | undefined;
  const callers: PlannedCaller[] = [];
  try {
    system = await startSystem({
      dir: path.join(dir, 'system'),
      settings: {
        ACS_CONNECTION_STRING: connectionString,
        ACS_RESOURCE_ID: audience,
        ACS_OPENID_CONFIG_URL: openIdConfigUrl,
        ACS_ISSUER: issuer,
        SPEECH_ENDPOINT: speech.ready.host,
        SPEECH_KEY: speech.ready.key,
        AGENTS_DIR: agents,
        MAX_CALLS: String(plan.calls),
        LOG_LEVEL: 'warn',
      },
    });
    await putScript(system.chatUrl, `- match: {}\n  say: "${agentSays.join(' ')}"\n  ttftMs: 20\n  gapMs: 2\n`);
    await subscribe(url, `${system.functionsUrl}/api/v1/calls/incoming?code=${system.hostKey}`);
    const { mediaHost = 0, functions = 0, standIns = 0 } = system.pids();
    const dial = async () => {
      const caller = await plannedCaller(url, `+1555${String(3_000_000 + callers.length)}`);
      callers.push(caller);
      await caller.open;
    };
    await dial();
    await pause(plan.aloneMs);
    const aloneMb = residentMb(mediaHost);
    const rings: Promise<void>[] = [];
    for (let i = 1; i < plan.calls; i++) {
      rings.push(dial());
      await pause(plan.rampMs / plan.calls);
    }
    await Promise.all(rings);
    await pause(plan.settleMs);

    const heardBefore = sum(callers, caller => caller.heardFrames());
    const { observed, work } = await measured(plan, speech, {
      'media host': mediaHost,
      'functions host': functions,
      'speech stand-in': speech.pid,
      'ACS stand-in': acs.pid,
      'chat and Cosmos stand-ins': standIns,
      'callers and benchmark': process.pid,
    });
    const health = (await (await fetch(`${system.mediaHostUrl}/api/v1/health`)).json()) as Health;
    return {
      observed,
      work,
      subject: 'media host',
      aloneMb,
      liveAtEnd: callers.filter(caller => !caller.over()).length,
      heardSeconds: (sum(callers, caller => caller.heardFrames()) - heardBefore) / 50,
      stops: sum(callers, caller => caller.stops()),
      loopMs: health.loop ?? { p50Ms: Number.NaN, p99Ms: Number.NaN, maxMs: Number.NaN },
      refused: (health.counters['stt-failures'] ?? 0) + (health.counters['tts-failures'] ?? 0),
    };
  } finally {
    for (const caller of callers) caller.hangUp();
    await system?.stop();
    await acs.stop();
  }
}

interface Health {
  loop?: Record<'p50Ms' | 'p99Ms' | 'maxMs', number>;
  counters: Record<string, number>;
}

const agentFile = `name: reception
description: Takes turns with a hundred callers
greeting: ${JSON.stringify(greeting)}
prompt: Answer in two short sentences.
voice: { name: en-US-JennyNeural }
speech: { language: en-US, phrases: [Switchboard, opening hours] }
`;

export async function barePhase(
  plan: Plan,
  speech: Program<SpeechReady>,
  rest: Pick<BareOptions, 'source' | 'marksFrom' | 'file'>,
): Promise<Phase> {
  const { calls, aloneMs, rampMs } = plan;
  const { host, key } = speech.ready;
  const options: BareOptions = { host, key, calls, aloneMs, rampMs, ...rest };
  const bare = await startProgram('bench/bare-speech.ts', [JSON.stringify(options)]);
  try {
    await pause(aloneMs);
    const aloneMb = residentMb(bare.pid);
    await pause(rampMs + plan.settleMs);
    const subject = 'Speech SDK alone';
    return {
      ...(await measured(plan, speech, { [subject]: bare.pid, 'speech stand-in': speech.pid })),
      subject,
      aloneMb,
    };
  } finally {
    await bare.stop();
  }
}

async function measured(plan: Plan, speech: Program<SpeechReady>, pids: Record<string, number>) {
  const counters = async () => (await (await fetch(`${speech.ready.url}/emulator/counters`)).json()) as Work;
  const from = await counters();
  const observed = await observe(pids, plan.forMs);
  const to = await counters();
  const keys = ['audioMsHeard', 'hypotheses', 'phrases', 'syntheses', 'audioMsSpoken'] as const;
  const work = Object.fromEntries(keys.map(key => [key, to[key] - from[key]])) as Work;
  return { observed, work };
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);
