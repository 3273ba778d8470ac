import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { callIdOf } from '../contracts/call-id.ts';
import { deafSeconds } from './deaf-seconds.ts';
import { echoDelaysMs, startEcho } from './echo-floor.ts';
import { finishedJournal } from './finished-journal.ts';
import { startRelayedCalls } from './relayed-calls.ts';
import type { Benchmark } from './result.ts';
import { makeTurnCall } from './turn-call.ts';
import { longestSilenceMs, type TurnFacts, turnFacts } from './turn-facts.ts';
import { planTurns } from './turn-plan.ts';
import { turnResult } from './turn-result.ts';
import type { SayingKind } from './turn-sayings.ts';
import { startWholeSystem, type WholeSystem } from './whole-system.ts';

/**
 * Many calls of people who speak, hesitate, read out numbers and addresses: how soon after the last sound the turn is taken,
 * whether it was over, where the time of a reply goes, and what two seconds without recognition cost.
 */
export const turn: Benchmark = {
  about: 'the end of turns and the time to a reply, beside a relay that echoes',
  run: async (say, { quick, seed }) => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    const systems: WholeSystem[] = [];
    try {
      for (const { agent } of parts)
        systems.push(await startWholeSystem({ dir: path.join(dir, agent), agent, script }));
      say('  callers take turns');
      const [floor, ...found] = await Promise.all([
        echoFloor(systems[0]!, quick),
        ...parts.map(({ kind, calls, turns, firstNumber }, i) =>
          takeTurns(
            systems[i]!,
            {
              kind,
              calls: seed !== undefined ? (i === 0 ? 1 : 0) : quick ? Math.ceil(calls / 4) : calls,
              turns: quick ? 4 : turns,
              firstNumber: seed ?? firstNumber,
            },
            say,
          ),
        ),
      ]);
      say('  recognition is away for two seconds');
      const deaf = await deafSeconds(systems[0]!, quick ? 2 : 6, 6_000_000);
      return turnResult({
        calls: found.reduce((sum, { calls }) => sum + calls, 0),
        turns: found.flatMap(({ turns }) => turns),
        broken: found.flatMap(({ broken }) => broken),
        silencesMs: found.flatMap(({ silencesMs }) => silencesMs),
        echoMs: floor,
        deaf,
      });
    } finally {
      for (const system of systems) await system.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

interface Part {
  kind: SayingKind;
  agent: string;
  calls: number;
  turns: number;
  firstNumber: number;
}

const parts: readonly Part[] = [
  { kind: 'anything', agent: 'listener', calls: 15, turns: 20, firstNumber: 3_000_000 },
  { kind: 'digits', agent: 'number-taker', calls: 3, turns: 12, firstNumber: 4_000_000 },
  { kind: 'email', agent: 'email-taker', calls: 3, turns: 12, firstNumber: 5_000_000 },
];

/** Two sentences, so that the first is spoken while the model still writes. */
const script = `- match: {}\n  say: "Yes, I have noted that. What else can I do for you today?"\n  ttftMs: 150\n  gapMs: 15\n`;
const apartMs = 400;

async function echoFloor(whole: WholeSystem, quick: boolean): Promise<number[]> {
  const echo = await startEcho();
  const relayed = await startRelayedCalls({ acs: whole.acs, upstreamUrl: echo.url, webhook: whole.webhook });
  try {
    return await echoDelaysMs(whole.acs.url, relayed, quick ? 1 : 4, quick ? 10 : 60);
  } finally {
    await relayed.stop();
    await echo.close();
  }
}

interface Taken {
  calls: number;
  turns: TurnFacts[];
  silencesMs: number[];
  broken: string[];
}

async function takeTurns(
  whole: WholeSystem,
  { kind, calls, turns, firstNumber }: Omit<Part, 'agent'>,
  say: (line: string) => void,
): Promise<Taken> {
  const taken: Taken = { calls, turns: [], silencesMs: [], broken: [] };
  const one = async (i: number) => {
    await after(i * apartMs);
    const seed = firstNumber + i;
    try {
      const call = await makeTurnCall(whole.acs.line, `+1555${String(seed)}`, planTurns(seed, kind, turns));
      const journal = await finishedJournal(whole.store, callIdOf(call.correlationId));
      // Events have the time of day, callers a monotonic one: both clocks are read here to match them.
      const offsetUs = Number(process.hrtime.bigint() / 1000n) - Date.now() * 1000;
      const facts = turnFacts(call, journal, offsetUs);
      taken.turns.push(...facts);
      taken.silencesMs.push(longestSilenceMs(call));
      for (const one of facts) if (one.cutOff) say(`  seed ${seed}: ${cutTold(one)}`);
    } catch (error) {
      // A call that breaks off is a finding too, and must not hide the others.
      taken.broken.push(`seed ${seed}: ${(error as Error).message}`);
      say(`  seed ${seed}: ${(error as Error).message}`);
    }
  };
  await Promise.all(Array.from({ length: calls }, (_, i) => one(i)));
  return taken;
}

function cutTold({ planned, cut, silently }: TurnFacts): string {
  const how = silently ? 'cut off unheard' : 'cut off';
  const where = cut ? ` at ${cut.atMs} of ${cut.ofMs} ms, took “${cut.taken}”` : '';
  return `${how}${where}: ${JSON.stringify(planned.spoken)}`;
}
