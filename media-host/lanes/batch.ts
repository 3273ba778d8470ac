import type { Post } from './lane.ts';
import type { SoundMessage, SoundWriter } from './sound-ring.ts';

/**
 * Messages of one turn of the event loop travel between threads together: a hundred calls' frames cost one crossing. Sound
 * goes beside them, through memory that both threads see; `after` says where each message stands among it.
 */
export interface Parcel<Out> {
  messages: Out[];
  after: number[];
}

/** @param send `undefined`: nothing but sound. */
export function batching<Out>(
  send: (parcel: Parcel<Out> | undefined, transfer: ArrayBuffer[]) => void,
  sounds?: SoundWriter,
): Post<Out> {
  let parcel: Parcel<Out> = { messages: [], after: [] };
  let buffers: ArrayBuffer[] = [];
  let soon = false;
  let posted = 0;

  const flush = () => {
    soon = false;
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

  return (message, transfer) => {
    if (!soon) setImmediate(flush);
    soon = true;
    if (sounds && isSound(message)) {
      if (sounds.write(message, posted)) return;
      // No room: the reader is far behind. The message is later than the sound before it and costs more; nothing is lost.
      parcel.messages.push({ ...message, pcm: message.pcm.slice() });
    } else parcel.messages.push(message);
    if (sounds) parcel.after.push(sounds.written);
    posted = (posted + 1) | 0;
    if (transfer) buffers.push(...transfer);
  };
}

const isSound = (message: unknown): message is SoundMessage => (message as { type?: unknown }).type === 'sound';
