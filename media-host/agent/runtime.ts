import type { Agent } from '../../agents/load.ts';
import { machineClock } from '../clock.ts';
import { sentenceCutter } from '../speech/sentences.ts';
import { emptyHistory, forgetUnheard, type History, heard, said, spoke } from './history.ts';
import type { ChatModel } from './model.ts';
import { fail, type ReplyLimits, type ReplyWork, runReply } from './reply.ts';
import type { Account, RuntimeEvent } from './runtime-event.ts';

/**
 * Takes the agent's turns in one conversation. One reply is made at a time; a newer epoch gives it up at once, and what
 * the caller said is kept whatever becomes of replies. No exception, of a model, a tool or a callback, outlives its turn.
 */
export interface Runtime {
  /** Tells the agent's greeting as turn 0. */
  greet(epoch: number): void;
  /** Answers the caller's words; a reply to an older epoch is given up, one of the same epoch comes to its end first. */
  take(request: TurnRequest): void;
  /** Barge-in: gives up whatever is of an older epoch. */
  cancel(epoch: number): void;
  /** What the ear got of a turn's reply. */
  heard(turn: number, text: string, interrupted: boolean): void;
  /** Ends everything; resolves when nothing runs any more. */
  close(): Promise<void>;
}

export interface TurnRequest {
  turn: number;
  epoch: number;
  /** The caller's words of the turn, merged. */
  said: string;
}

export interface RuntimeOptions {
  callId: string;
  agent: Agent;
  model: ChatModel;
  /** Deployment where the agent names none. */
  defaultModel: string;
  emit(event: RuntimeEvent): void;
  /** Whether speech of this epoch may still be heard. */
  isCurrent(epoch: number): boolean;
  /** Epoch milliseconds. */
  now(): number;
  monotonicUs(): number;
  /** @default the machine's timers */
  after?: (ms: number, run: () => void) => () => void;
  /** @default an incoming call from an unknown country */
  about?: { direction: 'in' | 'out'; country: string };
  /** What was said before, where a call is taken over. @default nothing */
  history?: History;
  /** @default 8 s of silence, 4 rounds of tools */
  limits?: Partial<ReplyLimits>;
  /** Hears of exceptions that callbacks threw. @default a warning of the process, without the message */
  onFault?: (error: unknown) => void;
}

interface Running extends TurnRequest {
  abort: AbortController;
}

export function createRuntime(options: RuntimeOptions): Runtime {
  const { callId, agent, model, now, monotonicUs, after = machineClock.after, onFault = warn } = options;
  const { about = { direction: 'in', country: '' }, limits } = options;
  const conversation = { history: options.history ?? emptyHistory };
  /** Everything not yet settled, given up or not: effects outlive their reply. */
  const unsettled = new Set<Promise<void>>();
  let closed = false;
  let running: Running | undefined;
  /** Came while a reply of its own epoch was running. Its words are in the history already. */
  let waiting: TurnRequest | undefined;

  const guarded = <T>(run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch (error) {
      onFault(error);
      return otherwise;
    }
  };
  const account = (event: Account) => guarded(() => options.emit(event), undefined);
  const speak = (event: RuntimeEvent, signal?: AbortSignal) => {
    if (closed || signal?.aborted) return;
    if (guarded(() => options.isCurrent(event.epoch), true)) guarded(() => options.emit(event), undefined);
  };

  const workOf = ({ turn, epoch, abort: { signal } }: Running): ReplyWork => ({
    turn,
    epoch,
    signal,
    callId,
    agent,
    instructions: () =>
      agent.instructions({
        agent: agent.definition,
        caller: { country: about.country },
        call: { id: callId, direction: about.direction },
        today: new Intl.DateTimeFormat('en-GB', { dateStyle: 'full' }).format(now()),
      }),
    model,
    deployment: agent.definition.model.deployment ?? options.defaultModel,
    conversation,
    limits: { silenceMs: 8000, toolRounds: 4, ...limits },
    speak: event => speak(event, signal),
    account,
    now,
    monotonicUs,
    after,
  });

  const reply = async (mine: Running): Promise<void> => {
    const work = workOf(mine);
    try {
      await runReply(work);
    } catch (error) {
      onFault(error);
      guarded(() => fail(work, 'AGENT_FAILED', false), undefined);
    }
    if (running !== mine) return;
    running = undefined;
    const next = waiting;
    waiting = undefined;
    if (next) start(next);
  };

  const start = (request: TurnRequest) => {
    if (!guarded(() => options.isCurrent(request.epoch), true)) return;
    running = { ...request, abort: new AbortController() };
    const settled: Promise<void> = reply(running).finally(() => unsettled.delete(settled));
    unsettled.add(settled);
  };

  const giveUp = () => {
    const given = running;
    running = undefined;
    waiting = undefined;
    given?.abort.abort();
    conversation.history = forgetUnheard(conversation.history);
  };

  return {
    greet(epoch) {
      if (closed) return;
      const cutter = sentenceCutter();
      const { greeting } = agent.definition;
      const sentences = [...cutter.push(greeting), ...cutter.flush()];
      for (const [index, text] of sentences.entries()) {
        const us = guarded(monotonicUs, 0);
        conversation.history = spoke(conversation.history, 0, text);
        speak({ type: 'sentence', turn: 0, epoch, index, text, askedUs: us, firstTokenUs: us, cutUs: us });
      }
      speak({ type: 'reply-ended', turn: 0, epoch, text: sentences.join(' ') });
    },
    take(request) {
      if (closed) return;
      if (!running || running.epoch < request.epoch) giveUp();
      conversation.history = said(conversation.history, request.turn, request.said);
      if (running) waiting = request;
      else start(request);
    },
    cancel(epoch) {
      if (running && running.epoch < epoch) giveUp();
    },
    heard(turn, text, interrupted) {
      if (interrupted && running?.turn === turn) giveUp();
      conversation.history = heard(conversation.history, turn, text);
    },
    async close() {
      closed = true;
      giveUp();
      await Promise.all(unsettled);
    },
  };
}

/** The message may hold what somebody said, so only the kind of error is told. */
function warn(error: unknown): void {
  process.emitWarning(`A callback of an agent's turn failed: ${error instanceof Error ? error.name : typeof error}.`);
}
