import { createGain } from '../audio/gain.ts';

/**
 * The agent's voice on its way to the caller: sound is sent no faster than it is played, with at most `leadMs` waiting
 * inside ACS, because ACS tells nobody what it has played. The clock kept here is how the call knows which words
 * reached the ear. Times are milliseconds of one clock; sound is PCM 16 bit mono.
 */
export interface Playout {
  /** A new reply: nothing of older utterances will be asked for. */
  begin(): void;
  /** Appends sound of one utterance. Nothing is sent before `release`. */
  append(utterance: number, pcm: Uint8Array): void;
  /** The utterance is complete: its last, shorter frame may be filled with silence. */
  finish(utterance: number): void;
  /** Lets the queue go out from now on. */
  release(): void;
  /** Sends what is due. */
  pump(): void;
  /** How loud all that is sent from now on is, as a factor; it slides there within one frame. */
  gain(factor: number): void;
  /** Forgets everything unsent and holds again. @returns what was given up. */
  clear(): Given;
  /**
   * Holds, and takes back what ACS had not played when StopAudio emptied it. `back` is asked, for the utterance that was
   * cut, which of its milliseconds to begin at again, given how many were played.
   */
  hold(back: (utterance: number, playedMs: number) => number): Given;
  /** Milliseconds of an utterance that have reached the ear. */
  playedMs(utterance: number): number;
  /** The utterance that reaches the ear now, or did last. */
  playing(): number | undefined;
  /** When all that was sent will have been played; undefined before anything was sent. */
  drainsAt(): number | undefined;
  /** Sound that waits here, and sound that waits inside ACS. */
  unsentMs(): number;
  leadMs(): number;
}

export interface Given {
  unsentMs: number;
  unplayedMs: number;
}

interface Chunk {
  utterance: number;
  /** Position of its first byte within the utterance's sound. */
  from: number;
  pcm: Uint8Array;
}

/** A run of an utterance's sound that plays without a gap. */
interface Run {
  utterance: number;
  startsAt: number;
  /** Position of its first sample within the utterance, and how much of it was sent: milliseconds. */
  fromMs: number;
  sentMs: number;
}

interface Stretch {
  startsAt: number;
  sentMs: number;
}

export interface PlayoutOptions {
  sampleRate: number;
  leadMs: number;
  now: () => number;
  /** Somebody takes what is sent; until then nothing is. @default always */
  ready?: () => boolean;
  /** Writes one frame of sound, which begins with this utterance. The bytes are only lent. */
  send: (pcm: Uint8Array, utterance: number) => void;
}

const frameMs = 20;
/** Sound that was sent is kept so long: a held sentence begins again at the word that was cut, and no word is longer. */
const keptMs = 3000;

export function createPlayout({ sampleRate, leadMs, now, ready = () => true, send }: PlayoutOptions): Playout {
  const bytesPerMs = (sampleRate * 2) / 1000;
  const frameBytes = frameMs * bytesPerMs;
  const frame = new Uint8Array(frameBytes);
  const loudness = createGain(new Int16Array(frame.buffer));
  let queue: Chunk[] = [];
  let queuedBytes = 0;
  let sent: Chunk[] = [];
  let sentBytes = 0;
  let open = false;
  const unfinished = new Set<number>();
  const appended = new Map<number, number>();
  /** A stretch is sound that plays without a gap; it begins when ACS had nothing left to play. */
  let stretch: Stretch | undefined;
  let runs: Run[] = [];

  const lead = (at: number) => (stretch ? Math.max(0, stretch.startsAt + stretch.sentMs - at) : 0);

  const keep = (chunk: Chunk) => {
    sent.push(chunk);
    sentBytes += chunk.pcm.length;
    while (sent[0] && sentBytes - sent[0].pcm.length > keptMs * bytesPerMs) sentBytes -= sent.shift()?.pcm.length ?? 0;
  };

  const sendFrame = (at: number) => {
    if (!stretch || stretch.startsAt + stretch.sentMs <= at) stretch = { startsAt: at, sentMs: 0 };
    const first = queue[0]?.utterance ?? 0;
    let filled = 0;
    while (filled < frameBytes && queue[0]) {
      const chunk = queue[0];
      const part = Math.min(frameBytes - filled, chunk.pcm.length);
      const whole = part === chunk.pcm.length;
      const piece = whole ? chunk.pcm : chunk.pcm.subarray(0, part);
      frame.set(piece, filled);
      noteSent(chunk, stretch.startsAt + stretch.sentMs + filled / bytesPerMs, part / bytesPerMs);
      keep(whole ? chunk : { ...chunk, pcm: piece });
      if (whole) queue.shift();
      else queue[0] = { utterance: chunk.utterance, from: chunk.from + part, pcm: chunk.pcm.subarray(part) };
      filled += part;
    }
    queuedBytes -= filled;
    if (filled < frameBytes) frame.fill(0, filled);
    stretch.sentMs += frameMs;
    loudness.apply();
    send(frame, first);
  };

  const noteSent = ({ utterance, from }: Chunk, startsAt: number, ms: number) => {
    const last = runs.at(-1);
    if (last?.utterance === utterance && Math.abs(last.startsAt + last.sentMs - startsAt) < 0.01) last.sentMs += ms;
    else runs.push({ utterance, startsAt, fromMs: from / bytesPerMs, sentMs: ms });
  };

  const pump = () => {
    if (!open || !ready()) return;
    const at = now();
    while (queuedBytes >= frameBytes || (queuedBytes > 0 && unfinished.size === 0)) {
      if (lead(at) + frameMs > leadMs) return;
      sendFrame(at);
    }
  };

  const unsent = () => Math.round(queuedBytes / bytesPerMs);

  /** What ACS had not played when StopAudio empties it never reached the ear. */
  const empty = (at: number): Given => {
    const given = { unsentMs: unsent(), unplayedMs: Math.round(lead(at)) };
    for (const run of runs) run.sentMs = Math.min(run.sentMs, Math.max(0, at - run.startsAt));
    runs = runs.filter(run => run.sentMs > 0);
    stretch = undefined;
    open = false;
    loudness.reset();
    return given;
  };

  const playedUpTo = (utterance: number, at: number): number => {
    let upTo = 0;
    for (const run of runs) {
      if (run.utterance !== utterance || run.startsAt > at) continue;
      upTo = Math.max(upTo, run.fromMs + Math.min(run.sentMs, at - run.startsAt));
    }
    return upTo;
  };

  const playing = (at: number): number | undefined => {
    let last: number | undefined;
    for (const run of runs) if (run.startsAt <= at) last = run.utterance;
    return last;
  };

  return {
    begin: () => {
      runs = [];
      appended.clear();
    },
    append: (utterance, pcm) => {
      if (pcm.length === 0) return;
      unfinished.add(utterance);
      const from = appended.get(utterance) ?? 0;
      appended.set(utterance, from + pcm.length);
      queue.push({ utterance, from, pcm });
      queuedBytes += pcm.length;
      pump();
    },
    finish: utterance => {
      unfinished.delete(utterance);
      pump();
    },
    release: () => {
      open = true;
      pump();
    },
    pump,
    gain: loudness.slideTo,
    clear: () => {
      const given = empty(now());
      queue = [];
      queuedBytes = 0;
      sent = [];
      sentBytes = 0;
      unfinished.clear();
      return given;
    },
    hold: back => {
      const at = now();
      const cut = playing(at);
      const playedMs = cut === undefined ? 0 : playedUpTo(cut, at);
      const given = empty(at);
      const begin = cut === undefined ? 0 : 2 * Math.floor((Math.min(playedMs, back(cut, playedMs)) * bytesPerMs) / 2);
      const again: Chunk[] = [];
      let cutSeen = cut === undefined;
      for (const chunk of sent) {
        if (chunk.utterance === cut) {
          cutSeen = true;
          const skip = Math.min(chunk.pcm.length, Math.max(0, begin - chunk.from));
          if (skip < chunk.pcm.length) again.push({ ...chunk, from: chunk.from + skip, pcm: chunk.pcm.subarray(skip) });
        } else if (cutSeen) again.push(chunk);
      }
      queue = [...again, ...queue];
      queuedBytes = queue.reduce((total, chunk) => total + chunk.pcm.length, 0);
      sent = [];
      sentBytes = 0;
      return given;
    },
    playedMs: utterance => playedUpTo(utterance, now()),
    playing: () => playing(now()),
    drainsAt: () => (stretch ? stretch.startsAt + stretch.sentMs : undefined),
    unsentMs: unsent,
    leadMs: () => lead(now()),
  };
}
