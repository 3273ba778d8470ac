import { sameArguments } from './outside-effects.ts';
import type { ToolRun } from './run-tool.ts';

/**
 * Effects that earlier replies of a call began. Who asks for one of them again without having been able to know how it
 * ended, because a reply was made anew or the caller spoke over it, means the same one and gets its outcome.
 */
export interface BegunEffects {
  /** The model is asked now: it reads of every outcome there is. */
  modelAsks(): void;
  /** The run of the effect that is meant, where it is not a new one. */
  shared(effect: Effect): Promise<ToolRun | undefined> | undefined;
  began(effect: Effect, run: Promise<ToolRun | undefined>): void;
}

export interface Effect {
  turn: number;
  name: string;
  arguments: string;
}

interface Begun extends Effect {
  run: Promise<ToolRun | undefined>;
  /** `told`: it was there when the model was asked. */
  stands: 'open' | 'done' | 'told';
}

export function createBegunEffects(): BegunEffects {
  let begun: readonly Begun[] = [];
  return {
    modelAsks: () => {
      for (const one of begun) if (one.stands === 'done') one.stands = 'told';
    },
    // Within a turn the same words ask for the same thing, however often.
    shared: asked =>
      begun.find(
        one =>
          one.name === asked.name && sameArguments(one, asked) && (one.stands !== 'told' || one.turn === asked.turn),
      )?.run,
    began: (effect, run) => {
      const mine: Begun = { ...effect, run, stands: 'open' };
      begun = [...begun, mine];
      void run.then(done => {
        // One that failed may be tried again.
        if (!done || done.code !== undefined) begun = begun.filter(one => one !== mine);
        else mine.stands = 'done';
      });
    },
  };
}
