import { itemsOf } from './cast/views.ts';
import { forgetUnheard, said } from './history.ts';
import { type Guess, startGuess } from './model/guess.ts';
import { questionOf } from './model/model-request.ts';
import type { CallWork } from './reply-work.ts';
import type { GuessRequest } from './runtime.ts';
import type { Safely } from './safely.ts';

/** The guess of one conversation: at most one is under way, and asks what a reply would ask. */
export interface Guesses {
  ask(request: GuessRequest): void;
  /** It is not wanted any more. */
  drop(): void;
  /** Hands it over, if there is one: it is the taker's from now on. */
  take(): Guess | undefined;
}

export interface GuessesOptions {
  call: CallWork;
  /** Is waited for at the end, dropped or not. */
  keep(work: Promise<void>): void;
  safely: Safely;
}

export function createGuesses({ call, keep, safely }: GuessesOptions): Guesses {
  let guess: Guess | undefined;

  const start = ({ turn, said: words }: GuessRequest): Guess => {
    const { agents, conversation, deployments, model, account, monotonicUs, after } = call;
    const history = said(forgetUnheard(conversation.history), turn, words);
    const request = questionOf({
      agent: agents.agent,
      deployment: deployments.guess(call.choice(), call.now()),
      instructions: call.instructions(),
      known: agents.known(),
      history: itemsOf(history),
      mayUseTools: true,
      handOff: agents.handOff(),
    });
    return startGuess({
      ...{ model, request, deadlines: call.limits(), monotonicUs, after },
      wasted: told => account({ type: 'model-ran', turn, epoch: -1, ...told }),
    });
  };

  return {
    ask: request => {
      guess = safely(() => start(request), undefined);
      if (guess) keep(guess.settled);
    },
    drop: () => {
      guess?.drop();
      guess = undefined;
    },
    take: () => {
      const taken = guess;
      guess = undefined;
      return taken;
    },
  };
}
