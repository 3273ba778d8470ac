import type { Logger } from 'pino';
import type { CallFact } from '../contracts/call-event.ts';
import type { ControlMessage } from '../contracts/control.ts';
import type { HandoffAsk } from '../contracts/handoff.ts';
import type { AdmissionRequest } from '../contracts/media.ts';
import { audioMessage, type MediaMessage, readMessage, stopAudioMessage } from './acs/frames.ts';
import { createLineRate } from './audio/line-rate.ts';
import type { Clock } from './clock.ts';
import { createDialogue } from './dialogue/dialogue.ts';
import type { CallJournal } from './journal/archive.ts';
import type { Resumption } from './journal/resume.ts';
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
  /** What the control plane says about the call. */
  told(message: ControlMessage): void;
  /** Leaves this host at the next turn boundary, for the carrier to connect again elsewhere; at once where it has no socket. */
  move(): void;
  /** Ends the call on this host and flushes its journal. Once `over`, its place is free; once `ended`, nothing is left to do. */
  end(reason: EndReason, code: number): Promise<void>;
  readonly over: Promise<void>;
  readonly ended: Promise<void>;
}

export type EndReason = Extract<CallFact, { type: 'media-closed' }>['reason'];

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
  /** The one that has the caller, as it speaks now. */
  agent: AgentCard;
  hostId: string;
  leadMs: number;
  segmentationMs: number;
  journal: CallJournal;
  /** Where another host left the call, and what is known of it beside. @default a call that begins here */
  resumption?: Resumption | undefined;
  facts?: Readonly<Record<string, string>> | undefined;
  /** Settles when the agents know what is remembered of the caller. @default nothing is remembered */
  recalled?: Promise<void> | undefined;
  /**
   * Asks the control plane to end the call: the conversation is over. `reason`: the agent's, where it ends the call.
   * `unheard`: it cannot be reached.
   */
  hangUp(callId: string, unheard: () => void, reason?: string): void;
  /** Asks the control plane for a person, or that nobody be sought any more. */
  person: {
    ask(callId: string, ask: HandoffAsk, refused: () => void): void;
    cancel(callId: string): void;
  };
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
const reattachMs = 5000;
/** A caller who is known is greeted by name, but nobody notices that they were looked up. */
const greetWithinMs = 100;
/** Who is told that the carrier will stop the stream closes it only where the carrier does not. */
const leftOpenMs = 10_000;
/** 1012, service restart: the carrier is to connect again. */
const moveCode = 1012;

export function createCall(options: CallOptions): Call {
  const { number, cell, admission, agent, journal, speech, turns, epochs, clock, metrics, log, resumption } = options;
  let socket: MediaSocket | undefined;
  let speaker: string | undefined;
  let openedAtUs: number | undefined;
  let soundStartedUs: number | undefined;
  let ending: Promise<void> | undefined;
  let leaveTicker: (() => void) | undefined;
  let forgetReattach: (() => void) | undefined;
  let forgetLeftOpen: (() => void) | undefined;
  let moving = false;
  /** Ms of the call that passed before its socket opened here. */
  let elsewhereMs = 0;
  const over = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();

  speech.post({ type: 'open', call: number, cell, language: agent.language, phrases: agent.phrases });
  const { callId, direction, scenario, callerHash } = admission;
  turns.post({
    type: 'open',
    call: number,
    cell,
    callId,
    agent: agent.name,
    direction,
    callerHash,
    ...(scenario !== undefined && { scenario }),
    ...(resumption && { history: resumption.history, begunEffects: resumption.begunEffects }),
    ...(resumption?.cast && { cast: resumption.cast }),
    ...(resumption && { guards: resumption.guards }),
    ...(options.facts && { facts: options.facts }),
  });

  const line = createLineRate(sampleRate);
  const dialogue = createDialogue({
    call: number,
    cell,
    agent,
    stint: resumption?.cast?.stint ?? 0,
    leadMs: options.leadMs,
    segmentationMs: options.segmentationMs,
    sampleRate,
    speech,
    turns,
    epochs,
    clock,
    metrics,
    note: journal.note,
    mark: journal.mark,
    ready: () => socket?.open === true,
    send: pcm => {
      if (!socket?.open) return false;
      socket.send(audioMessage(line.outbound(pcm)));
      return true;
    },
    sendStop: () => {
      if (socket?.open) socket.send(stopAudioMessage);
    },
    askForPerson: (ask, refused) => options.person.ask(callId, ask, refused),
    cancelPerson: () => options.person.cancel(callId),
    // A caller whom nobody listens to any more is better off without a line.
    hangUp: reason => options.hangUp(callId, () => void end('failed', 1011), reason),
    sinceOpenMs: us => elsewhereMs + Math.round((us - (openedAtUs ?? us)) / 1000),
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
        return dialogue.pressed(message.tone);
      case 'metadata':
        if (message.channels === 1 && line.set(message.sampleRate)) return;
        log.warn({ callId, sampleRate: message.sampleRate, channels: message.channels }, 'media format refused');
        socket?.close(1003, 'Only PCM mono of 8, 16, 24 or 48 kHz is understood; set audioFormat to Pcm16KMono.');
        return;
      case 'other':
        metrics.count('media-messages-unknown');
    }
  };

  const closeSocket = (reason: EndReason) => {
    const mine = socket;
    if (!mine?.open) return;
    // The control plane stops the stream of a call that a person has; a socket closed here would be dialled again.
    if (reason === 'handed-over') forgetLeftOpen = clock.after(leftOpenMs, () => mine.open && mine.close(1000, reason));
    else mine.close(reason === 'drained' ? moveCode : 1001, reason);
  };

  const move = () => {
    if (moving) return;
    moving = true;
    metrics.count('calls-moved');
    if (openedAtUs !== undefined && !socket?.open) void end('drained', moveCode);
  };

  /** Every 20 ms. */
  const tick = () => {
    dialogue.pump();
    if (moving && dialogue.atRest()) void end('drained', moveCode);
  };

  const greet = () => {
    if (!options.recalled) return dialogue.greet();
    let greeted = false;
    const once = () => {
      if (!greeted) dialogue.greet();
      greeted = true;
      forget();
    };
    const forget = clock.after(greetWithinMs, once);
    void options.recalled.then(once);
  };

  const begin = () => {
    if (!resumption?.begun) return greet();
    metrics.count('calls-adopted');
    dialogue.resume(resumption);
  };

  const end = (reason: EndReason, code: number): Promise<void> => {
    ending ??= (async () => {
      forgetReattach?.();
      leaveTicker?.();
      dialogue.end();
      speech.post({ type: 'close', call: number });
      turns.post({ type: 'close', call: number });
      if (openedAtUs !== undefined) journal.note({ type: 'media-closed', reason, code });
      // Who is connected elsewhere next is to find all of it.
      const written = journal.close();
      if (reason === 'drained') await written;
      closeSocket(reason);
      over.resolve();
      await written;
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
    told: message => {
      switch (message.do) {
        case 'leave':
          dialogue.told(message);
          return void end('handed-over', 1000);
        case 'move':
          return move();
        case 'remember':
          return turns.post({ type: 'remember', call: number, facts: message.facts });
        default:
          return dialogue.told(message);
      }
    },
    move,
    end,
    attach: next => {
      const before = socket;
      socket = next;
      forgetReattach?.();
      if (before?.open) before.close(1000, 'replaced');
      if (openedAtUs !== undefined) return;
      openedAtUs = clock.monotonicUs();
      if (resumption?.openedAt !== undefined) elsewhereMs = Math.max(0, clock.now() - resumption.openedAt);
      leaveTicker = options.ticker.join(tick);
      journal.note({
        type: 'media-opened',
        hostId: options.hostId,
        mode: admission.mode,
        ...(scenario !== undefined && { scenario }),
        agent: agent.name,
        agentVersion: agent.version,
        sampleRate,
      });
      begin();
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
      if (from === socket) forgetLeftOpen?.();
      if (from !== socket || ending) return;
      if (moving) return void end('drained', code);
      if (code === 1000 || code === 1001 || code === 1005) {
        void end('caller-left', code);
        return;
      }
      metrics.count('media-sockets-lost');
      forgetReattach = clock.after(reattachMs, () => void end('connection-lost', code));
    },
  };
}
