/**
 * A tool or a model that fails again and again is left alone for a while: callers are answered at once instead of waiting
 * for it in vain, and what stands behind it is not buried under more questions. One for all calls of the process; time is
 * an argument.
 */
export interface Circuits {
  /**
   * Asks to use what has this name. After its rest one use may try whether it is well again.
   * @param at epoch milliseconds
   * @returns ms it still rests; 0: use it, and tell how that ended
   */
  admit(name: string, at: number): number;
  /** How a use that was admitted ended; `unknown`: it was given up, or nothing can be said of it. */
  ended(name: string, how: RunEnd, at: number): void;
}

export type RunEnd = 'well' | 'ill' | 'unknown';

export const circuitRules = { failures: 5, restMs: 30_000 } as const;

interface Standing {
  /** In a row. */
  failures: number;
  restsUntil: number;
  /** Somebody tries whether it is well again. */
  trying: boolean;
}

const well: Standing = { failures: 0, restsUntil: 0, trying: false };

export function createCircuits({ failures: most, restMs }: typeof circuitRules = circuitRules): Circuits {
  const standings = new Map<string, Standing>();
  const of = (name: string) => standings.get(name) ?? well;
  return {
    admit: (name, at) => {
      const standing = of(name);
      if (standing.failures < most) return 0;
      if (at < standing.restsUntil) return standing.restsUntil - at;
      // Until the one that tries has ended nobody knows more than before.
      if (standing.trying) return restMs;
      standings.set(name, { ...standing, trying: true });
      return 0;
    },
    ended: (name, how, at) => {
      const standing = of(name);
      if (how === 'well') standings.delete(name);
      else if (how === 'unknown') standings.set(name, { ...standing, trying: false });
      else standings.set(name, { failures: standing.failures + 1, restsUntil: at + restMs, trying: false });
    },
  };
}
