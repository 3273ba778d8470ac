/**
 * Passes on what `source` gives until `signal` aborts, and then ends at once, also where the source hangs and never looks
 * at the signal itself. One listener per stream and one promise per item: nothing outlives the stream.
 */
export async function* whileLive<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let giveUp: (() => void) | undefined;
  const aborted = () => giveUp?.();
  signal.addEventListener('abort', aborted);
  try {
    while (!signal.aborted) {
      const step = await new Promise<IteratorResult<T> | undefined>((resolve, reject) => {
        giveUp = () => resolve(undefined);
        iterator.next().then(resolve, reject);
      });
      if (!step || step.done || signal.aborted) return;
      yield step.value;
    }
  } finally {
    signal.removeEventListener('abort', aborted);
    // Not awaited: a source that hangs would hang here too, and what it still throws concerns nobody any more.
    void Promise.resolve(iterator.return?.()).then(undefined, () => undefined);
  }
}
