import type { ReplyWork } from './reply.ts';

/**
 * Whether the caller's words of a turn are certain enough to change the world for them. Words that recognition has not
 * closed may still turn out otherwise, so an effect waits until they are confirmed, or nobody contradicted them for as
 * long as a final transcript may take.
 */
export interface Commitment {
  /** Resolves when the words count, or `signal` has aborted; undefined where they count already. */
  readonly pending: Promise<void> | undefined;
  /** Recognition has closed the words. */
  confirm(): void;
}

export interface CommitmentOptions {
  /** Longest wait for the final transcript. */
  finalWithinMs: number;
  signal: AbortSignal;
  after(ms: number, run: () => void): () => void;
}

export const committed: Commitment = { pending: undefined, confirm: () => undefined };

export function awaitFinal({ finalWithinMs, signal, after }: CommitmentOptions): Commitment {
  const { promise: pending, resolve: confirm } = Promise.withResolvers<void>();
  const forget = after(finalWithinMs, confirm);
  signal.addEventListener('abort', () => confirm(), { once: true });
  void pending.then(forget);
  return { pending, confirm };
}

const told = new WeakSet<Commitment>();

/** Waits until the words count. The first to wait tells how long that was: a wait that was chosen, and no work. */
export async function untilCommitted(
  work: Pick<ReplyWork, 'commitment' | 'turn' | 'epoch' | 'speak' | 'monotonicUs'>,
): Promise<void> {
  const { commitment, turn, epoch, speak, monotonicUs } = work;
  const startedUs = monotonicUs();
  await commitment.pending;
  if (told.has(commitment)) return;
  told.add(commitment);
  speak({ type: 'waited', turn, epoch, ms: Math.round((monotonicUs() - startedUs) / 1000) });
}
