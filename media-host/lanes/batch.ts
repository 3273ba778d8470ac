import type { Post } from './lane.ts';
import type { SoundMessage, SoundWriter } from './sound-ring.ts';

/**
 * Messages of one turn of the event loop travel between threads together: a hundred calls' frames cost one crossing. What is
 * in no hurry waits a little for company. Sound that comes in goes beside them, through memory that both threads see;
 * `after` says where each message stands among it.
 */
export interface Parcel<Out> {
  messages: Out[];
  after: number[];
}

/** A voice is made faster than it is heard, and its beginning is told by a message of its own. */
const unhurried: ReadonlySet<unknown> = new Set(['sound-out', 'word']);
const companyMs = 10;

/** @param send `undefined`: nothing but sound. */
export function batching<Out>(
  send: (parcel: Parcel<Out> | undefined, transfer: ArrayBuffer[]) => void,
  sounds?: SoundWriter,
): Post<Out> {
  let parcel: Parcel<Out> = { messages: [], after: [] };
  let buffers: ArrayBuffer[] = [];
  let soon = false;
  let later: NodeJS.Timeout | undefined;
  let posted = 0;

  const flush = () => {
    soon = false;
    clearTimeout(later);
    later = undefined;
    if (parcel.messages.length === 0) {
      if (sounds?.wakes()) send(undefined, []);
      return;
    }
    const out = parcel;
    const transfer = buffers;
    parcel = { messages: [], after: [] };
    buffers = [];
    send(out, transfer);
  };

  const flushSoon = () => {
    if (!soon) setImmediate(flush);
    soon = true;
  };

  return (message, transfer) => {
    const type = typeOf(message);
    if (unhurried.has(type)) later ??= setTimeout(flush, companyMs);
    else flushSoon();
    if (sounds && type === 'sound') {
      if (sounds.write(message as SoundMessage, posted)) return;
      // No room: the reader is far behind. The message is later than the sound before it and costs more; nothing is lost.
      parcel.messages.push({ ...message, pcm: (message as SoundMessage).pcm.slice() });
    } else parcel.messages.push(message);
    if (sounds) parcel.after.push(sounds.written);
    posted = (posted + 1) | 0;
    if (transfer) buffers.push(...transfer);
  };
}

const typeOf = (message: unknown): unknown => (message as { type?: unknown }).type;
