import type { Logger } from 'pino';
import type { AdmissionRequest } from '../contracts/media.ts';
import { audioMessage, type MediaMessage, readMessage, stopAudioMessage } from './acs/frames.ts';
import type { CallJournal } from './archive.ts';
import { createLineRate } from './audio/line-rate.ts';
import type { Clock } from './clock.ts';
import { createDialogue } from './dialogue.ts';
import type { Epochs, Lane } from './lanes/lane.ts';
import type { FromSpeech, ToSpeech } from './lanes/speech-lane.ts';
import type { AgentCard, FromTurn, ToTurn } from './lanes/turn-messages.ts';
import type { Metrics } from './observe/metrics.ts';
import type { Ticker } from './ticker.ts';

/**
 * One call on this host: its socket, its place in the lanes, its dialogue. It owns everything of the call and ends all of
 * it; nothing of it is shared but the process's lanes and clock. All of its work happens on the media thread, in short
 * steps that never wait.
 */
export interface Call {
  readonly callId: string;
  /** ACS's media socket has been accepted. A second one takes the first one's place. */
  attach(socket: MediaSocket): void;
  message(socket: MediaSocket, data: Buffer): void;
  closed(socket: MediaSocket, code: number): void;
  hear(message: FromSpeech): void;
  think(message: Extract<FromTurn, { call: number }>): void;
  /** Ends the call on this host and flushes its journal. Once `over`, its place is free; once `ended`, nothing is left to do. */
  end(reason: EndReason, code: number): Promise<void>;
  readonly over: Promise<void>;
  readonly ended: Promise<void>;
}

export type EndReason = 'caller-left' | 'connection-lost' | 'replaced' | 'drained' | 'failed';

/** The part of a WebSocket the call uses. */
export interface MediaSocket {
  send(data: Buffer): void;
  close(code: number, reason: string): void;
  readonly open: boolean;
}

export interface CallOptions {
  /** Number of the call within the process, and the cell of its epoch. */
  number: number;
  cell: number;
  admission: AdmissionRequest;
  agent: AgentCard;
  hostId: string;
  leadMs: number;
  segmentationMs: number;
  journal: CallJournal;
  /** Asks the control plane to end the call: the conversation is over. `unheard`: it cannot be reached. */
  hangUp(callId: string, unheard: () => void): void;
  speech: Lane<ToSpeech>;
  turns: Lane<ToTurn>;
  epochs: Epochs;
  clock: Clock;
  ticker: Ticker;
  metrics: Metrics;
  log: Logger;
}

const sampleRate = 16_000;
/** ACS may dial again after a drop; until then the conversation waits. */
const reattachMs = 2000;

export function createCall(options: CallOptions): Call {
  const { number, cell, admission, agent, journal, speech, turns, epochs, clock, metrics, log } = options;
  let socket: MediaSocket | undefined;
  let speaker: string | undefined;
  let openedAtUs: number | undefined;
  let soundStartedUs: number | undefined;
  let ending: Promise<void> | undefined;
  let leaveTicker: (() => void) | undefined;
  let forgetReattach: (() => void) | undefined;
  const over = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();

  speech.post({ type: 'open', call: number, cell, language: agent.language, phrases: agent.phrases });
  const { callId, direction } = admission;
  turns.post({ type: 'open', call: number, cell, callId, agent: agent.name, direction });

  const line = createLineRate(sampleRate);
  const dialogue = createDialogue({
    call: number,
    cell,
    agent,
    leadMs: options.leadMs,
    segmentationMs: options.segmentationMs,
    sampleRate,
    speech,
    turns,
    epochs,
    clock,
    metrics,
    note: journal.note,
    send: pcm => {
      if (!socket?.open) return false;
      socket.send(audioMessage(line.outbound(pcm)));
      return true;
    },
    sendStop: () => {
      if (socket?.open) socket.send(stopAudioMessage);
    },
    // A caller whom nobody listens to any more is better off without a line.
    hangUp: () => options.hangUp(callId, () => void end('failed', 1011)),
    sinceOpenMs: us => Math.round((us - (openedAtUs ?? us)) / 1000),
    soundStartedUs: () => soundStartedUs,
  });

  const hearSound = (pcm: Uint8Array) => {
    if (pcm.length > 0) speech.post({ type: 'sound', call: number, pcm });
  };

  const receive = (message: MediaMessage) => {
    switch (message.kind) {
      case 'audio':
        // Unmixed streams carry every speaker apart; the one that came first is the caller.
        speaker ??= message.speaker;
        if (message.speaker !== speaker || message.pcm.length === 0) return;
        soundStartedUs ??= clock.monotonicUs();
        return hearSound(line.inbound(message.pcm));
      case 'dtmf':
        return dialogue.pressed();
      case 'metadata':
        if (message.channels === 1 && line.set(message.sampleRate)) return;
        log.warn({ callId, sampleRate: message.sampleRate, channels: message.channels }, 'media format refused');
        socket?.close(1003, 'Only PCM mono of 8, 16, 24 or 48 kHz is understood; set audioFormat to Pcm16KMono.');
        return;
      case 'other':
        metrics.count('media-messages-unknown');
    }
  };

  const end = (reason: EndReason, code: number): Promise<void> => {
    ending ??= (async () => {
      forgetReattach?.();
      leaveTicker?.();
      dialogue.end();
      speech.post({ type: 'close', call: number });
      turns.post({ type: 'close', call: number });
      if (openedAtUs !== undefined) journal.note({ type: 'media-closed', reason, code });
      if (socket?.open) socket.close(1001, reason);
      over.resolve();
      await journal.close();
      ended.resolve();
    })();
    return ending;
  };

  return {
    callId: admission.callId,
    over: over.promise,
    ended: ended.promise,
    hear: dialogue.hear,
    think: dialogue.think,
    end,
    attach: next => {
      const before = socket;
      socket = next;
      forgetReattach?.();
      if (before?.open) before.close(1000, 'replaced');
      if (openedAtUs !== undefined) return;
      openedAtUs = clock.monotonicUs();
      leaveTicker = options.ticker.join(dialogue.pump);
      journal.note({
        type: 'media-opened',
        hostId: options.hostId,
        mode: admission.mode,
        agent: agent.name,
        agentVersion: agent.version,
        sampleRate,
      });
      dialogue.greet();
    },
    message: (from, data) => {
      if (from !== socket || ending) return;
      let message: MediaMessage;
      try {
        message = readMessage(data);
      } catch {
        // One unreadable message costs itself and nothing else; the count tells.
        metrics.count('media-messages-malformed');
        return;
      }
      receive(message);
    },
    closed: (from, code) => {
      if (from !== socket || ending) return;
      if (code === 1000 || code === 1001 || code === 1005) {
        void end('caller-left', code);
        return;
      }
      metrics.count('media-sockets-lost');
      forgetReattach = clock.after(reattachMs, () => void end('connection-lost', code));
    },
  };
}
