import { AudioConfig, AudioInputStream, AudioStreamFormat } from './azure-sdk.ts';

/**
 * The caller's sound as the Speech SDK reads it. The SDK's own push stream regroups what it is given into messages of
 * 100 ms, which costs 40 ms on average; this one hands on each frame as it comes, joins frames only when the reader is
 * behind, and keeps no more than `boundMs`: then the oldest sound goes, and `dropped` is told.
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
    if (parts.length === 1) return { buffer: first, isEnd: false, timeReceived: Date.now() };
    const joined = new Uint8Array(bytes);
    let at = 0;
    for (const part of parts) {
      joined.set(new Uint8Array(part), at);
      at += part.byteLength;
    }
    return { buffer: joined.buffer, isEnd: false, timeReceived: Date.now() };
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
