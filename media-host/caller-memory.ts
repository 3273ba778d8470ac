import type { Archive } from './journal/archive.ts';
import type { Lane } from './lanes/lane.ts';
import type { ToTurn } from './lanes/turn-messages.ts';
import type { Metrics } from './observe/metrics.ts';

/**
 * Brings into a call what is remembered of its caller. It is asked for as the telephone rings, and a greeting waits for it
 * no longer than a breath: then it greets as any caller, and the model knows it from then on. What does not come is done
 * without.
 */
export interface CallerMemoryParts {
  archive: Pick<Archive, 'caller'>;
  turns: Pick<Lane<ToTurn>, 'post'>;
  metrics: Metrics;
  /** How long callers are remembered; 0: nobody is. */
  hours: number;
}

/**
 * @param call its number in the lanes
 * @returns settles, and never rejects, when the agents have been told or will not be
 */
export async function recallCaller(parts: CallerMemoryParts, call: number, callerHash: string): Promise<void> {
  const { archive, turns, metrics, hours } = parts;
  if (hours === 0) return;
  await archive.caller(callerHash).then(
    memory => {
      if (memory) turns.post({ type: 'recall', call, memory });
    },
    () => metrics.count('caller-memories-missed'),
  );
}
