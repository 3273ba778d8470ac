/**
 * The offline voice: text as an audible tone code, so that a test can tell which words reached an ear after resampling,
 * framing and barge-in cuts. Pure: no clock, no I/O.
 */
export type { Band, ToneWord } from './alphabet.ts';
export { wordsOf } from './alphabet.ts';
export { createToneDecoder, type ToneDecoder } from './decode.ts';
export { encodeText, encodeWord } from './encode.ts';
export { createEveryBandDecoder } from './every-band.ts';
