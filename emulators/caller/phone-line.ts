/**
 * The phone line of the ACS stand-in as a caller sees it: JSON events, an ear frame every 20 ms, a microphone queue. Audio is
 * 16-bit mono PCM at 16 kHz; `atUs` is the machine's monotonic clock, comparable between processes.
 */
import { WebSocket } from 'ws';
import { z } from 'zod';

const at = { atUs: z.number() };
const lineEvent = z.discriminatedUnion('event', [
  z.object({ event: z.literal('incoming'), from: z.string(), to: z.string(), correlationId: z.string() }),
  z.object({ event: z.literal('ringing'), correlationId: z.string(), callConnectionId: z.string().optional() }),
  z.object({ event: z.literal('answered'), callConnectionId: z.string(), ...at }),
  z.object({ event: z.literal('media-open'), ...at }),
  z.object({ event: z.literal('failed'), reason: z.string() }),
  z.object({ event: z.literal('stop-audio'), discardedMs: z.number(), ...at }),
  z.object({ event: z.literal('mic-started'), ...at }),
  z.object({ event: z.literal('mic-idle'), framesAfterStop: z.number(), ...at }),
  z.object({ event: z.literal('mark'), name: z.string(), ...at }),
  z.object({ event: z.literal('dtmf'), tone: z.string() }),
  z.object({ event: z.literal('hold'), on: z.boolean() }),
  z.object({
    event: z.literal('ended'),
    by: z.enum(['caller', 'app', 'service']),
    code: z.number(),
    subCode: z.number(),
  }),
]);
export type LineEvent = z.infer<typeof lineEvent>;

/** 20 ms at the ear. `pcm` is overwritten by the next frame. */
export interface EarFrame {
  index: number;
  /** The app's audio was really played in this frame. */
  played: boolean;
  atUs: number;
  pcm: Int16Array;
}

export type LineCommand =
  | { do: 'dtmf'; tone: string }
  | { do: 'hang-up' }
  | { do: 'clear-mic' }
  | { do: 'mark'; name: string }
  | { do: 'answer' }
  | { do: 'decline' };

export interface PhoneLine {
  send(command: LineCommand): void;
  /** Appends samples to the microphone queue. */
  speak(pcm: Int16Array): void;
  close(): void;
}

export interface LineListener {
  event(event: LineEvent): void;
  frame(frame: EarFrame): void;
  /** The socket is gone. */
  closed(code: number, reason: string): void;
}

const HEADER_BYTES = 16;
const FRAME_SAMPLES = 320;

/** Opens the line; resolves when the socket is open. */
export function openPhoneLine(url: URL, listener: LineListener, signal?: AbortSignal): Promise<PhoneLine> {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const socket = new WebSocket(url, { perMessageDeflate: false });
    const frame: EarFrame = { index: 0, played: false, atUs: 0, pcm: new Int16Array(FRAME_SAMPLES) };
    const pcmBytes = Buffer.from(frame.pcm.buffer);
    const abort = (): void => socket.terminate();
    signal?.addEventListener('abort', abort, { once: true });

    socket.on('open', () =>
      resolve({
        send: command => socket.send(JSON.stringify(command)),
        speak: pcm => socket.send(Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength)),
        close: () => socket.close(1000),
      }),
    );
    socket.on('message', (data, isBinary) => {
      const bytes = data as Buffer;
      if (!isBinary) {
        const event = lineEvent.safeParse(JSON.parse(bytes.toString('utf8')));
        if (event.success) listener.event(event.data); // events of a newer line are not ours to judge
        return;
      }
      if (bytes.length !== HEADER_BYTES + FRAME_SAMPLES * 2) return;
      frame.index = bytes.readUInt32LE(0);
      frame.played = (bytes.readUInt32LE(4) & 1) === 1;
      frame.atUs = bytes.readDoubleLE(8);
      bytes.copy(pcmBytes, 0, HEADER_BYTES);
      listener.frame(frame);
    });
    socket.on('error', error => {
      reject(
        new Error(`No phone line at ${url.origin}: ${error.message}. Is the ACS stand-in running?`, { cause: error }),
      );
    });
    socket.on('close', (code, reason) => {
      signal?.removeEventListener('abort', abort);
      reject(new Error(`The phone line at ${url.origin} closed at once (${code}).`));
      listener.closed(code, reason.toString());
    });
  });
}

/** The monotonic clock in microseconds, as `atUs` counts. */
export function nowUs(): number {
  return Number(process.hrtime.bigint() / 1000n);
}
