import { CallError } from '../../contracts/error.ts';
import type { StreamingMode } from '../../contracts/media.ts';
import { createCall } from '../call.ts';

/** How a call of each mode is made; a mode without an entry is not offered here. */
const makers: { readonly [M in StreamingMode]?: typeof createCall } = { media: createCall };

/** @throws CallError MODE_NOT_AVAILABLE: at start, and before a call of that mode is answered. */
export function callMaker(mode: StreamingMode): typeof createCall {
  const maker = makers[mode];
  if (!maker) throw new CallError('MODE_NOT_AVAILABLE', { mode, known: Object.keys(makers).join(', ') });
  return maker;
}
