import { createHash } from 'node:crypto';
import pino from 'pino';
import type { Agents } from '../../agents/loader/load.ts';
import type { Tool } from '../../agents/tool.ts';
import type { CallEvent, CallFact } from '../../contracts/call-event.ts';
import type { CallerMemory } from '../../contracts/caller-memory.ts';
import type { ControlMessage } from '../../contracts/control.ts';
import type { HandoffAsk } from '../../contracts/handoff.ts';
import { scenarioCard } from '../agent/cast/agent-card.ts';
import { levelDetector } from '../audio/level-detector.ts';
import { createCall, type EndReason, type MediaSocket } from '../call.ts';
import { createCards } from '../cards.ts';
import { madeAhead } from '../dialogue/made-ahead.ts';
import { createJournal } from '../journal/journal.ts';
import { type HeardMark, resume } from '../journal/resume.ts';
import { createEpochs, inlineLane, type Lane } from '../lanes/lane.ts';
import { type FromSpeech, speechLane, type ToSpeech } from '../lanes/speech-lane.ts';
import { type TurnLaneParts, turnLane } from '../lanes/turn-lane.ts';
import type { FromTurn, ToTurn } from '../lanes/turn-messages.ts';
import { watchingVoices } from '../lanes/voice-watch.ts';
import { createMetrics } from '../observe/metrics.ts';
import { createFixedSentences } from '../speech/fixed-sentences.ts';
import { spokenForm } from '../speech/spoken-form.ts';
import { chanceOf } from './chance.ts';
import { soundMessage, stillMessage } from './inbound.ts';
import { createLine } from './line.ts';
import { createMouth } from './mouth.ts';
import { createRehearsedEars } from './rehearsed-ears.ts';
import { createRehearsedModel, type ModelPace, type ModelScript } from './rehearsed-model.ts';
import { createRehearsedVoice, type VoiceScript } from './rehearsed-voice.ts';
import { agentsWith, type Colleagues, type ScriptedTool, scriptedTool } from './scripted-agent.ts';
import { type StageClock, settled } from './stage-clock.ts';
import { createWordBook } from './word-book.ts';

/** What is scripted of a call; all else is real. */
export interface Script {
  /** What the agent's page says, beside what every page must. */
  agent?: Record<string, unknown>;
  /** @default the agent is alone */
  colleagues?: Colleagues;
  model?: ModelScript;
  pace?: ModelPace;
  voice?: VoiceScript;
  tools?: Record<string, ScriptedTool>;
  /** Tools of the house, beside those. */
  ownTools?: readonly Tool[];
  /** Agents as they are, in place of those above. */
  house?: House;
  /** Hears what the turn lane tells and what the journal notes, as it happens. */
  watch?: { thought(message: FromTurn): void; noted(fact: CallFact): void };
  /** What the control plane answers who asks for a person. @default it seeks one */
  person?: 'sought' | 'refused';
  /** The caller's telephone sends back what it plays. */
  echo?: { db: number; words?: boolean };
  /** @default 100 */
  leadMs?: number;
  /** What another host left of the call. @default it begins here */
  past?: Past;
  /** Silence that this call has a reason for, ms. @default 4000 */
  mostSilenceMs?: number;
}

/** Loaded agents, one of their scenarios, and what stands around their tools. */
export interface House extends Pick<TurnLaneParts, 'carryOut' | 'supply'> {
  agents: Agents;
  scenario: string;
  /** What earlier calls of the caller have left. */
  memory?: CallerMemory;
}

/** The journal of a lost host as far as it was written, and what its disk says beside. */
export interface Past {
  events: readonly CallEvent[];
  mark?: HeardMark | undefined;
  /** What the caller's ear had heard there. */
  heard?: string;
}

/**
 * A host with one call: the real call and its real lanes in this thread, real frames both ways. The clock, recognition,
 * synthesis and the model are the script's, and chance falls as `name` says, so that it always plays the same.
 */
export type Stage = Awaited<ReturnType<typeof openStage>>;

type Told = ControlMessage extends infer M ? (M extends ControlMessage ? Omit<M, 'id' | 'at'> : never) : never;

const number = 1;
const callId = 'c'.repeat(32);
const frameMs = 20;
const preparedWithinMs = 30_000;
const hungUpAfterMs = 300;
const controlPlaneMs = 40;
const echoDelayMs = 80;

export async function openStage(name: string, script: Script, clock: StageClock) {
  const { leadMs = 100, echo, house, watch } = script;
  /** How many sentences are made before the telephone rings changes nothing of the call. */
  const early = chanceOf(`${name}, before it rings`);
  const chance = chanceOf(`${name}, rings`);
  let rang = false;
  const book = createWordBook();
  const line = createLine(clock.now, book);
  const mouth = createMouth(chance, clock.now);
  const ears = createRehearsedEars(mouth.script, { clock, chance });
  const model = createRehearsedModel(script.model ?? ['All right.'], script.pace ?? {}, { clock, chance });
  const voice = createRehearsedVoice(script.voice ?? {}, {
    clock,
    chance: { between: (...range) => (rang ? chance : early).between(...range) },
    book,
  });
  const fixed = createFixedSentences(voice);
  const metrics = createMetrics();
  const epochs = createEpochs(1);
  const bytes = createHash('sha1');
  const effects: { name: string; at: number }[] = [];
  const tools = Object.entries(script.tools ?? {}).map(([tool, how]) =>
    scriptedTool(tool, how, clock, () => effects.push({ name: tool, at: clock.now() })),
  );
  const own = () => agentsWith(script.agent ?? {}, [...tools, ...(script.ownTools ?? [])], script.colleagues);
  const agents = house?.agents ?? own();
  const resumption = script.past && resume(script.past.events, script.past.mark);
  const scenario = house?.scenario ?? (script.colleagues ? 'house' : undefined);
  const cards = createCards('agents');
  cards.renew(agents.scenarios.map(each => scenarioCard(agents.scenario(each))));
  const goesOn = cards.goesOn(resumption ?? { scenario, cast: undefined }, { scenario, entryAgent: 'desk' });
  const agent = cards.agent(goesOn, resumption?.cast);

  const voices: Lane<ToSpeech> = inlineLane<ToSpeech, FromSpeech>(
    post => {
      const services = { openEars: ears.open, voice, fixed, close: fixed.close };
      return watchingVoices(post, levelDetector(), speechLane(post, epochs, services, clock));
    },
    message => {
      if (message.call === number) call.hear(message);
    },
  );
  /** Kept once they are made, as they are pronounced. */
  const kept = new Set<string>();
  const speech: Lane<ToSpeech> = {
    ...voices,
    post: (message, transfer) => {
      if (message.type === 'say' && message.fixed) kept.add(spokenForm(message.text, message.language).spoken);
      voices.post(message, transfer);
    },
  };
  const { carryOut, supply, memory } = house ?? {};
  const surroundings = { ...(carryOut && { carryOut }), ...(supply && { supply }) };
  const turns: Lane<ToTurn> = inlineLane<ToTurn, FromTurn>(
    post => turnLane(post, epochs, { ...surroundings, agents, model, defaultModel: 'gpt-stage', clock }),
    message => {
      watch?.thought(message);
      if ('call' in message) call.think(message);
    },
  );

  const events: CallEvent[] = [];
  const firstSeq = (script.past?.events.at(-1)?.seq ?? -1) + 1;
  let mark: HeardMark | undefined;
  let unsent: CallEvent[] = [];
  const journal = createJournal({
    callId,
    agent: 'desk',
    store: {
      write: async (_, documents) => {
        for (const document of documents) {
          if (document.type === 'eventPage')
            events.push(...document.ev.filter(event => event.seq >= firstSeq + events.length));
        }
      },
    },
    spool: { keep: async () => undefined },
    clock,
    ttlSeconds: 1,
    past: script.past?.events ?? [],
    ahead: {
      append: event => unsent.push(event),
      settled: () => {
        unsent = [];
      },
      close: () => undefined,
    },
    troubled: () => undefined,
  });

  // The host has made its agent's fixed sentences before the telephone rings.
  for (const message of cards.all([scenario ?? 'desk']).flatMap(madeAhead)) speech.post(message);
  await settled();
  await clock.pass(preparedWithinMs);
  rang = true;

  const note = (fact: CallFact) => {
    watch?.noted(fact);
    journal.note(fact, clock.now());
  };
  const ticks = new Set<() => void>();
  const asks: { ask: HandoffAsk; at: number }[] = [];
  const cancelled: number[] = [];
  const logged: string[] = [];
  let messages = 0;
  let hungUpAt: number | undefined;
  let hungUpFor: string | undefined;
  let socket: MediaSocket | undefined;
  let overAt: number | undefined;
  const call = createCall({
    number,
    cell: 0,
    admission: { callId, mode: 'media', ...goesOn, direction: 'in', callerHash: 'h' },
    agent,
    hangUp: (_, __, reason) => {
      hungUpAt ??= clock.now();
      hungUpFor ??= reason;
      clock.after(hungUpAfterMs, () => leaves(1000));
    },
    person: {
      ask: (_, ask, refused) => {
        asks.push({ ask, at: clock.now() });
        if (script.person === 'refused') clock.after(controlPlaneMs, refused);
      },
      cancel: () => cancelled.push(clock.now()),
    },
    hostId: 'stage',
    leadMs,
    segmentationMs: 500,
    journal: { note, mark: told => (mark = told), close: journal.close },
    resumption,
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
    log: pino({ level: 'trace' }, { write: (line: string) => logged.push(line) }),
  });
  if (memory) turns.post({ type: 'recall', call: number, memory });
  void call.over.then(() => {
    overAt = clock.now();
  });

  const attach = () => {
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
    socket = mine;
    call.attach(mine);
  };

  function leaves(code: number) {
    const left = socket;
    socket = undefined;
    if (left) call.closed(left, code);
  }

  let echoed = 0;
  const inbound = () => {
    const sound = mouth.frame(echo && line.playedBefore(echoDelayMs), 10 ** ((echo?.db ?? 0) / 20));
    if (echo?.words) for (; echoed < line.heard.length; echoed++) mouth.echoes(line.heard[echoed]?.text ?? '');
    return sound ? soundMessage(sound) : stillMessage;
  };

  const openedAt = clock.now();
  attach();
  await settled();

  return {
    clock,
    chance,
    book,
    line,
    mouth,
    ears,
    model,
    voice,
    kept,
    metrics,
    agent,
    script: { ...script, leadMs },
    openedAt,
    /** Effects that began. */
    effects,
    /** The journal, as far as it was written. */
    events,
    hungUpAt: () => hungUpAt,
    /** The agent's reason, where it ended the call. */
    hungUpFor: () => hungUpFor,
    over: () => overAt !== undefined,
    overAt: () => overAt,
    timers: () => clock.waiting() + ticks.size,
    /** What the process's own clock still has to do for the call. */
    /** What the control plane was asked for, and when it was asked to let it be. */
    asks,
    cancelled,
    /** Every line of the host's log. */
    logged,
    /** The control plane says this now, for the first time. */
    says: (message: Told) => call.told({ id: `message-${++messages}`, at: clock.now(), ...message } as ControlMessage),
    /** Every byte that was sent, and every fact that was noted. */
    fingerprint: () => bytes.copy().update(JSON.stringify(events)).digest('hex'),
    /** ACS dials. */
    attach,
    leaves,
    /** A message of ACS's. */
    receives: (message: string | Buffer) => {
      if (socket) call.message(socket, Buffer.from(message));
    },
    /** 20 ms of the call. */
    tick: async () => {
      await clock.pass(frameMs);
      if (socket) call.message(socket, inbound());
      for (const run of ticks) run();
      await settled();
      line.pass();
    },
    end: (reason: EndReason, code: number) => void call.end(reason, code),
    told: call.told,
    move: call.move,
    /** What is left of the call should this host be lost now, its disk included or not. */
    left: (disk: 'kept' | 'lost'): Past => {
      const stored = [...(script.past?.events ?? []), ...events];
      return disk === 'kept' ? { events: [...stored, ...unsent], mark } : { events: stored };
    },
    /** Clears the stage once the call is over. */
    clear: async () => {
      await call.ended;
      await clock.pass(frameMs);
      await settled();
      await Promise.all([speech.close(), turns.close()]);
      await settled();
    },
  };
}
