import { createHash } from 'node:crypto';
import type { Tool } from '../../../agents/tool.ts';
import { type EffectAsk, furtherTry } from '../../../contracts/control.ts';
import { CallError } from '../../../contracts/error.ts';

/**
 * Tools that change the world run in the control plane, under a key made of the turn and of what is asked for. Whoever
 * asks again for what has not been heard to end, here or on the host that takes over, asks under the same key and gets
 * what was done the first time.
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
  /** What a lost host had asked for, given once: nobody knows here how it ended. */
  lost(): readonly LostEffect[];
}

export interface LostEffect extends BegunEffect {
  /** How it ended, whether that was long ago or it is done only now. */
  carryOut(facts: Readonly<Record<string, string>>, signal: AbortSignal): Promise<unknown>;
}

/** The way to the control plane and back, once lost and once repeated, beside the tool's own time. */
export const travelMs = 3_000;

interface Known extends BegunEffect {
  /** `open`: nobody has said how it ended. */
  ended: 'open' | 'done' | 'failed';
}

/** @param before what a lost host had asked for, in order */
export function outsideEffects(
  callId: string,
  carryOut: CarryOut,
  before: readonly BegunEffect[] = [],
): OutsideEffects {
  let lost: readonly Known[] = before.map(effect => ({ ...effect, ended: 'open' }));
  const known = [...lost];

  const ask = async (effect: Known, facts: Readonly<Record<string, string>>, signal: AbortSignal) => {
    const { key, name: tool, arguments: asked } = effect;
    const some = Object.keys(facts).length > 0;
    try {
      const given = asked === '' ? {} : JSON.parse(asked);
      const result = await carryOut(callId, { key, tool, arguments: given, ...(some && { facts }) }, signal);
      // What comes when nobody waits any more is told to nobody, and has to be asked for again.
      if (!signal.aborted) effect.ended = 'done';
      return result;
    } catch (error) {
      // Whatever else is thrown, the control plane may have done it all the same.
      if (!signal.aborted && error instanceof CallError && refusals.has(error.code)) effect.ended = 'failed';
      throw error;
    }
  };

  return {
    of: (tool, turn, args, began) => ({
      ...tool,
      timeoutMs: tool.timeoutMs + travelMs,
      run: (_, { signal, established = {} }) => {
        const asked = { turn, name: tool.name, arguments: args.trim() };
        const effect = meant(known, asked) ?? { ...asked, key: keyFor(known, asked), ended: 'open' };
        if (!known.includes(effect)) {
          known.push(effect);
          const { ended: _, ...fact } = effect;
          began(fact);
        }
        return ask(effect, established, signal);
      },
    }),
    lost: () => {
      const effects = lost;
      lost = [];
      return effects.map(effect => ({
        ...effect,
        carryOut: (facts, signal) => ask(effect, facts, signal),
      }));
    },
  };
}

/** The control plane has said that it will not be done under this key. */
const refusals: ReadonlySet<string> = new Set(['TOOL_FAILED', 'TOOL_TIMED_OUT', 'TOOL_NOT_ALLOWED']);

type Asked = Omit<BegunEffect, 'key'>;

/** The effect that is asked for again: one whose end nobody knows, or one of the same turn. */
function meant(known: readonly Known[], asked: Asked): Known | undefined {
  return known.findLast(
    one => one.name === asked.name && sameArguments(one, asked) && (one.ended === 'open' || one.turn === asked.turn),
  );
}

/** After a failure it is a further try of the same effect: the world may know it already. */
function keyFor(known: readonly Known[], asked: Asked): string {
  const last = known.findLast(one => one.name === asked.name && sameArguments(one, asked));
  if (last?.ended === 'failed') return furtherTry(last.key);
  const digest = createHash('sha256').update(asked.arguments).digest('hex').slice(0, 24);
  return `turn-${asked.turn}:${asked.name}:${digest}`;
}

/** The order of names and the spaces between make no difference. */
export function sameArguments(one: { arguments: string }, other: { arguments: string }): boolean {
  return canonical(one.arguments) === canonical(other.arguments);
}

function canonical(written: string): string {
  const args = written.trim();
  try {
    return JSON.stringify(args === '' ? {} : JSON.parse(args), (_, part: unknown) =>
      typeof part === 'object' && part !== null && !Array.isArray(part)
        ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    );
  } catch (error) {
    if (error instanceof SyntaxError) return args;
    throw error;
  }
}
