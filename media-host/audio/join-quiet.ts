/**
 * Joins frames while the caller has been quiet for a while: a message to speech recognition costs the processor far more
 * than the sound in it, and silence that ends no phrase is in no hurry. A voice, and the silence that tells its end, pass
 * frame by frame. Time is counted in sound; nothing is lost, and the order stays.
 */
export interface QuietJoiner {
  /** @param pcm is only lent. @returns what is to be sent now, in a buffer of its own; undefined while it waits for more. */
  push(pcm: Uint8Array, voiced: boolean): ArrayBuffer | undefined;
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
  const held = new Uint8Array(most);
  let heldBytes = 0;
  let quietBytes = 0;

  /** What waits and the sound that does not wait with it. */
  const joinedWith = (pcm: Uint8Array): ArrayBuffer => {
    const joined = new Uint8Array(heldBytes + pcm.length);
    joined.set(held.subarray(0, heldBytes));
    joined.set(pcm, heldBytes);
    heldBytes = 0;
    return joined.buffer;
  };

  return {
    push: (pcm, voiced) => {
      quietBytes = voiced ? 0 : quietBytes + pcm.length;
      const hurried = quietBytes <= afterMs * bytesPerMs;
      if (hurried || heldBytes + 2 * pcm.length > most) return joinedWith(pcm);
      held.set(pcm, heldBytes);
      heldBytes += pcm.length;
      return undefined;
    },
  };
}
