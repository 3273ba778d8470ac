/**
 * The audio of one leg: what waits to be played to the people, and what goes to the app 50 times a second. Lives through
 * reconnects of its socket; the queue and the counters stay.
 */
import { randomUUID } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { AcsFaults } from '../faults.ts';
import { nowUs } from './clock.ts';
import type { SampleRate } from './frames.ts';
import {
  audioFrame,
  audioMetadata,
  audioMiddle,
  dtmfData,
  frameBytes,
  parseOutbound,
  silentFrame,
  stampOf,
} from './frames.ts';
import { PcmQueue } from './pcm-queue.ts';
import { Resampler } from './resample.ts';

const phoneFrame = 640;
const phoneRate = 16_000;
/** An app that stops reading loses frames beyond this, bytes. */
const unreadLimit = 4 * 1024 * 1024;

export interface StreamCounters {
  /** Frames sent to the app. */
  framesOut: number;
  /** Messages and 20 ms frames of audio from the app. */
  messagesIn: number;
  framesIn: number;
  /** When the last audio of the app came, µs; 0 before any. */
  lastAudioUs: number;
  stopAudio: number;
  /** Messages that were neither audio nor stop. */
  ignored: number;
  /** Frames the app did not read in time. */
  unread: number;
  /** App audio dropped because the queue was full, ms. */
  droppedMs: number;
}

export interface StreamOptions {
  sampleRate: SampleRate;
  mixed: boolean;
  bidirectional: boolean;
  dtmf: boolean;
}

export class MediaStream {
  readonly options: StreamOptions;
  readonly queue: PcmQueue;
  readonly subscriptionId = randomUUID();
  readonly counters: StreamCounters = {
    framesOut: 0,
    messagesIn: 0,
    framesIn: 0,
    lastAudioUs: 0,
    stopAudio: 0,
    ignored: 0,
    unread: 0,
    droppedMs: 0,
  };
  /** Told when a StopAudio has emptied the queue. */
  onStop: (atUs: number, discardedMs: number) => void = () => undefined;
  readonly #faults: AcsFaults;
  readonly #log: (line: string) => void;
  readonly #frameBytes: number;
  readonly #middles = new Map<string | undefined, { text: string; resampler: Resampler | undefined }>();
  readonly #down: Resampler | undefined;
  readonly #frame: Buffer;
  #socket: WebSocket | undefined;
  #openedUs = 0;
  #held: string[] = [];
  #bytesAfterStop: number | undefined;

  constructor(options: StreamOptions, faults: AcsFaults, log: (line: string) => void) {
    this.options = options;
    this.#faults = faults;
    this.#log = log;
    this.#frameBytes = frameBytes(options.sampleRate);
    this.queue = new PcmQueue(options.sampleRate);
    this.#frame = Buffer.alloc(this.#frameBytes);
    this.#down = options.sampleRate === phoneRate ? undefined : new Resampler(options.sampleRate, phoneRate);
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** 20 ms frames that arrived since the last StopAudio; 0 when there was none. */
  get framesAfterStop(): number {
    return Math.ceil((this.#bytesAfterStop ?? 0) / this.#frameBytes);
  }

  /** Begins on a fresh socket: the metadata frame, then audio both ways. */
  attach(socket: WebSocket): void {
    this.#socket = socket;
    this.#openedUs = nowUs();
    this.#held = [];
    socket.send(audioMetadata(this.subscriptionId, this.options.sampleRate));
    socket.on('message', (data, isBinary) => this.#receive(data as Buffer, isBinary));
  }

  /** Lets go of the socket, or of `only` when that is still the one. @returns what was let go. */
  detach(only = this.#socket): WebSocket | undefined {
    const socket = this.#socket;
    if (only !== socket) return undefined;
    this.#socket = undefined;
    return socket;
  }

  /** The next 20 ms of app audio at 16 kHz, or undefined when none waits. The caller owns the buffer. */
  play(): Buffer | undefined {
    if (this.queue.bytes === 0) return undefined;
    const heard = Buffer.allocUnsafe(phoneFrame);
    if (!this.#down) {
      this.queue.take(heard);
      return heard;
    }
    this.queue.take(this.#frame);
    this.#down.run(this.#frame, heard);
    return heard;
  }

  /** Sends one frame of a participant, or of the mix when `rawId` is undefined. @param pcm 16 kHz; undefined is silence. */
  send(rawId: string | undefined, pcm: Buffer | undefined, atUs: number): void {
    if (!this.#socket || this.#isStalled(atUs)) return;
    if (this.#socket.bufferedAmount > unreadLimit) {
      this.counters.unread++;
      return;
    }
    const voice = this.#voice(rawId);
    const text = pcm
      ? audioFrame(stampOf(atUs), voice.text, this.#toApp(voice.resampler, pcm))
      : silentFrame(stampOf(atUs), voice.text, this.options.sampleRate);
    if (!pcm) voice.resampler?.reset();
    this.counters.framesOut++;
    if (this.#faults.mediaBurstFrames === 0 && this.#held.length === 0) {
      this.#socket.send(text);
      return;
    }
    this.#held.push(text);
    if (this.#held.length < this.#faults.mediaBurstFrames) return;
    for (const held of this.#held) this.#socket.send(held);
    this.#held = [];
  }

  sendTone(character: string): void {
    if (this.options.dtmf && !this.#isStalled(nowUs())) this.#socket?.send(dtmfData(character));
  }

  #voice(rawId: string | undefined): { text: string; resampler: Resampler | undefined } {
    let voice = this.#middles.get(rawId);
    if (!voice) {
      const up = this.options.sampleRate === phoneRate ? undefined : new Resampler(phoneRate, this.options.sampleRate);
      voice = { text: audioMiddle(rawId), resampler: up };
      this.#middles.set(rawId, voice);
    }
    return voice;
  }

  #toApp(resampler: Resampler | undefined, pcm: Buffer): Buffer {
    if (!resampler) return pcm;
    resampler.run(pcm, this.#frame);
    return this.#frame;
  }

  #isStalled(atUs: number): boolean {
    const after = this.#faults.mediaHalfOpenAtMs;
    return after !== null && atUs - this.#openedUs > after * 1000;
  }

  #receive(data: Buffer, isBinary: boolean): void {
    const atUs = nowUs();
    this.counters.messagesIn++;
    if (this.#isStalled(atUs)) return;
    const message = isBinary ? ({ kind: 'unknown', why: 'binary' } as const) : parseOutbound(data.toString('latin1'));
    if (message.kind === 'stop') {
      this.#stop(atUs);
      return;
    }
    if (message.kind === 'audio') {
      this.#queueAudio(message.pcm, atUs);
      return;
    }
    this.counters.ignored++;
    this.#log(`media message ignored: ${message.why}`);
  }

  #stop(atUs: number): void {
    const discardedMs = this.queue.clear();
    this.#down?.reset();
    this.#bytesAfterStop = 0;
    this.counters.stopAudio++;
    this.onStop(atUs, discardedMs);
  }

  #queueAudio(pcm: Buffer, atUs: number): void {
    if (!this.options.bidirectional) {
      this.counters.ignored++;
      return;
    }
    this.counters.framesIn += pcm.length / this.#frameBytes;
    this.counters.lastAudioUs = atUs;
    if (this.#bytesAfterStop !== undefined) this.#bytesAfterStop += pcm.length;
    const cap = this.#faults.queueCapMs;
    if (cap !== null && this.queue.ms + pcm.length / this.queue.bytesPerMs > cap) {
      this.counters.droppedMs += pcm.length / this.queue.bytesPerMs;
      return;
    }
    this.queue.push(pcm);
  }
}
