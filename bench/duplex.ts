import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import type { Database } from '@azure/cosmos';
import { startSystem } from '../commands/system.ts';
import { callIdOf } from '../contracts/call-id.ts';
import { agentsWith } from './duplex-agents.ts';
import { makeCall } from './duplex-call.ts';
import { type Findings, findingsOf } from './duplex-findings.ts';
import { resultOf } from './duplex-result.ts';
import { agentScript, planCall } from './duplex-script.ts';
import { stereo, timeline } from './duplex-timeline.ts';
import { type InterruptedTurn, interruptedTurns, typical } from './interrupted-turn.ts';
import { openStore } from './journal.ts';
import { momentsOf } from './moments.ts';
import type { Benchmark } from './result.ts';
import { putScript, startAcsProgram, startProgram, subscribe } from './stand-in.ts';
import { turnChart } from './turn-chart.ts';
import type { SoundFrame } from './voice-level.ts';

/**
 * Callers who interrupt, hum along, cough and hesitate, through the whole system. What the agent made of it is told from the
 * two channels of each recording (duplex-panel.ts says how) and from what was on the wire. Every call is drawn from its seed.
 */
export const duplex: Benchmark = {
  about: 'turns, interruptions, backchannels and coughs: who yields, who flinches, how fast',
  run: async (say, { quick, seed, policy }) => {
    const seeds = seed === undefined ? Array.from({ length: quick ? 20 : 200 }, (_, i) => i + 1) : [seed];
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    try {
      const called = await callAll(dir, seeds, policy, say, seed !== undefined);
      const found = called.flatMap(call => ('findings' in call ? [call.findings] : []));
      const broken = called.flatMap(call => ('broken' in call ? [call] : []));
      const failures = found.flatMap(call => call.failures);
      for (const { seed, line, second, what, cause } of failures)
        say(`  seed ${seed} (${line}) at ${second} s: ${what}; ${cause}`);
      for (const { seed, broken: why } of broken) say(`  seed ${seed}: ${why}`);
      const turn = typical(called.flatMap(call => ('turns' in call ? call.turns : [])));
      if (!quick && seed === undefined && policy === undefined && turn)
        await writeFile('docs/interrupted-turn.svg', turnChart(turn.picture));
      return { ...resultOf(found, seeds.length), failures, broken };
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

const atOnce = 22;
/** People do not all ring in the same moment. */
const apartMs = 250;

type Called = { seed: number; findings: Findings; turns: InterruptedTurn[] } | { seed: number; broken: string };
type Say = (line: string) => void;

async function callAll(
  dir: string,
  seeds: readonly number[],
  policy: string | undefined,
  say: Say,
  inDetail: boolean,
): Promise<Called[]> {
  const acs = await startAcsProgram(path.join(dir, 'acs'));
  const tap = await startProgram<{ port: number }>('bench/wire-tap.ts', []);
  const { url, connectionString, audience, openIdConfigUrl, issuer } = acs.ready.acs;
  const system = await startSystem({
    dir: path.join(dir, 'system'),
    settings: {
      ACS_CONNECTION_STRING: connectionString,
      ACS_RESOURCE_ID: audience,
      ACS_OPENID_CONFIG_URL: openIdConfigUrl,
      ACS_ISSUER: issuer,
      MEDIA_HOST_PUBLIC_URL: `ws://127.0.0.1:${tap.ready.port}`,
      LOG_LEVEL: 'warn',
      ...(policy !== undefined && { AGENTS_DIR: await agentsWith(policy, dir) }),
    },
  });
  const tapUrl = `http://127.0.0.1:${tap.ready.port}`;
  try {
    await fetch(`${tapUrl}/upstream`, { method: 'PUT', body: system.mediaHostUrl.replace('http', 'ws') });
    await fetch(`${url}/emulator/faults`, { method: 'PUT', body: JSON.stringify({ recordMs: 300_000 }) });
    await putScript(system.chatUrl, agentScript);
    await subscribe(url, `${system.functionsUrl}/api/v1/calls/incoming?code=${system.hostKey}`);
    const at: Exchange = { acsUrl: url, tapUrl, store: openStore(system.settings), ...(inDetail && { detail: say }) };
    const waiting = [...seeds];
    const called: Called[] = [];
    const callInTurn = async (place: number): Promise<void> => {
      await after(place * apartMs);
      for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
        called.push(await callOnce(seed, at));
        if (called.length % 20 === 0) say(`  ${called.length} of ${seeds.length} calls`);
      }
    };
    await Promise.all(Array.from({ length: Math.min(atOnce, seeds.length) }, (_, place) => callInTurn(place)));
    return called.sort((a, b) => a.seed - b.seed);
  } finally {
    await system.stop();
    await Promise.all([acs.stop(), tap.stop()]);
  }
}

/** Where a call is made and looked at. */
interface Exchange {
  acsUrl: string;
  tapUrl: string;
  store: Database;
  /** Told all of the call, line by line. */
  detail?: Say;
}

/** A call that breaks off is a finding too: it must not hide the others. */
async function callOnce(seed: number, { acsUrl, tapUrl, store, detail }: Exchange): Promise<Called> {
  try {
    const call = await makeCall(planCall(seed), acsUrl);
    const answer = await fetch(`${tapUrl}/calls/${call.correlationId}`);
    const { frames } = (await answer.json()) as { frames: SoundFrame[] };
    const moments = await momentsOf(store, callIdOf(call.correlationId));
    const findings = findingsOf(call, frames, moments);
    if (detail) {
      const file = path.join(os.tmpdir(), `switchboard-duplex-${seed}.wav`);
      await writeFile(file, stereo(call.channels.caller, call.channels.agent));
      for (const line of timeline(call, findings, moments)) detail(line);
      detail(`  caller left, agent right: ${file}`);
    }
    return { seed, findings, turns: interruptedTurns(call, findings, moments) };
  } catch (error) {
    return { seed, broken: (error as Error).message };
  }
}
