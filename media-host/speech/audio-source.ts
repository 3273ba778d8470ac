import { AudioConfig, AudioInputStream, AudioStreamFormat } from './azure-sdk.ts';

/**
 * The caller's sound as the Speech SDK reads it. The SDK's own push stream regroups what it is given into messages of
 * 100 ms, which costs 40 ms on average; this one hands on each frame as it comes, joins frames only when the reader is
 * behind, and keeps no more than `boundMs`: then the oldest sound goes, and `dropped` is told.
 *
 * It also ends a loop that the SDK cannot leave: into a socket that has just died it sends all it keeps, is refused, and
 * begins again, from microtasks alone, so that no event of any call gets through, the end of that socket neither.
 */
export interface AudioSource {
  readonly config: AudioConfig;
  write(pcm: ArrayBuffer): void;
  close(): void;
}

export interface AudioSourceOptions {
  /** @default 30000 */
  boundMs?: number;
  /** Told how many ms of sound nobody will hear. */
  dropped?: (ms: number) => void;
}

interface Chunk {
  buffer: ArrayBuffer | null;
  isEnd: boolean;
  timeReceived: number;
}

/** Sound that the SDK repeats when it is not sure that it was heard: by `slice`, and nothing else does that to it. */
type Kept = ArrayBuffer & { repeatedIn?: number; repeats?: number };

/** In one turn of the event loop sound is repeated when one connection takes another's place. More is that loop. */
const mostRepeats = 8;
let loopTurn = 0;
let turning = false;

function repeated(this: Kept, from?: number, to?: number): ArrayBuffer {
  if (!turning) {
    turning = true;
    setImmediate(() => {
      turning = false;
      loopTurn++;
    });
  }
  this.repeats = this.repeatedIn === loopTurn ? (this.repeats ?? 0) + 1 : 1;
  this.repeatedIn = loopTurn;
  // The SDK takes this for the end of its recognition and says so.
  if (this.repeats > mostRepeats) throw new Error('The connection is gone: connection');
  return ArrayBuffer.prototype.slice.call(this, from ?? 0, to);
}

const kept = (pcm: ArrayBuffer): ArrayBuffer => Object.assign(pcm, { slice: repeated });

const bytesPerMs = 32;
const joinUpToBytes = 100 * bytesPerMs;

export function createAudioSource({ boundMs = 30_000, dropped }: AudioSourceOptions = {}): AudioSource {
  const stream = AudioInputStream.createPushStream(AudioStreamFormat.getWaveFormatPCM(16_000, 16, 1));
  let waiting: ArrayBuffer[] = [];
  let waitingBytes = 0;
  let reader: ((chunk: Chunk) => void) | undefined;
  let ended = false;

  const take = (): Chunk => {
    const first = waiting[0];
    if (!first) return { buffer: null, isEnd: true, timeReceived: Date.now() };
    let bytes = first.byteLength;
    let count = 1;
    while (count < waiting.length && bytes + (waiting[count]?.byteLength ?? 0) <= joinUpToBytes)
      bytes += waiting[count++]?.byteLength ?? 0;
    const parts = waiting.splice(0, count);
    waitingBytes -= bytes;
    if (parts.length === 1) return { buffer: kept(first), isEnd: false, timeReceived: Date.now() };
    const joined = new Uint8Array(bytes);
    let at = 0;
    for (const part of parts) {
      joined.set(new Uint8Array(part), at);
      at += part.byteLength;
    }
    return { buffer: kept(joined.buffer), isEnd: false, timeReceived: Date.now() };
  };

  const serve = () => {
    if (!reader || (waiting.length === 0 && !ended)) return;
    const give = reader;
    reader = undefined;
    give(take());
  };

  // The SDK calls only `attach(id)` for the audio itself; the rest of its stream (format, device, events) stays as it is.
  const inner = stream as unknown as { attach(id: string): Promise<{ read(): Promise<Chunk> }> };
  const attach = inner.attach.bind(stream);
  inner.attach = async id => ({
    ...(await attach(id)),
    read: () =>
      new Promise<Chunk>(resolve => {
        reader = resolve;
        serve();
      }),
  });

  return {
    config: AudioConfig.fromStreamInput(stream),
    write: pcm => {
      if (ended || pcm.byteLength === 0) return;
      waiting.push(pcm);
      waitingBytes += pcm.byteLength;
      while (waitingBytes > boundMs * bytesPerMs) {
        const oldest = waiting.shift()?.byteLength ?? 0;
        waitingBytes -= oldest;
        dropped?.(oldest / bytesPerMs);
      }
      serve();
    },
    close: () => {
      ended = true;
      waiting = [];
      waitingBytes = 0;
      serve();
    },
  };
}
