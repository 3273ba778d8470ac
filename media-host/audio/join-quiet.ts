/**
 * Joins frames while the caller has been quiet for a while: a message to speech recognition costs the processor far more
 * than the sound in it, and silence that ends no phrase is in no hurry. A voice, and the silence that tells its end, pass
 * frame by frame. Time is counted in sound; nothing is lost, and the order stays.
 */
export interface QuietJoiner {
  /** @returns what is to be sent now, in a buffer of its own or the given one; undefined while it waits for more. */
  push(pcm: Uint8Array<ArrayBuffer>, voiced: boolean): Uint8Array<ArrayBuffer> | undefined;
  /** What waits, as where the stream ends. */
  flush(): Uint8Array<ArrayBuffer> | undefined;
}

export interface QuietJoinerOptions {
  /** Quiet that passes frame by frame. Must outlast the silence by which recognition ends a phrase. @default 1000 */
  afterMs?: number;
  /** The most that is joined, and so the longest a quiet frame waits. @default 100 */
  joinMs?: number;
  /** @default 32, 16 kHz and 16 bit */
  bytesPerMs?: number;
}

export function joinQuiet({ afterMs = 1000, joinMs = 100, bytesPerMs = 32 }: QuietJoinerOptions = {}): QuietJoiner {
  const most = joinMs * bytesPerMs;
  let held: Uint8Array<ArrayBuffer>[] = [];
  let heldBytes = 0;
  let quietBytes = 0;

  const flush = (): Uint8Array<ArrayBuffer> | undefined => {
    const [only] = held;
    if (!only || held.length === 1) {
      held = [];
      heldBytes = 0;
      return only;
    }
    const joined = new Uint8Array(heldBytes);
    let at = 0;
    for (const part of held) {
      joined.set(part, at);
      at += part.length;
    }
    held = [];
    heldBytes = 0;
    return joined;
  };

  return {
    push: (pcm, voiced) => {
      quietBytes = voiced ? 0 : quietBytes + pcm.length;
      const hurried = quietBytes <= afterMs * bytesPerMs;
      if (hurried && held.length === 0) return pcm;
      held.push(pcm);
      heldBytes += pcm.length;
      return hurried || heldBytes + pcm.length > most ? flush() : undefined;
    },
    flush,
  };
}
