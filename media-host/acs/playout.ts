/**
 * The agent's voice on its way to the caller: sound is sent no faster than it is played, with at most `leadMs` waiting
 * inside ACS, because ACS tells nobody what it has played. The clock kept here is how the call knows which words
 * reached the ear. Times are milliseconds of one clock; sound is PCM 16 bit mono.
 */
export interface Playout {
  /** Appends sound of one utterance. Nothing is sent before `release`. */
  append(utterance: number, pcm: Uint8Array): void;
  /** The utterance is complete: its last, shorter frame may be filled with silence. */
  finish(utterance: number): void;
  /** Lets the queue go out from now on. */
  release(): void;
  /** Sends what is due. */
  pump(): void;
  /** Forgets everything unsent and holds again. @returns what was given up. */
  clear(): { unsentMs: number; unplayedMs: number };
  /** Milliseconds of an utterance that have reached the ear. */
  playedMs(utterance: number): number;
  /** When the ear gets the first sample of an utterance, or undefined while none has been sent. */
  startedAt(utterance: number): number | undefined;
  /** When all that was sent will have been played; undefined before anything was sent. */
  drainsAt(): number | undefined;
  /** Sound that waits here, and sound that waits inside ACS. */
  unsentMs(): number;
  leadMs(): number;
  /** True while sound is queued, in ACS, or still expected. */
  busy(): boolean;
}

interface Chunk {
  utterance: number;
  pcm: Uint8Array;
}

interface Stretch {
  startsAt: number;
  sentMs: number;
}

export interface PlayoutOptions {
  sampleRate: number;
  leadMs: number;
  now: () => number;
  /** Writes one frame of sound. The bytes are only lent. */
  send: (pcm: Uint8Array) => void;
}

const frameMs = 20;

export function createPlayout({ sampleRate, leadMs, now, send }: PlayoutOptions): Playout {
  const bytesPerMs = (sampleRate * 2) / 1000;
  const frameBytes = frameMs * bytesPerMs;
  const frame = new Uint8Array(frameBytes);
  let queue: Chunk[] = [];
  let queuedBytes = 0;
  let open = false;
  const unfinished = new Set<number>();
  /** A stretch is sound that plays without a gap; it begins when ACS had nothing left to play. */
  let stretch: Stretch | undefined;
  const spoken = new Map<number, { startsAt: number; sentMs: number }[]>();

  const lead = (at: number) => (stretch ? Math.max(0, stretch.startsAt + stretch.sentMs - at) : 0);

  const sendFrame = (at: number) => {
    if (!stretch || stretch.startsAt + stretch.sentMs <= at) stretch = { startsAt: at, sentMs: 0 };
    let filled = 0;
    while (filled < frameBytes && queue[0]) {
      const chunk = queue[0];
      const part = Math.min(frameBytes - filled, chunk.pcm.length);
      frame.set(part === chunk.pcm.length ? chunk.pcm : chunk.pcm.subarray(0, part), filled);
      noteSent(chunk.utterance, stretch.startsAt + stretch.sentMs + filled / bytesPerMs, part / bytesPerMs);
      if (part === chunk.pcm.length) queue.shift();
      else chunk.pcm = chunk.pcm.subarray(part);
      filled += part;
    }
    queuedBytes -= filled;
    if (filled < frameBytes) frame.fill(0, filled);
    stretch.sentMs += frameMs;
    send(frame);
  };

  const noteSent = (utterance: number, startsAt: number, ms: number) => {
    const parts = spoken.get(utterance) ?? [];
    const last = parts.at(-1);
    if (last && Math.abs(last.startsAt + last.sentMs - startsAt) < 0.01) last.sentMs += ms;
    else parts.push({ startsAt, sentMs: ms });
    spoken.set(utterance, parts);
  };

  const pump = () => {
    if (!open) return;
    const at = now();
    while (queuedBytes >= frameBytes || (queuedBytes > 0 && unfinished.size === 0)) {
      if (lead(at) + frameMs > leadMs) return;
      sendFrame(at);
    }
  };

  const unsent = () => Math.round(queuedBytes / bytesPerMs);

  return {
    append: (utterance, pcm) => {
      if (pcm.length === 0) return;
      unfinished.add(utterance);
      queue.push({ utterance, pcm });
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
    clear: () => {
      const at = now();
      const given = { unsentMs: unsent(), unplayedMs: Math.round(lead(at)) };
      // What ACS had not played when StopAudio empties it never reached the ear.
      for (const parts of spoken.values())
        for (const part of parts) part.sentMs = Math.min(part.sentMs, Math.max(0, at - part.startsAt));
      queue = [];
      queuedBytes = 0;
      unfinished.clear();
      stretch = undefined;
      open = false;
      return given;
    },
    playedMs: utterance => {
      const at = now();
      let played = 0;
      for (const part of spoken.get(utterance) ?? []) played += Math.min(part.sentMs, Math.max(0, at - part.startsAt));
      return played;
    },
    startedAt: utterance => spoken.get(utterance)?.[0]?.startsAt,
    drainsAt: () => (stretch ? stretch.startsAt + stretch.sentMs : undefined),
    unsentMs: unsent,
    leadMs: () => lead(now()),
    busy: () => queuedBytes > 0 || unfinished.size > 0 || lead(now()) > 0,
  };
}
