import type { Agent } from '../../agents/loader/load.ts';
import { phrasesOf } from '../../contracts/agent-phrases.ts';
import type { Choice } from './model/fallback.ts';
import { type StatementWatch, watchStatements } from './must-be-heard.ts';
import type { Running } from './replies.ts';
import type { ReplyLimits, ReplyWork } from './reply.ts';
import { replyMeans } from './reply-means.ts';
import type { SayRequest } from './runtime.ts';
import type { RuntimeEvent } from './runtime-event.ts';
import type { CallMeans } from './tools/tool-means.ts';

/** What all replies of a call are made with; `choice` and `limits` are those of the agent that has the caller. */
export interface CallWork
  extends Pick<
    ReplyWork,
    | 'callId'
    | 'scenario'
    | 'agents'
    | 'instructions'
    | 'model'
    | 'deployments'
    | 'conversation'
    | 'effects'
    | 'outside'
    | 'supply'
    | 'account'
    | 'now'
    | 'monotonicUs'
    | 'after'
  > {
  choice(): Choice;
  limits(): ReplyLimits;
  means: CallMeans;
  /** Told only while what it belongs to is current, and `signal` has not aborted. */
  speak(event: RuntimeEvent, signal?: AbortSignal): void;
  say(request: SayRequest): void;
}

/** What one reply is made with. */
export function workOf(call: CallWork, { turn, epoch, guess, commitment, abort: { signal } }: Running): ReplyWork {
  const { agents, choice, limits, means, say, ...shared } = call;
  let statements: { agent: Agent; watch: StatementWatch } | undefined;
  let silent = true;
  const speak = (event: RuntimeEvent) => {
    if (event.type === 'sentence') silent = false;
    call.speak(event, signal);
  };

  return {
    ...shared,
    turn,
    epoch,
    signal,
    commitment,
    guess,
    agents,
    get agent() {
      return agents.agent;
    },
    get choice() {
      return choice();
    },
    get limits() {
      return limits();
    },
    get statements() {
      const { agent } = agents;
      if (statements?.agent !== agent) statements = { agent, watch: watchStatements(agent.definition.mustBeHeard) };
      return statements.watch;
    },
    speak,
    means: replyMeans({
      ...{ turn, epoch, agents, account: call.account, call: means, speak },
      partsWithWords: () => {
        if (silent) say({ turn, epoch, text: phrasesOf(agents.page).farewell });
      },
    }),
  };
}
