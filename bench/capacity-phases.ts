import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type System, startSystem } from '../commands/system.ts';
import { answerCalls } from './answered-calls.ts';
import type { CascadeOptions } from './bare-cascade.ts';
import type { BareOptions } from './bare-speech.ts';
import { type CallsPlan, dialMany, type ManyCalls } from './capacity-calls.ts';
import { type Observed, observe } from './observe.ts';
import { residentMb } from './process-load.ts';
import { type AcsReady, type Program, putScript, startProgram, subscribe } from './stand-in.ts';
import { agentSays, greeting } from './turns.ts';

/** The parts of the capacity benchmark: so many calls in one media host, in the floor, and the Speech SDK alone with their work. */
export interface Plan extends CallsPlan {
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

export interface CallsPhase extends Phase {
  liveAtEnd: number;
  heardSeconds: number;
  stops: number;
}

export interface HostPhase extends CallsPhase {
  loopMs: Record<'p50Ms' | 'p99Ms' | 'maxMs', number>;
  refused: number;
}

/** Where the moments of frames are kept, and where their numbers begin. */
export interface Stamps {
  file: string;
  marksFrom: number;
}

const startStampedAcs = ({ file, marksFrom }: Stamps) =>
  startProgram<AcsReady>('bench/stamped-acs.ts', [file, String(marksFrom)]);

export async function hostPhase(
  dir: string,
  plan: Plan,
  speech: Program<SpeechReady>,
  stamps: Stamps,
): Promise<HostPhase> {
  const acs = await startStampedAcs(stamps);
  const agents = path.join(dir, 'agents');
  await mkdir(agents);
  await writeFile(path.join(agents, 'reception.yaml'), agentFile);
  const { connectionString, audience, openIdConfigUrl, issuer, url } = acs.ready.acs;
  let system: System | undefined;
  let calls: ManyCalls | undefined;
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
        SCENARIO: 'reception',
        MAX_CALLS: String(plan.calls),
        LOG_LEVEL: 'warn',
      },
    });
    await putScript(system.chatUrl, `- match: {}\n  say: "${agentSays.join(' ')}"\n  ttftMs: 20\n  gapMs: 2\n`);
    await subscribe(url, `${system.functionsUrl}/api/v1/calls/incoming?code=${system.hostKey}`);
    const { mediaHost = 0, functions = 0, standIns = 0 } = system.pids();
    calls = await dialMany(url, mediaHost, plan);
    const phase = await callsMeasured(plan, speech, calls, 'media host', {
      'media host': mediaHost,
      'functions host': functions,
      'speech stand-in': speech.pid,
      'ACS stand-in': acs.pid,
      'chat and Cosmos stand-ins': standIns,
      'callers and benchmark': process.pid,
    });
    const health = (await (await fetch(`${system.mediaHostUrl}/api/v1/health`)).json()) as Health;
    return {
      ...phase,
      loopMs: health.loop ?? { p50Ms: Number.NaN, p99Ms: Number.NaN, maxMs: Number.NaN },
      refused: (health.counters['stt-failures'] ?? 0) + (health.counters['tts-failures'] ?? 0),
    };
  } finally {
    calls?.hangUp();
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

/** The Speech SDK with a bare telephone. */
export async function floorPhase(plan: Plan, speech: Program<SpeechReady>, stamps: Stamps): Promise<CallsPhase> {
  const { host, key } = speech.ready;
  const acs = await startStampedAcs(stamps);
  const options: CascadeOptions = { host, key };
  const bare = await startProgram<{ url: string }>('bench/bare-cascade.ts', [JSON.stringify(options)]);
  const answering = await answerCalls(acs.ready.acs, bare.ready.url);
  let calls: ManyCalls | undefined;
  try {
    calls = await dialMany(acs.ready.acs.url, bare.pid, plan);
    return await callsMeasured(plan, speech, calls, 'floor', {
      floor: bare.pid,
      'speech stand-in': speech.pid,
      'ACS stand-in': acs.pid,
      'callers and benchmark': process.pid,
    });
  } finally {
    calls?.hangUp();
    await bare.stop();
    await acs.stop();
    await answering.stop();
  }
}

/** The Speech SDK without a telephone. */
export async function sdkPhase(plan: Plan, speech: Program<SpeechReady>, stamps: Stamps): Promise<Phase> {
  const { calls, aloneMs, rampMs } = plan;
  const { host, key } = speech.ready;
  const options: BareOptions = { host, key, calls, aloneMs, rampMs, ...stamps };
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

async function callsMeasured(
  plan: Plan,
  speech: Program<SpeechReady>,
  calls: ManyCalls,
  subject: string,
  pids: Record<string, number>,
): Promise<CallsPhase> {
  const heardBefore = calls.heardFrames();
  return {
    ...(await measured(plan, speech, pids)),
    subject,
    aloneMb: calls.aloneMb,
    liveAtEnd: calls.live(),
    heardSeconds: (calls.heardFrames() - heardBefore) / 50,
    stops: calls.stops(),
  };
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
