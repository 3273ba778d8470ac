import { createHash } from 'node:crypto';
import type { Tool } from '../../agents/tool.ts';
import type { EffectAsk } from '../../contracts/control.ts';

/**
 * Tools that change the world run in the control plane, under a key made of the turn and of what is asked for: a turn that
 * is answered anew, here or on the host that takes over, asks for the same and gets what was done the first time.
 */
export type CarryOut = (callId: string, ask: EffectAsk, signal: AbortSignal) => Promise<unknown>;

/** An effect that was asked for; `arguments` as the model wrote them. */
export interface BegunEffect {
  turn: number;
  name: string;
  key: string;
  arguments: string;
}

export interface OutsideEffects {
  /** The same tool, run outside for this turn's call of it. */
  of(tool: Tool, turn: number, args: string, began: (effect: BegunEffect) => void): Tool;
}

/** @param before what a lost host had asked for in the turn that is answered anew, in order: a model words it otherwise */
export function outsideEffects(
  callId: string,
  carryOut: CarryOut,
  before: readonly BegunEffect[] = [],
): OutsideEffects {
  const left = [...before];
  return {
    of: (tool, turn, args, began) => ({
      ...tool,
      run: (_, { signal }) => {
        const at = left.findIndex(one => one.turn === turn && one.name === tool.name);
        const effect = left.splice(at, at === -1 ? 0 : 1)[0] ?? begin(tool.name, turn, args);
        if (at === -1) began(effect);
        const { key, arguments: asked } = effect;
        return carryOut(callId, { key, tool: tool.name, arguments: asked === '' ? {} : JSON.parse(asked) }, signal);
      },
    }),
  };
}

function begin(name: string, turn: number, written: string): BegunEffect {
  const args = written.trim();
  const digest = createHash('sha256').update(args).digest('hex').slice(0, 24);
  return { turn, name, key: `turn-${turn}:${name}:${digest}`, arguments: args };
}
