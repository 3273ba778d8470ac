import type { Voice, VoiceListener } from './voice.ts';

/**
 * A voice that keeps what it says: greetings and other sentences that are the same in every call are made once and then
 * there at once. Calls that want a sentence while it is being made share the making. What was cut or failed is not kept.
 */
export interface FixedSentences extends Voice {
  /** Makes the sentence ahead, one at a time. A failure is nobody's: it is made when it is wanted. */
  prepare(ssml: string): void;
  /** All of it is there: it will be told before `speak` waits for anything. */
  has(ssml: string): boolean;
  readonly gauge: FixedGauge;
}

export interface FixedGauge {
  kept: number;
  bytes: number;
  hits: number;
  misses: number;
}

interface Recording {
  chunks: ArrayBuffer[];
  words: { text: string; offsetMs: number; durationMs: number }[];
  bytes: number;
  listeners: Set<VoiceListener>;
  done: Promise<{ ms: number }>;
  /** Undefined while it is being made. */
  ms?: number;
}

/** @param mostBytes of sound kept; the sentence that was not wanted for longest goes first. 16 MB are eight minutes. */
export function createFixedSentences(voice: Voice, mostBytes = 16 * 1024 * 1024): FixedSentences {
  /** By SSML, which names voice, rate, language and text; the one wanted last stands last. */
  const recordings = new Map<string, Recording>();
  const ahead: string[] = [];
  let preparing = false;
  const closing = new AbortController();
  const gauge: FixedGauge = { kept: 0, bytes: 0, hits: 0, misses: 0 };

  const make = (ssml: string): Recording => {
    const recording: Recording = { chunks: [], words: [], bytes: 0, listeners: new Set(), done: nothing };
    recordings.set(ssml, recording);
    // Its own signal: a caller who interrupts does not cut it for the others.
    recording.done = voice.speak(ssml, keeping(recording), closing.signal).then(
      spoken => {
        recording.ms = spoken.ms;
        if (closing.signal.aborted || recording.bytes === 0 || recording.bytes > mostBytes) recordings.delete(ssml);
        else keep(recording);
        return spoken;
      },
      (error: unknown) => {
        recordings.delete(ssml);
        throw error;
      },
    );
    return recording;
  };

  const keep = (recording: Recording) => {
    gauge.kept++;
    gauge.bytes += recording.bytes;
    for (const [key, { ms, bytes }] of recordings) {
      if (gauge.bytes <= mostBytes) return;
      if (ms === undefined) continue;
      recordings.delete(key);
      gauge.kept--;
      gauge.bytes -= bytes;
    }
  };

  const prepareNext = () => {
    if (preparing) return;
    const ssml = ahead.shift();
    if (ssml === undefined) return;
    if (recordings.has(ssml)) return prepareNext();
    preparing = true;
    const over = () => {
      preparing = false;
      prepareNext();
    };
    make(ssml).done.then(over, over);
  };

  return {
    get gauge() {
      return { ...gauge };
    },
    prepare: ssml => {
      if (!ahead.includes(ssml)) ahead.push(ssml);
      prepareNext();
    },
    has: ssml => recordings.get(ssml)?.ms !== undefined,
    speak: async (ssml, listener, signal) => {
      const known = recordings.get(ssml);
      if (known) {
        gauge.hits++;
        recordings.delete(ssml);
        recordings.set(ssml, known);
      } else gauge.misses++;
      const recording = known ?? make(ssml);
      for (const word of recording.words) listener.word(word);
      for (const chunk of recording.chunks) listener.sound(chunk.slice(0));
      if (recording.ms !== undefined) return { ms: recording.ms };
      return follow(recording, listener, signal);
    },
    close: async () => {
      ahead.length = 0;
      closing.abort();
      recordings.clear();
      await voice.close();
    },
  };
}

const nothing = Promise.resolve({ ms: 0 });

/** Keeps what comes, and hands it on to all who listen. */
function keeping(recording: Recording): VoiceListener {
  return {
    sound: pcm => {
      recording.chunks.push(pcm);
      recording.bytes += pcm.byteLength;
      for (const listener of recording.listeners) listener.sound(pcm.slice(0));
    },
    word: word => {
      recording.words.push(word);
      for (const listener of recording.listeners) listener.word(word);
    },
  };
}

/** Listens along to its end, or until the signal aborts. */
function follow({ listeners, done }: Recording, listener: VoiceListener, signal: AbortSignal): Promise<{ ms: number }> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return resolve({ ms: 0 });
    let ms = 0;
    const mine: VoiceListener = {
      sound: pcm => {
        ms += pcm.byteLength / 32;
        listener.sound(pcm);
      },
      word: word => listener.word(word),
    };
    listeners.add(mine);
    const leave = () => {
      listeners.delete(mine);
      signal.removeEventListener('abort', cut);
    };
    const cut = () => {
      leave();
      resolve({ ms: Math.round(ms) });
    };
    signal.addEventListener('abort', cut, { once: true });
    done.then(resolve, reject).finally(leave);
  });
}
