/** Runs what others gave us to be called: whatever it throws is told, and `otherwise` stands for its answer. */
export type Safely = <T>(run: () => T, otherwise: T) => T;

export const createSafely =
  (onFault: (error: unknown) => void): Safely =>
  (run, otherwise) => {
    try {
      return run();
    } catch (error) {
      onFault(error);
      return otherwise;
    }
  };

/** The message may hold what somebody said, so only the kind of error is told. */
export function warnOfFault(error: unknown): void {
  process.emitWarning(`A callback of an agent's turn failed: ${error instanceof Error ? error.name : typeof error}.`);
}
