import type { Logger } from 'pino';
import type { AdmissionRequest } from '../contracts/media.ts';
import { audioMessage, type MediaMessage, readMessage, stopAudioMessage } from './acs/frames.ts';
import type { CallJournal } from './archive.ts';
import type { Clock } from './clock.ts';
import { type Epochs, type Lane, setEpoch } from './lanes/lane.ts';
import type { FromSpeech, ToSpeech } from './lanes/speech-lane.ts';
import type { AgentCard, FromTurn, ToTurn } from './lanes/turn-messages.ts';
import type { Metrics } from './observe/metrics.ts';
import { fullText, type Reply, type ReplyMarks, replyTimes } from './reply.ts';
import { createSpeaking } from './speaking.ts';
import type { Ticker } from './ticker.ts';
import { type Conversation, type ConversationEvent, converse, type Intent, silent } from './turn/conversation.ts';

/**
 * One call on this host: its socket, its place in the lanes, its conversation. It owns everything of the call and ends
 * all of it; nothing of it is shared but the process's lanes and clock. All of its work happens on the media thread, in
 * short steps that never wait.
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
  journal: CallJournal;
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
  const { number, cell, admission, agent, journal, speech, turns, clock, metrics, log } = options;
  let socket: MediaSocket | undefined;
  let speaker: string | undefined;
  let conversation: Conversation = silent;
  let lastFinal: ReplyMarks = {};
  let lastWords = { offsetMs: 0, durationMs: 0 };
  let openedAtUs: number | undefined;
  let soundStartedUs: number | undefined;
  let ending: Promise<void> | undefined;
  let leaveTicker: (() => void) | undefined;
  let forgetReattach: (() => void) | undefined;
  const forgetWakes = new Set<() => void>();
  const over = Promise.withResolvers<void>();
  const ended = Promise.withResolvers<void>();

  const speaking = createSpeaking({
    sampleRate,
    leadMs: options.leadMs,
    clock,
    send: pcm => {
      if (!socket?.open) {
        metrics.count('frames-without-socket');
        return false;
      }
      socket.send(audioMessage(pcm));
      return true;
    },
    played: (reply, heard) => {
      noteReply(reply, heard, false);
      apply({ type: 'reply-played', epoch: reply.epoch, at: clock.now() });
    },
  });

  speech.post({ type: 'open', call: number, cell, language: agent.language, phrases: agent.phrases });
  const { callId, direction } = admission;
  turns.post({ type: 'open', call: number, cell, callId, agent: agent.name, direction });

  const sinceOpenMs = (us: number) => Math.round((us - (openedAtUs ?? us)) / 1000);

  const apply = (event: ConversationEvent) => {
    const before = conversation;
    const step = converse(conversation, event);
    conversation = step.state;
    if (step.intents.some(intent => intent.do === 'answer'))
      noteCaller(event.type === 'final' ? event.text : before.partial);
    for (const intent of step.intents) perform(intent, event);
  };

  /** What the caller said belongs to the turn that now answers it. */
  const noteCaller = (text: string) => {
    const { offsetMs, durationMs } = lastWords;
    const startMs = sinceOpenMs(soundStartedUs ?? clock.monotonicUs()) + offsetMs;
    journal.note({ type: 'caller-spoke', turn: conversation.turn, text, startMs, endMs: startMs + durationMs });
  };

  const perform = (intent: Intent, event: ConversationEvent) => {
    switch (intent.do) {
      case 'greet':
        setEpoch(options.epochs, cell, intent.epoch);
        speaking.begin(0, intent.epoch, {});
        turns.post({ type: 'greet', call: number, epoch: intent.epoch });
        return;
      case 'answer':
        return answer(intent.epoch, intent.turn, intent.said);
      case 'speak':
        return speaking.release(event.type !== 'reply-ready');
      case 'stop-speaking':
        return stopSpeaking(intent.epoch, intent.by);
      case 'wake-at': {
        const forget = clock.after(Math.max(0, intent.at - event.at), () => {
          forgetWakes.delete(forget);
          apply({ type: 'wake', at: Math.max(clock.now(), intent.at) });
        });
        forgetWakes.add(forget);
      }
    }
  };

  const answer = (epoch: number, turn: number, said: readonly string[]) => {
    setEpoch(options.epochs, cell, epoch);
    speaking.begin(turn, epoch, lastFinal);
    lastFinal = {};
    turns.post({ type: 'take', call: number, turn, epoch, said: said.join(' ') });
    speech.post({ type: 'hush', call: number, epoch });
  };

  /** The order matters: our own sound stops, all that was made for it is stale, ACS is emptied, then others are told. */
  const stopSpeaking = (epoch: number, by: 'voice' | 'dtmf') => {
    const decidedAtUs = clock.monotonicUs();
    const { reply, ...given } = speaking.cut();
    setEpoch(options.epochs, cell, epoch);
    if (socket?.open) socket.send(stopAudioMessage);
    speech.post({ type: 'hush', call: number, epoch });
    turns.post({ type: 'hush', call: number, epoch });
    metrics.count('barge-ins');
    journal.note({ type: 'barge-in', turn: reply?.reply.turn ?? conversation.turn, by, decidedAtUs, ...given });
    if (reply) noteReply(reply.reply, reply.heard, true);
  };

  const noteReply = (reply: Reply, heard: string, interrupted: boolean) => {
    const startUs = reply.marks.firstFrameUs;
    turns.post({ type: 'heard', call: number, turn: reply.turn, text: heard, interrupted });
    if (startUs === undefined) return;
    journal.note({
      type: 'agent-spoke',
      turn: reply.turn,
      agent: agent.name,
      text: fullText(reply),
      heard,
      interrupted,
      startMs: sinceOpenMs(startUs),
      endMs: sinceOpenMs(clock.monotonicUs()),
      ...replyTimes(reply),
    });
  };

  const hear = (message: FromSpeech) => {
    if (ending) return;
    const at = clock.now();
    switch (message.type) {
      case 'listening':
        return;
      case 'partial':
        lastWords = message;
        return apply({ type: 'partial', text: message.text, at });
      case 'no-match':
        return apply({ type: 'no-match', at });
      case 'final': {
        lastWords = message;
        const startUs = soundStartedUs ?? message.atUs;
        lastFinal = { finalUs: message.atUs, spokenUs: startUs + (message.offsetMs + message.durationMs) * 1000 };
        return apply({ type: 'final', text: message.text, at });
      }
      case 'sounding':
        return speaking.sounding(message.epoch, message.askedUs, message.firstByteUs);
      case 'sound-out':
        if (speaking.sound(message.epoch, message.utterance, new Uint8Array(message.pcm))) {
          apply({ type: 'reply-ready', epoch: message.epoch, at });
        }
        return;
      case 'word': {
        const { text, offsetMs, durationMs } = message;
        return speaking.word(message.epoch, message.utterance, { text, offsetMs, durationMs });
      }
      case 'not-said':
        metrics.count('tts-failures');
        journal.note({ type: 'service-failed', service: 'tts', code: message.code });
        return speaking.made(message.epoch, message.utterance);
      case 'said':
        return speaking.made(message.epoch, message.utterance);
      case 'deaf':
        metrics.count('stt-failures');
        journal.note({ type: 'service-failed', service: 'stt', code: message.code });
    }
  };

  const think = (message: Extract<FromTurn, { call: number }>) => {
    if (ending) return;
    switch (message.type) {
      case 'sentence': {
        const utterance = speaking.sentence(message);
        if (utterance === undefined) return;
        const { epoch, text } = message;
        const { voice, rate, language } = agent;
        return speech.post({ type: 'say', call: number, epoch, utterance, text, voice, rate, language });
      }
      case 'reply-failed':
        journal.note({ type: 'service-failed', service: 'model', code: message.code });
        return speaking.ended(message.epoch);
      case 'reply-ended':
        return speaking.ended(message.epoch);
      case 'tool-started':
        return;
      case 'tool-ran':
        speaking.round(message.epoch, message.ms);
        journal.note({
          type: 'tool-ran',
          turn: message.turn,
          name: message.name,
          ok: message.ok,
          ms: message.ms,
          ...(message.code !== undefined && { code: message.code }),
        });
        return;
      case 'model-ran': {
        speaking.round(message.epoch, message.ms);
        const { call: _, epoch: __, ...fact } = message;
        journal.note(fact);
      }
    }
  };

  const receive = (message: MediaMessage) => {
    switch (message.kind) {
      case 'audio':
        // Unmixed streams carry every speaker apart; the one that came first is the caller.
        speaker ??= message.speaker;
        if (message.speaker !== speaker || message.pcm.length === 0) return;
        soundStartedUs ??= clock.monotonicUs();
        speech.post({ type: 'sound', call: number, pcm: message.pcm.buffer }, [message.pcm.buffer]);
        return;
      case 'dtmf':
        journal.note({ type: 'dtmf-pressed', turn: conversation.turn });
        return apply({ type: 'dtmf', at: clock.now() });
      case 'metadata':
        if (message.sampleRate === sampleRate && message.channels === 1) return;
        log.warn(
          { callId: admission.callId, sampleRate: message.sampleRate, channels: message.channels },
          'media format refused',
        );
        socket?.close(1003, `Only PCM ${sampleRate} Hz mono is understood; set audioFormat to Pcm16KMono.`);
        return;
      case 'other':
        metrics.count('media-messages-unknown');
    }
  };

  const end = (reason: EndReason, code: number): Promise<void> => {
    ending ??= (async () => {
      forgetReattach?.();
      leaveTicker?.();
      const { reply } = speaking.cut();
      if (reply) noteReply(reply.reply, reply.heard, true);
      for (const forget of forgetWakes) forget();
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
    hear,
    think,
    end,
    attach: next => {
      const before = socket;
      socket = next;
      forgetReattach?.();
      if (before?.open) before.close(1000, 'replaced');
      if (openedAtUs !== undefined) return;
      openedAtUs = clock.monotonicUs();
      leaveTicker = options.ticker.join(speaking.pump);
      journal.note({
        type: 'media-opened',
        hostId: options.hostId,
        mode: admission.mode,
        agent: agent.name,
        agentVersion: agent.version,
        sampleRate,
      });
      apply({ type: 'greet', at: clock.now() });
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
