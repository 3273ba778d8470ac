import type { Post } from './lane.ts';

/**
 * Messages of one turn of the event loop travel between threads together: a hundred calls' frames cost one crossing.
 */
export function batching<Out>(send: (messages: Out[], transfer: ArrayBuffer[]) => void): Post<Out> {
  let messages: Out[] = [];
  let buffers: ArrayBuffer[] = [];
  const flush = () => {
    const out = messages;
    const transfer = buffers;
    messages = [];
    buffers = [];
    send(out, transfer);
  };
  return (message, transfer) => {
    if (messages.length === 0) setImmediate(flush);
    messages.push(message);
    if (transfer) buffers.push(...transfer);
  };
}
