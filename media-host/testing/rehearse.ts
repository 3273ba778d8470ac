import { createHash } from 'node:crypto';
import pino from 'pino';
import { z } from 'zod';
import type { Agents } from '../../agents/load.ts';
import { defineTool, type Tool } from '../../agents/tool.ts';
import { agentDefinition } from '../../contracts/agent.ts';
import type { CallEvent, CallEventType } from '../../contracts/call-event.ts';
import { agentCard } from '../agent/agent-card.ts';
import { plainWords } from '../agent/same-words.ts';
import { levelDetector } from '../audio/level-detector.ts';
import type { Clock } from '../clock.ts';
import { createCall, type EndReason, type MediaSocket } from '../call.ts';
import { fixedSentences } from '../fixed-sentences.ts';
import { createJournal } from '../journal.ts';
import { createEpochs, inlineLane, type Lane } from '../lanes/lane.ts';
import { type FromSpeech, speechLane, type ToSpeech } from '../lanes/speech-lane.ts';
import { turnLane } from '../lanes/turn-lane.ts';
import type { FromTurn, ToTurn } from '../lanes/turn-messages.ts';
import { watchingVoices } from '../lanes/voice-watch.ts';
import { createMetrics } from '../observe/metrics.ts';
import { createFixedSentences } from '../speech/fixed-sentences.ts';
import { chanceOf } from './chance.ts';
import { soundMessage, stillMessage } from './inbound.ts';
import { createLine } from './line.ts';
import { createMouth, type Manner } from './mouth.ts';
import { createRehearsedEars } from './rehearsed-ears.ts';
import { createRehearsedModel, type ModelPace, type ModelScript } from './rehearsed-model.ts';
import { createRehearsedVoice, type VoiceScript } from './rehearsed-voice.ts';
import { settled, stageClock } from './stage-clock.ts';
import { createWordBook } from './word-book.ts';

/**
 * A whole call on a stage: the real call, its real lanes in this thread, real frames both ways; the clock, the
 * recogniser, the synthesiser and the model follow a script. The script's name is its seed, so it always plays the same.
 */
export interface Script {
  /** What the agent's page says, beside what every page must. */
  agent?: Record<string, unknown>;
  model?: ModelScript;
  pace?: ModelPace;
  voice?: VoiceScript;
  tools?: Record<string, ScriptedTool>;
  /** The caller's telephone sends back what it plays. */
  echo?: { db: number; words?: boolean };
  leadMs?: number;
  /** Silence that this call has a reason for, ms. @default 4000 */
  mostSilenceMs?: number;
}

export interface ScriptedTool {
  takesMs: number;
  gives?: unknown;
  holdWords?: readonly string[];
  effect?: boolean;
}

export type Rehearsal = Awaited<ReturnType<typeof rehearse>>;

const number = 1;
const callId = 'c'.repeat(32);
const frameMs = 20;
const preparedWithinMs = 30_000;
const hungUpAfterMs = 300;
const echoDelayMs = 80;

export async function rehearse(name: string, script: Script = {}) {
  const { leadMs = 100, echo } = script;
  const clock = stageClock();
  const chance = chanceOf(name);
  const giveTimersBack = clock.lendTimers();
  const book = createWordBook();
  const line = createLine(clock.now, book);
  const mouth = createMouth(chance, clock.now);
  const ears = createRehearsedEars(mouth.script, { clock, chance });
  const model = createRehearsedModel(script.model ?? ['All right.'], script.pace ?? {}, { clock, chance });
  const voice = createRehearsedVoice(script.voice ?? {}, { clock, chance, book });
  const fixed = createFixedSentences(voice);
  const metrics = createMetrics();
  const epochs = createEpochs(1);
  const bytes = createHash('sha1');
  const effects: { name: string; at: number }[] = [];

  const tools = Object.entries(script.tools ?? {}).map(([toolName, tool]) =>
    scriptedTool(toolName, tool, clock, () => effects.push({ name: toolName, at: clock.now() })),
  );
  const agents = agentsWith(script.agent ?? {}, tools);
  const agent = agentCard(agents.get('desk'));

  const speech: Lane<ToSpeech> = inlineLane<ToSpeech, FromSpeech>(
    post =>
      watchingVoices(
        post,
        levelDetector(),
        speechLane(
          post,
          epochs,
          { openEars: ears.open, voice, fixed, close: fixed.close },
          clock,
        ),
      ),
    message => {
      if (message.call === number) call.hear(message);
    },
  );
  const turns: Lane<ToTurn> = inlineLane<ToTurn, FromTurn>(
    post => turnLane(post, epochs, { agents, model, defaultModel: 'gpt-stage', clock }),
    message => {
      if ('call' in message) call.think(message);
    },
  );
  const events: CallEvent[] = [];
  const journal = createJournal({
    callId,
    agent: 'desk',
    store: {
      write: async (_, documents) => {
        for (const document of documents) {
          if (document.type === 'eventPage') events.push(...document.ev.filter(event => event.seq >= events.length));
        }
      },
    },
    spool: { keep: async () => undefined },
    clock,
    ttlSeconds: 1,
    troubled: () => undefined,
  });

  // The host has made its agent's fixed sentences before the telephone rings.
  speech.post(fixedSentences(agent));
  await clock.pass(preparedWithinMs);

  const ticks = new Set<() => void>();
  let hungUpAt: number | undefined;
  let openedAt = 0;
  let socket: MediaSocket | undefined;
  const call = createCall({
    number,
    cell: 0,
    admission: { callId, mode: 'media', agent: 'desk', direction: 'in', callerHash: 'h' },
    agent,
    hangUp: () => {
      hungUpAt ??= clock.now();
      clock.after(hungUpAfterMs, () => leaves(1000));
    },
    hostId: 'stage',
    leadMs,
    journal: { note: fact => journal.note(fact, clock.now()), close: journal.close },
    speech,
    turns,
    epochs,
    clock,
    ticker: {
      join: tick => {
        ticks.add(tick);
        return () => void ticks.delete(tick);
      },
      close: () => undefined,
    },
    metrics,
    log: pino({ level: 'silent' }),
  });
  let over = false;
  void call.over.then(() => {
    over = true;
  });

  const newSocket = (): MediaSocket => {
    let open = true;
    const mine: MediaSocket = {
      send: data => {
        bytes.update(data);
        line.take(data);
      },
      close: code => {
        bytes.update(`close ${code}`);
        open = false;
        clock.after(frameMs, () => {
          if (socket === mine) leaves(code);
        });
      },
      get open() {
        return open;
      },
    };
    return mine;
  };

  const attach = () => {
    socket = newSocket();
    call.attach(socket);
  };

  function leaves(code: number) {
    if (!socket) return;
    const left = socket;
    socket = undefined;
    call.closed(left, code);
  }

  const absences: { from: number; until: number }[] = [];
  let echoed = 0;
  const inbound = () => {
    const back = echo && line.playedBefore(echoDelayMs);
    const sound = mouth.frame(back, 10 ** ((echo?.db ?? 0) / 20));
    if (echo?.words) {
      for (; echoed < line.heard.length; echoed++) mouth.echoes(line.heard[echoed]?.text ?? '');
    }
    return sound ? soundMessage(sound) : stillMessage;
  };

  const tick = async () => {
    await clock.pass(frameMs);
    if (socket) call.message(socket, inbound());
    for (const run of ticks) run();
    await settled();
    line.pass();
  };

  const passes = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += frameMs) await tick();
  };

  /** Runs until it is so. */
  const until = async (what: string, isSo: () => boolean, withinMs: number) => {
    for (let passed = 0; !isSo(); passed += frameMs) {
      if (passed >= withinMs) throw new Error(`within ${withinMs} ms: no ${what}. The caller heard: ${spokenSoFar()}`);
      await tick();
    }
  };

  let attention = 0;
  const spokenSoFar = () => line.heard.map(({ text }) => text).join(' ');

  const hearsNow = (wanted: readonly string[]): boolean => {
    const words = line.heard.map(({ text }) => asHeard(text));
    for (let from = attention; from + wanted.length <= words.length; from++) {
      if (wanted.every((word, i) => words[from + i] === word)) {
        attention = from + wanted.length;
        return true;
      }
    }
    return false;
  };

  const recorded = async () => {
    await until('end', () => over, 5000);
    await call.ended;
    await clock.pass(frameMs);
    await settled();
    await Promise.all([speech.close(), turns.close()]);
    await settled();
  };

  openedAt = clock.now();
  attach();
  await settled();

  return {
    clock,
    line,
    ears,
    model,
    metrics,
    book,
    mouth,
    effects,
    events,
    agent,
    script: { ...script, leadMs },
    passes,
    until,
    openedAt,
    hungUpAt: () => hungUpAt,
    over: () => over,
    timers: () => clock.waiting() - clock.lent() + ticks.size,
    /** What the process's own clock still has to do for the call. */
    processTimers: () => clock.lent(),
    voice,
    /** Runs until these words have reached the caller's ear, after those waited for before. */
    agentSays: (words: string, { withinMs = 8000 }: { withinMs?: number } = {}) => {
      const wanted = words.split(/\s+/).map(asHeard).filter(word => word !== '');
      return until(`"${words}"`, () => hearsNow(wanted), withinMs);
    },
    /** Runs until StopAudio has been sent. */
    agentStops: ({ withinMs = 2000 }: { withinMs?: number } = {}) => {
      const before = line.stops.length;
      return until('StopAudio', () => line.stops.length > before, withinMs);
    },
    /** Runs until the agent's sound has ended and stayed away for half a second. */
    agentIsSilent: async ({ withinMs = 20_000 }: { withinMs?: number } = {}) => {
      const ended = () => clock.now() - (line.audible.at(-1)?.until ?? openedAt) >= 500 && line.idle();
      await until('end of the agent’s sentence', ended, withinMs);
    },
    says: (text: string, manner?: Manner) => mouth.says(text, manner),
    /** Runs until the caller has said all. */
    finishes: () => until('end of the caller’s words', () => mouth.positionMs() >= mouth.busyUntilMs(), 60_000),
    coughs: ({ ms, rms = 2500 }: { ms: number; rms?: number }) => mouth.sounds(ms, rms, 'cough'),
    mumbles: ({ ms, rms = 2500 }: { ms: number; rms?: number }) => mouth.sounds(ms, rms, 'voice'),
    noise: ({ ms, rms = 1200 }: { ms: number; rms?: number }) => mouth.sounds(ms, rms, 'noise'),
    hisses: (rms: number) => mouth.hisses(rms),
    presses: (tone = '1') => {
      if (socket) call.message(socket, Buffer.from(JSON.stringify({ kind: 'DtmfData', dtmfData: { data: tone } })));
    },
    /** 20 ms of sound as ACS tells of another speaker. */
    soundOf: (speaker: string, rms: number) =>
      soundMessage(Int16Array.from({ length: 320 }, () => chance.between(-rms, rms)), speaker),
    /** A message of the carrier, as it stands. */
    receives: (message: string | Buffer) => {
      if (socket) call.message(socket, Buffer.from(message));
    },
    /** ACS dials again. */
    dialsAgain: attach,
    /** The media socket breaks; ACS dials again after `ms`. */
    dropsLine: async (ms: number) => {
      const from = clock.now();
      leaves(1006);
      await passes(ms);
      attach();
      absences.push({ from, until: clock.now() });
    },
    losesLine: () => leaves(1006),
    /** Stretches without a socket. */
    away: () => absences,
    hangsUp: async () => {
      leaves(1000);
      await recorded();
    },
    endsBy: async (reason: EndReason, code = 1001) => {
      void call.end(reason, code);
      await recorded();
    },
    recorded,
    giveTimersBack,
    /** All words that reached the ear. */
    heard: spokenSoFar,
    /** What the model was asked about, request by request. */
    asked: () => model.asked.map(({ said }) => said),
    journal: <T extends CallEventType>(type: T) =>
      events.filter((event): event is Extract<CallEvent, { type: T }> => event.type === type),
    count: (counter: keyof ReturnType<typeof metrics.counters>) => metrics.counters()[counter] ?? 0,
    /** Every byte that was sent, and every fact that was noted. */
    fingerprint: () => bytes.copy().update(JSON.stringify(events)).digest('hex'),
  };
}

/** A word without case and marks. */
const asHeard = (text: string): string => plainWords(text).join('');

function agentsWith(page: Record<string, unknown>, tools: Tool[]): Agents {
  const definition = agentDefinition.parse({
    name: 'desk',
    description: 'Answers',
    greeting: 'Hello, how can I help?',
    prompt: 'x',
    ...page,
  });
  const agent = { definition, version: 'stage', tools, instructions: () => 'x' };
  return { names: ['desk'], get: () => agent };
}

function scriptedTool(
  name: string,
  { takesMs, gives = {}, holdWords, effect = false }: ScriptedTool,
  clock: Clock,
  began: () => void,
): Tool {
  return defineTool({
    name,
    description: name,
    parameters: z.object({}),
    timeoutMs: 20_000,
    effect,
    ...(holdWords && { holdWords }),
    run: (_, { signal }) =>
      new Promise(resolve => {
        began();
        const forget = clock.after(takesMs, () => resolve(gives));
        signal.addEventListener('abort', forget);
      }),
  });
}
