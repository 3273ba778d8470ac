import type { CallEvent, CallEventType } from '../../contracts/call-event.ts';
import type { EndReason } from '../call.ts';
import type { CounterName } from '../observe/metrics.ts';
import { plainWords } from '../turn/words/tokens.ts';
import { soundMessage } from './inbound.ts';
import type { Manner } from './mouth.ts';
import { openStage, type Past, type Script } from './stage.ts';
import type { StageClock } from './stage-clock.ts';

/** A call on a stage in the words of a test: what the caller does, what is waited for, what came of it. */
export type Rehearsal = Awaited<ReturnType<typeof rehearse>>;

interface Patience {
  /** Ms until the test fails. */
  withinMs?: number;
}

const frameMs = 20;
const longestSayingMs = 60_000;
const silentAfterMs = 500;

export async function rehearse(name: string, script: Script, clock: StageClock) {
  const stage = await openStage(name, script, clock);
  const { line, mouth, model, events, metrics, chance, tick, leaves, receives, openedAt } = stage;
  const absences: { from: number; until: number }[] = [];
  let attention = 0;

  const heard = () => line.heard.map(({ text }) => text).join(' ');

  const passes = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += frameMs) await tick();
  };

  /** Runs until it is so. */
  const until = async (what: string, isSo: () => boolean, withinMs: number) => {
    for (let passed = 0; !isSo(); passed += frameMs) {
      if (passed >= withinMs) throw new Error(`within ${withinMs} ms: no ${what}. The caller heard: ${heard()}`);
      await tick();
    }
  };

  const hears = (wanted: readonly string[]): boolean => {
    const words = line.heard.map(({ text }) => asHeard(text));
    for (let from = attention; from + wanted.length <= words.length; from++) {
      if (wanted.every((word, i) => words[from + i] === word)) {
        attention = from + wanted.length;
        return true;
      }
    }
    return false;
  };

  /** Runs until the call is over and its record is written. */
  const recorded = async () => {
    await until('end', stage.over, 5000);
    await stage.clear();
  };

  return {
    ...stage,
    passes,
    until,
    recorded,
    /** Runs until these words have reached the caller's ear, after those waited for before. */
    agentSays: (words: string, { withinMs = 8000 }: Patience = {}) => {
      const wanted = words.split(/\s+/).map(asHeard);
      const spoken = wanted.filter(word => word !== '');
      return until(`"${words}"`, () => hears(spoken), withinMs);
    },
    /** Runs until StopAudio has been sent. */
    agentStops: ({ withinMs = 2000 }: Patience = {}) => {
      const before = line.stops.length;
      return until('StopAudio', () => line.stops.length > before, withinMs);
    },
    /** Runs until the agent's sound has ended and stayed away for half a second. */
    agentIsSilent: ({ withinMs = 20_000 }: Patience = {}) => {
      const silentMs = () => clock.now() - (line.audible.at(-1)?.until ?? openedAt);
      return until('end of the agent’s words', () => line.idle() && silentMs() >= silentAfterMs, withinMs);
    },
    controlPlaneSays: stage.says,
    /** The caller begins to say this, once all that was begun is said. */
    says: (text: string, manner?: Manner) => mouth.says(text, manner),
    /** Runs until the caller has made all the sound that was begun. */
    finishes: () =>
      until('end of the caller’s words', () => mouth.positionMs() >= mouth.busyUntilMs(), longestSayingMs),
    coughs: ({ ms, rms = 2500 }: { ms: number; rms?: number }) => mouth.sounds(ms, rms, 'cough'),
    /** A voice that says no words. */
    mumbles: ({ ms, rms = 2500 }: { ms: number; rms?: number }) => mouth.sounds(ms, rms, 'voice'),
    noise: ({ ms, rms = 1200 }: { ms: number; rms?: number }) => mouth.sounds(ms, rms, 'noise'),
    /** The line hisses from now on. */
    hisses: (rms: number) => mouth.hisses(rms),
    presses: (tone: string) => receives(JSON.stringify({ kind: 'DtmfData', dtmfData: { data: tone } })),
    /** 20 ms of another participant's sound. */
    anotherSpeaks: (rms: number) => {
      const noise = Int16Array.from({ length: 320 }, () => chance.between(-rms, rms));
      receives(soundMessage(noise, '8:acs:somebody-else'));
    },
    /** ACS dials again. */
    dialsAgain: stage.attach,
    losesLine: () => leaves(1006),
    /** The media socket breaks; ACS dials again after `ms`. */
    dropsLine: async (ms: number) => {
      const from = clock.now();
      leaves(1006);
      await passes(ms);
      stage.attach();
      absences.push({ from, until: clock.now() });
    },
    /** Stretches without a socket. */
    absences,
    hangsUp: async () => {
      leaves(1000);
      await recorded();
    },
    /** The host is killed. @returns what is left of the call */
    hostDies: async (disk: 'kept' | 'lost' = 'kept'): Promise<Past> => {
      const left = { ...stage.left(disk), heard: heard() };
      stage.end('failed', 1011);
      await recorded();
      return left;
    },
    /** The call leaves this host at its next turn boundary. @returns what the next host finds */
    leavesHost: async ({ withinMs = 20_000 }: Patience = {}): Promise<Past> => {
      stage.move();
      await until('turn boundary', stage.over, withinMs);
      await recorded();
      return { ...stage.left('lost'), heard: heard() };
    },
    endsBy: async (reason: EndReason) => {
      stage.end(reason, 1001);
      await recorded();
    },
    /** All words that reached the ear. */
    heard,
    /** What the model was asked about, request by request. */
    asked: () => model.asked.map(({ said }) => said),
    journal: <T extends CallEventType>(type: T) =>
      events.filter((event): event is Extract<CallEvent, { type: T }> => event.type === type),
    count: (counter: CounterName) => metrics.counters()[counter] ?? 0,
  };
}

/** A word without case and marks. */
const asHeard = (text: string): string => plainWords(text).join('');
