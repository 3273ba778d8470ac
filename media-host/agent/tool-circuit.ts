/**
 * A tool that fails again and again is left alone for a while: callers are answered at once instead of waiting for it in
 * vain, and what it asks is not buried under more questions. One for all calls of the process; time is an argument.
 */
export interface ToolCircuits {
  /**
   * Asks to run a tool. After its rest one run may try whether it is well again.
   * @param at epoch milliseconds
   * @returns ms it still rests; 0: run it, and tell how it ended
   */
  admit(tool: string, at: number): number;
  /** How a run that was admitted ended; `unknown`: it was given up, or nothing can be said of the tool. */
  ended(tool: string, how: RunEnd, at: number): void;
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

export function createToolCircuits({ failures: most, restMs }: typeof circuitRules = circuitRules): ToolCircuits {
  const tools = new Map<string, Standing>();
  const of = (tool: string) => tools.get(tool) ?? well;
  return {
    admit: (tool, at) => {
      const standing = of(tool);
      if (standing.failures < most) return 0;
      if (at < standing.restsUntil) return standing.restsUntil - at;
      // Until the one that tries has ended nobody knows more than before.
      if (standing.trying) return restMs;
      tools.set(tool, { ...standing, trying: true });
      return 0;
    },
    ended: (tool, how, at) => {
      const standing = of(tool);
      if (how === 'well') tools.delete(tool);
      else if (how === 'unknown') tools.set(tool, { ...standing, trying: false });
      else tools.set(tool, { failures: standing.failures + 1, restsUntil: at + restMs, trying: false });
    },
  };
}
