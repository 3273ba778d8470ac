import { type CodedRun, readFrame } from './coded-speech.ts';
import type { WordBook } from './word-book.ts';

/**
 * The carrier and the caller's ear: plays what the call sends as ACS does, a frame after the other, until StopAudio
 * empties it. It knows nothing of the call's own bookkeeping: what was heard is read from the sound itself.
 */
export interface Line {
  /** A message of the call. */
  take(message: Buffer): void;
  /** Time has come so far. */
  pass(): void;
  /** Words that sounded to their end, in order. */
  readonly heard: readonly HeardWord[];
  /** Words that began to sound. */
  readonly begun: readonly HeardWord[];
  readonly stops: readonly number[];
  /** When each message with sound was sent, whose word it began with, and how many times StopAudio was sent before it. */
  readonly sent: readonly { at: number; word: number | undefined; gain: number; afterStops: number }[];
  /** Stretches in which the agent could be heard. */
  readonly audible: readonly { from: number; until: number }[];
  mostLeadMs(): number;
  /** All that was sent has been played. */
  idle(): boolean;
  /** The sound that was played `ms` ago, if there was any. */
  playedBefore(ms: number): Int16Array | undefined;
  /** What was wrong with the sound itself. */
  readonly faults: readonly string[];
}

export interface HeardWord {
  word: number;
  text: string;
  utterance: number;
  at: number;
}

interface Frame {
  playAt: number;
  pcm: Int16Array;
  runs: CodedRun[];
}

const frameMs = 20;
const rememberMs = 400;
const dataKey = Buffer.from('"data":"');

export function createLine(now: () => number, book: WordBook): Line {
  let queue: Frame[] = [];
  let recent: Frame[] = [];
  let busyUntil = 0;
  let most = 0;
  const heard: HeardWord[] = [];
  const begun: HeardWord[] = [];
  const stops: number[] = [];
  const sent: { at: number; word: number | undefined; gain: number; afterStops: number }[] = [];
  const audible: { from: number; until: number }[] = [];
  const faults: string[] = [];
  let before: { word: number; next: number } | undefined;

  const sounds = (from: number, until: number) => {
    const last = audible.at(-1);
    if (last && from - last.until < 1) last.until = until;
    else audible.push({ from, until });
  };

  const hear = ({ playAt, runs }: Frame, ms: number) => {
    for (const { word, from, to, atMs } of runs) {
      if (atMs >= ms) return;
      const blocks = Math.min(to - from, Math.floor((ms - atMs) / 2));
      if (blocks <= 0) return;
      sounds(playAt + atMs, playAt + atMs + blocks * 2);
      const known = book.word(word);
      const entry = (at: number) => ({ word, text: known.text, utterance: known.utterance, at });
      if (from === 0) begun.push(entry(playAt + atMs));
      else if (before?.word !== word || before.next !== from)
        faults.push(`"${known.text}" goes on at ${from * 2} ms, which does not follow what sounded before`);
      before = { word, next: from + blocks };
      if (from + blocks === known.ms / 2) heard.push(entry(playAt + atMs + blocks * 2));
    }
  };

  const pass = () => {
    const at = now();
    while (queue[0] && queue[0].playAt + frameMs <= at) {
      const frame = queue.shift() as Frame;
      hear(frame, frameMs);
      recent.push(frame);
      if (recent.length > rememberMs / frameMs) recent = recent.slice(-rememberMs / frameMs / 2);
    }
  };

  const stop = () => {
    pass();
    const at = now();
    for (const frame of queue) if (frame.playAt < at) hear(frame, at - frame.playAt);
    queue = [];
    busyUntil = at;
    stops.push(at);
  };

  const sound = (message: Buffer) => {
    const start = message.indexOf(dataKey) + dataKey.length;
    const bytes = Buffer.from(message.toString('latin1', start, message.indexOf(0x22, start)), 'base64');
    const pcm = new Int16Array(new Uint8Array(bytes).buffer);
    const at = now();
    if (pcm.length !== 320) faults.push(`a frame of ${pcm.length} samples`);
    const runs = readFrame(pcm);
    const playAt = Math.max(at, busyUntil);
    busyUntil = playAt + frameMs;
    most = Math.max(most, busyUntil - at);
    queue.push({ playAt, pcm, runs });
    sent.push({ at, word: runs[0]?.word, gain: runs[0]?.gain ?? 0, afterStops: stops.length });
  };

  return {
    take: message => (message.includes('"stopAudio","stopAudio"') ? stop() : sound(message)),
    pass,
    heard,
    begun,
    stops,
    sent,
    audible,
    faults,
    mostLeadMs: () => most,
    idle: () => queue.length === 0,
    playedBefore: ms => {
      const at = now() - ms;
      return recent.find(frame => frame.playAt <= at && at < frame.playAt + frameMs)?.pcm;
    },
  };
}
