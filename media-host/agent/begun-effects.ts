import type { ToolRun } from './run-tool.ts';

/**
 * Effects that the turn's earlier replies began. A reply that is made anew, because the caller added a word or a key, may
 * call for the same effect again: it gets the outcome of the one that was begun.
 */
export interface BegunEffects {
  /** The run that another reply of the turn began. */
  shared(effect: Effect): Promise<ToolRun | undefined> | undefined;
  began(effect: Effect, run: Promise<ToolRun | undefined>): void;
}

export interface Effect {
  turn: number;
  epoch: number;
  name: string;
  arguments: string;
}

export function createBegunEffects(): BegunEffects {
  let begun: (Effect & { run: Promise<ToolRun | undefined> })[] = [];
  return {
    shared: ({ turn, epoch, name, arguments: args }) =>
      begun.find(one => one.turn === turn && one.epoch !== epoch && one.name === name && one.arguments === args)?.run,
    began: (effect, run) => {
      const mine = { ...effect, run };
      begun = [...begun.filter(({ turn }) => turn === effect.turn), mine];
      // One that failed may be tried again.
      void run.then(done => {
        if (done?.code !== undefined) begun = begun.filter(one => one !== mine);
      });
    },
  };
}
