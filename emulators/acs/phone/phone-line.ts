/**
 * A caller's end of a call: a WebSocket that carries what the ear hears and what the mouth says. Microphone audio waits
 * in a queue and is played on the 20 ms clock, so that a client may send a whole sentence at once.
 */
import type { WebSocket } from 'ws';
import type { Identifier } from '../identifiers.ts';
import { PcmQueue } from '../media/pcm-queue.ts';
import { toneWord } from './tones.ts';

const sampleRate = 16_000;
const frame = 640;
const header = 16;
const micLimitMs = 600_000;
/** A client that stops reading loses frames beyond this, bytes. */
const unreadLimit = 4 * 1024 * 1024;
const audible = 1;

export type PhoneEvent = { event: string } & Record<string, unknown>;

export interface PhoneEars {
  /** A key was pressed: the word of the tone. */
  tone(word: string): void;
  /** The person hung up, or the connection is gone. */
  hungUp(): void;
  /** Frames of app audio that arrived since the last StopAudio; 0 when there was none. */
  framesAfterStop(): number;
}

export class PhoneLine {
  readonly identifier: Identifier;
  readonly mic = new PcmQueue(sampleRate);
  readonly #socket: WebSocket;
  #ears: PhoneEars | undefined;
  #index = 0;
  #speaking = false;
  #spokenUs = 0;
  framesUnread = 0;

  constructor(identifier: Identifier, socket: WebSocket) {
    this.identifier = identifier;
    this.#socket = socket;
    socket.on('error', () => socket.terminate());
    socket.on('close', () => this.#ears?.hungUp());
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
  }

  /** Who is told about keys and hanging up from now on. */
  attach(ears: PhoneEars | undefined): void {
    this.#ears = ears;
  }

  get isOpen(): boolean {
    return this.#socket.readyState === this.#socket.OPEN;
  }

  tell(event: PhoneEvent): void {
    if (this.isOpen) this.#socket.send(JSON.stringify(event));
  }

  /** Last words, then close 1000. */
  end(event: PhoneEvent): void {
    this.#ears = undefined;
    this.tell(event);
    this.#socket.close(1000);
  }

  /** Puts one frame to the ear. @returns the frame's PCM, which nobody may change any more. */
  hear(pcm: Buffer | undefined, atUs: number): Buffer {
    const message = Buffer.allocUnsafe(header + frame);
    message.writeUInt32LE(this.#index++ >>> 0, 0);
    message.writeUInt32LE(pcm ? audible : 0, 4);
    message.writeDoubleLE(atUs, 8);
    if (pcm) pcm.copy(message, header);
    else message.fill(0, header);
    if (this.#socket.bufferedAmount > unreadLimit) this.framesUnread++;
    else if (this.isOpen) this.#socket.send(message);
    return message.subarray(header);
  }

  /** The next 20 ms of speech, or undefined when the person says nothing. Tells the phone where its audio is. */
  speak(atUs: number): Buffer | undefined {
    if (this.mic.bytes === 0) {
      if (this.#speaking) {
        this.#speaking = false;
        this.tell({ event: 'mic-idle', atUs: this.#spokenUs, framesAfterStop: this.#ears?.framesAfterStop() ?? 0 });
      }
      this.#tellMarks(atUs);
      return undefined;
    }
    if (!this.#speaking) this.tell({ event: 'mic-started', atUs });
    this.#speaking = true;
    this.#spokenUs = atUs;
    const speech = Buffer.allocUnsafe(frame);
    this.mic.take(speech);
    this.#tellMarks(atUs);
    return speech;
  }

  #tellMarks(atUs: number): void {
    if (!this.mic.hasMarks) return;
    for (const name of this.mic.takeMarks()) this.tell({ event: 'mark', name, atUs });
  }

  #receive(data: Buffer, isBinary: boolean): void {
    if (isBinary) {
      this.#queue(data);
      return;
    }
    let message: { do?: unknown; tone?: unknown; name?: unknown };
    try {
      message = JSON.parse(data.toString()) as typeof message;
    } catch (error) {
      this.#refuse(`Not JSON: ${(error as Error).message}`);
      return;
    }
    const tone = toneWord(String(message.tone));
    if (message.do === 'dtmf' && tone) this.#ears?.tone(tone);
    else if (message.do === 'hang-up') this.#ears?.hungUp();
    else if (message.do === 'clear-mic') this.mic.clear();
    else if (message.do === 'mark') this.mic.mark(String(message.name));
    else if (message.do !== 'answer' && message.do !== 'decline')
      this.#refuse(`Unknown: ${data.toString().slice(0, 80)}`);
  }

  #queue(pcm: Buffer): void {
    if (pcm.length % 2 === 1) {
      this.#refuse('Microphone audio is 16-bit: an even number of bytes.');
      return;
    }
    if (this.mic.ms + pcm.length / this.mic.bytesPerMs > micLimitMs) {
      this.#socket.close(1009, 'More than 10 minutes of microphone audio is waiting.');
      return;
    }
    this.mic.push(pcm);
  }

  #refuse(reason: string): void {
    this.#socket.close(1008, reason.slice(0, 120));
  }
}
