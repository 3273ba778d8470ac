import { awaitFinal, type Commitment, committed } from './commitment.ts';
import { runGuarded } from './guards/guarded-reply.ts';
import type { Verdict } from './guards/guardrails.ts';
import { forgetUnheard } from './history.ts';
import type { Guess } from './model/guess.ts';
import { fail, type ReplyLimits, type ReplyWork, runReply } from './reply.ts';
import type { TurnRequest } from './runtime.ts';
import type { Safely } from './safely.ts';

/** The replies of one conversation: one is made at a time, and whatever it throws ends in words of the agent. */
export interface Replies {
  /** What is being made. */
  running(): Running | undefined;
  /** Takes the place of what is running. */
  start(request: Asked, guess?: Guess): void;
  /** Is made after what is running, whose words are in the history already. */
  next(request: Asked): void;
  /** What is running is told to nobody any more, and nothing comes after it. */
  giveUp(): void;
}

export interface Asked extends TurnRequest {
  /** A rule of the scenario answers, and no model. */
  verdict: Verdict | undefined;
}

export interface Running extends Asked {
  commitment: Commitment;
  abort: AbortController;
  guess: Guess | undefined;
}

export interface RepliesOptions extends Pick<ReplyWork, 'conversation' | 'after'> {
  workOf(running: Running): ReplyWork;
  limits(): Pick<ReplyLimits, 'finalWithinMs'>;
  /** Whether speech of this epoch may still be heard. */
  isCurrent(epoch: number): boolean;
  /** Is waited for at the end, given up or not: effects outlive their reply. */
  keep(work: Promise<void>): void;
  safely: Safely;
  onFault(error: unknown): void;
}

export function createReplies(options: RepliesOptions): Replies {
  const { conversation, after, workOf, limits, isCurrent, keep, safely, onFault } = options;
  let running: Running | undefined;
  let waiting: Asked | undefined;

  const reply = async (mine: Running): Promise<void> => {
    const work = workOf(mine);
    try {
      await (mine.verdict ? runGuarded(work, mine.verdict) : runReply(work));
    } catch (error) {
      onFault(error);
      safely(() => fail(work, 'AGENT_FAILED', false), undefined);
    }
    work.guess?.drop();
    // Nothing of it waits for the final transcript any more.
    mine.commitment.confirm();
    if (running !== mine) return;
    running = undefined;
    const next = waiting;
    waiting = undefined;
    if (next) start(next);
  };

  const start = (request: Asked, guess?: Guess) => {
    if (!isCurrent(request.epoch)) return guess?.drop();
    const abort = new AbortController();
    const final = { finalWithinMs: limits().finalWithinMs, signal: abort.signal, after };
    const commitment = request.final === false ? safely(() => awaitFinal(final), committed) : committed;
    running = { ...request, guess, abort, commitment };
    keep(reply(running));
  };

  return {
    running: () => running,
    start,
    next: request => {
      waiting = request;
    },
    giveUp: () => {
      const given = running;
      running = undefined;
      waiting = undefined;
      given?.abort.abort();
      conversation.history = forgetUnheard(conversation.history);
    },
  };
}
