import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { startSystem } from '../commands/system.ts';
import { callIdOf } from '../contracts/call-id.ts';
import { type Caller, dial } from '../emulators/caller/caller.ts';
import { measureFloor } from './floor.ts';
import { bargeInsOf, openStore } from './journal.ts';
import { atLeast, atMost, type Benchmark, machine, type Spread, spread } from './result.ts';
import { putScript, startAcsProgram, subscribe } from './stand-in.ts';

/**
 * Callers interrupt the agent again and again. Timed: from the media host's decision (its own monotonic stamp, in the
 * journal) to StopAudio at ACS (ACS's stamp). A bare `ws` relay with as many interruptions, on half as many calls, runs beside
 * it, so that both meet the same machine at the same moments.
 */
const script = `
- match: {}
  say: "This answer is long on purpose, so that there is always something to interrupt. It goes on about the weather, about the sea, about the hills behind the town, and about everything else that one can speak of without ever coming to an end. And when it seems to be over, it has another sentence, and one more after that."
  ttftMs: 20
  gapMs: 2
`;

export const bargeIn: Benchmark = {
  about: 'decision to StopAudio on the wire, beside a bare ws relay',
  run: async (say, { quick }) => {
    const calls = 20;
    const each = quick ? 5 : 50;
    // The first of each call find cold code on every side; they are made and not timed.
    const warmUp = quick ? 1 : 5;
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    try {
      say(`  ${calls} calls with ${each} barge-ins each, beside ${calls / 2} calls through a bare relay`);
      const [measured, floorMs] = await Promise.all([
        interruptedCalls(dir, { calls, each, warmUp }, say),
        measureFloor({
          calls: calls / 2,
          interruptions: each * 2,
          warmUp,
          everyMs: 1000,
          dir: path.join(dir, 'floor'),
        }),
      ]);
      const floor = spread(floorMs);
      const decision = spread(measured.decisionToStopMs);
      return {
        name: 'barge-in',
        machine: machine(),
        metrics: {
          calls,
          'decision to StopAudio, ms': decision,
          'floor: relay decision to StopAudio, ms': floor,
          'caller onset to StopAudio, ms': spread(measured.onsetToStopMs),
          'unplayed in ACS at StopAudio, ms': spread(measured.leftoverMs),
          'frames after StopAudio': measured.framesAfterStop,
        },
        promises: [
          atLeast('barge-ins measured', calls * each, decision.n, 'barge-ins'),
          atMost('frames after StopAudio', 0, measured.framesAfterStop, 'frames'),
          atMost('decision to StopAudio p99', 2.5, decision.p99, 'ms'),
          atMost('decision to StopAudio p99 against the floor', 1.5, ratio(decision, floor), '×'),
          atMost('unplayed in ACS at StopAudio, most', 200, spread(measured.leftoverMs).max, 'ms'),
        ],
      };
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

const ratio = (measured: Spread, floor: Spread): number => measured.p99 / floor.p99;

interface Interrupted {
  decisionToStopMs: number[];
  onsetToStopMs: number[];
  leftoverMs: number[];
  framesAfterStop: number;
}

async function interruptedCalls(
  dir: string,
  { calls, each, warmUp }: { calls: number; each: number; warmUp: number },
  say: (line: string) => void,
): Promise<Interrupted> {
  const acs = await startAcsProgram(dir);
  const { url, connectionString, audience, openIdConfigUrl, issuer } = acs.ready.acs;
  const system = await startSystem({
    dir: path.join(dir, 'system'),
    settings: {
      ACS_CONNECTION_STRING: connectionString,
      ACS_RESOURCE_ID: audience,
      ACS_OPENID_CONFIG_URL: openIdConfigUrl,
      ACS_ISSUER: issuer,
      LOG_LEVEL: 'warn',
    },
  });
  try {
    await putScript(system.chatUrl, script);
    await subscribe(url, `${system.functionsUrl}/api/v1/calls/incoming?code=${system.hostKey}`);
    let done = 0;
    const interrupted = await Promise.all(
      Array.from({ length: calls }, async (_, i) => {
        const caller = await dial({ line: url.replace('http', 'ws'), from: `+1555${String(2000000 + i)}` });
        await caller.mediaOpen();
        for (let n = 0; n < warmUp + each; n++) {
          await interrupt(caller, i);
          if (n >= warmUp && ++done % 100 === 0) say(`  ${done} of ${calls * each}`);
        }
        await caller.hangUp();
        return caller;
      }),
    );
    const store = openStore(system.settings);
    const result: Interrupted = { decisionToStopMs: [], onsetToStopMs: [], leftoverMs: [], framesAfterStop: 0 };
    for (const caller of interrupted) {
      const decisions = await bargeInsOf(store, callIdOf(caller.correlationId), caller.stops.length);
      caller.stops.forEach((stop, i) => {
        result.framesAfterStop += stop.framesAfterStop ?? 0;
        if (i < warmUp) return;
        const decidedAtUs = decisions[i]?.decidedAtUs;
        if (decidedAtUs !== undefined) result.decisionToStopMs.push((stop.atUs - decidedAtUs) / 1000);
        if (stop.onsetToStopMs !== undefined) result.onsetToStopMs.push(stop.onsetToStopMs);
        result.leftoverMs.push(stop.discardedMs);
      });
    }
    return result;
  } finally {
    await system.stop();
    await acs.stop();
  }
}

/** Waits until the agent has spoken for a while, says a few words, and waits until the agent was stopped. */
async function interrupt(caller: Caller, seed: number): Promise<void> {
  const before = caller.stops.length;
  const { atUs } = await caller.agentStartsSpeaking(20_000);
  const dueUs = Math.max(atUs, caller.earClockUs()) + (300 + ((seed * 37) % 200)) * 1000;
  await caller.until(() => (caller.earClockUs() >= dueUs ? true : undefined), {
    what: 'the moment to interrupt',
    timeoutMs: 10_000,
  });
  await caller.say('Wait a moment.');
  await caller.until(() => (caller.stops[before]?.framesAfterStop === undefined ? undefined : true), {
    what: 'StopAudio while the caller interrupts',
    timeoutMs: 10_000,
  });
  await caller.agentFallsSilent({ quietMs: 100, timeoutMs: 5000 });
}
