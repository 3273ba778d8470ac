import type { Post } from './lane.ts';
import type { SoundMessage, SoundWriter } from './sound-ring.ts';

/**
 * Messages of one turn of the event loop travel between threads together: a hundred calls' frames cost one crossing. What is
 * in no hurry waits a little for company. Sound that comes in goes beside them, through memory that both threads see;
 * `after` says where each message stands among it. To wake the other thread costs more than to copy a frame, so sound alone
 * does not wake it more than a thousand times a second.
 */
export interface Parcel<Out> {
  messages: Out[];
  after: number[];
}

/** A voice is made faster than it is heard, and its beginning is told by a message of its own. */
const unhurried: ReadonlySet<unknown> = new Set(['sound-out', 'word']);
const companyMs = 10;
const soundCompanyMs = 1;

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
  let waking = false;
  let wokenAt = 0;

  const wake = () => {
    waking = false;
    if (!sounds?.wakes()) return;
    wokenAt = performance.now();
    send(undefined, []);
  };

  const wakeSoon = () => {
    if (waking) return;
    waking = true;
    if (performance.now() - wokenAt >= soundCompanyMs) setImmediate(wake);
    else setTimeout(wake, soundCompanyMs);
  };

  const flush = () => {
    soon = false;
    clearTimeout(later);
    later = undefined;
    if (parcel.messages.length === 0) return;
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
    if (sounds && type === 'sound') {
      if (sounds.write(message as SoundMessage, posted)) return wakeSoon();
      // No room: the reader is far behind. The message is later than the sound before it and costs more; nothing is lost.
      parcel.messages.push({ ...message, pcm: (message as SoundMessage).pcm.slice() });
    } else parcel.messages.push(message);
    if (unhurried.has(type)) later ??= setTimeout(flush, companyMs);
    else flushSoon();
    if (sounds) parcel.after.push(sounds.written);
    posted = (posted + 1) | 0;
    if (transfer) buffers.push(...transfer);
  };
}

const typeOf = (message: unknown): unknown => (message as { type?: unknown }).type;
