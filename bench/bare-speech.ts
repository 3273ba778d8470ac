import { writeFile } from 'node:fs/promises';
import { encodeText } from '../emulators/tone/tone.ts';
import { bareSpeech } from './bare-sdk.ts';
import { frameClock } from './frame-clock.ts';
import { frameBytes, marksPerSource, nowUs, writeMark } from './frame-mark.ts';
import { callerSays, turnStarts } from './turns.ts';

/**
 * `node bench/bare-speech.ts '{…}'`: the Speech SDK alone, doing for as many calls what the media host has it do. It hears
 * the same sound in frames of 20 ms, gets the same recognitions, and has the same sentences made; nothing is received
 * from or sent to a caller: with a telephone it is bench/bare-cascade.ts. All of it runs in one thread.
 *
 * At the end of stdin the moments at which the frames were given to the SDK (µs, by number) go to the file.
 */
export interface BareOptions {
  host: string;
  key: string;
  calls: number;
  /** The first call is alone for so long; then the others begin, spread over `rampMs`. */
  aloneMs: number;
  rampMs: number;
  /** Numbers of the frames begin here. */
  marksFrom: number;
  file: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as BareOptions;
const frameMs = 20;
const speech = bareSpeech(options.host, options.key);
let pushed = 0;
const pushedUs = new Float64Array(marksPerSource);
const question = encodeText(callerSays, { sampleRate: 16_000 }).pcm;
const questionBytes = Buffer.from(question.buffer);
const starts = turnStarts();

function openCall(): () => void {
  const call = speech.converse(() => undefined);
  let ms = 0;
  let turn = 0;
  return () => {
    const pcm = new ArrayBuffer(frameBytes);
    const bytes = Buffer.from(pcm);
    const into = (ms - (starts[turn] ?? Number.POSITIVE_INFINITY)) * (frameBytes / frameMs);
    if (into >= 0) questionBytes.copy(bytes, 0, into, into + frameBytes);
    if (into + frameBytes >= questionBytes.length) turn++;
    ms += frameMs;
    if (pushed < marksPerSource) {
      writeMark(bytes, 0, options.marksFrom + pushed);
      pushedUs[pushed++] = nowUs();
    }
    call.hear(pcm);
  };
}

const joinClock = frameClock();
const open = (): void => void joinClock(openCall());
open();
setTimeout(() => {
  for (let i = 1; i < options.calls; i++) setTimeout(open, (i * options.rampMs) / options.calls);
}, options.aloneMs);

process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
process.stdin.resume().once('end', () => {
  void writeFile(options.file, pushedUs.subarray(0, pushed)).then(() =>
    process.exit(speech.done.failures === 0 ? 0 : 1),
  );
});
