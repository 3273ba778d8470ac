import type { Logger } from 'pino';
import type { AdmissionRequest } from '../contracts/media.ts';
import { audioMessage, type MediaMessage, readMessage, stopAudioMessage } from './acs/frames.ts';
import { createPlayout, type Playout } from './acs/playout.ts';
import type { Clock } from './clock.ts';
import type { Journal } from './journal.ts';
import { type Epochs, type Lane, setEpoch } from './lanes/lane.ts';
import type { FromSpeech, ToSpeech } from './lanes/speech-lane.ts';
import type { AgentCard, FromTurn, ToTurn } from './lanes/turn-messages.ts';
import type { Metrics } from './observe/metrics.ts';
import { allMade, fullText, heardOf, newReply, type Reply, type ReplyMarks, replyTimes } from './reply.ts';
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
  /** Ends the call on this host and flushes its journal. */
  end(reason: EndReason, code: number): Promise<void>;
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
  journal: Journal;
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
  let reply: Reply | undefined;
  let utterances = 0;
  let openedAtUs: number | undefined;
  let soundStartedUs: number | undefined;
  let ending: Promise<void> | undefined;
  let leaveTicker: (() => void) | undefined;
  let forgetReattach: (() => void) | undefined;
  let forgetPlayed: (() => void) | undefined;
  const forgetWakes = new Set<() => void>();
  let finished: () => void;
  const ended = new Promise<void>(resolve => {
    finished = resolve;
  });

  const playout: Playout = createPlayout({
    sampleRate,
    leadMs: options.leadMs,
    now: () => clock.monotonicUs() / 1000,
    send: pcm => {
      if (!socket?.open) {
        metrics.count('frames-without-socket');
        return;
      }
      socket.send(audioMessage(pcm));
      if (reply && reply.marks.firstFrameUs === undefined) reply.marks.firstFrameUs = clock.monotonicUs();
    },
  });

  speech.post({ type: 'open', call: number, cell, language: agent.language, phrases: agent.phrases });
  turns.post({ type: 'open', call: number, cell, callId: admission.callId, agent: agent.name });

  const sinceOpenMs = (us: number) => Math.round((us - (openedAtUs ?? us)) / 1000);

  const apply = (event: ConversationEvent) => {
    const step = converse(conversation, event);
    conversation = step.state;
    for (const intent of step.intents) perform(intent, event);
  };

  const perform = (intent: Intent, event: ConversationEvent) => {
    switch (intent.do) {
      case 'greet':
        setEpoch(options.epochs, cell, intent.epoch);
        reply = newReply(0, intent.epoch, {});
        turns.post({ type: 'greet', call: number, epoch: intent.epoch });
        return;
      case 'answer':
        return answer(intent.epoch, intent.turn, intent.said);
      case 'speak':
        if (reply && event.type !== 'reply-ready') reply.waited = true;
        playout.release();
        return;
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
    // A reply that nobody heard yet is given up in silence; its turn is asked again with all that was said.
    playout.clear();
    forgetPlayed?.();
    setEpoch(options.epochs, cell, epoch);
    reply = newReply(turn, epoch, { ...lastFinal });
    turns.post({ type: 'take', call: number, turn, epoch, said: said.join(' ') });
    speech.post({ type: 'hush', call: number, epoch });
  };

  /** The order matters: our own sound stops, everything made for it is stale, ACS is emptied, and then others are told. */
  const stopSpeaking = (epoch: number, by: 'voice' | 'dtmf') => {
    const decidedAtUs = clock.monotonicUs();
    const given = playout.clear();
    setEpoch(options.epochs, cell, epoch);
    if (socket?.open) socket.send(stopAudioMessage);
    speech.post({ type: 'hush', call: number, epoch });
    turns.post({ type: 'hush', call: number, epoch });
    metrics.count('barge-ins');
    const cut = reply;
    reply = undefined;
    forgetPlayed?.();
    journal.note({ type: 'barge-in', turn: cut?.turn ?? conversation.turn, by, decidedAtUs, ...given });
    if (cut) closeReply(cut, true);
  };

  const closeReply = (done: Reply, interrupted: boolean) => {
    const heard = heardOf(done, playout.playedMs, interrupted);
    const startUs = done.marks.firstFrameUs;
    turns.post({ type: 'heard', call: number, turn: done.turn, text: heard, interrupted });
    if (startUs === undefined) return;
    journal.note({
      type: 'agent-spoke',
      turn: done.turn,
      agent: agent.name,
      text: fullText(done),
      heard,
      interrupted,
      startMs: sinceOpenMs(startUs),
      endMs: sinceOpenMs(clock.monotonicUs()),
      ...replyTimes(done),
    });
  };

  /** Once all of a reply is made, its end is when ACS will have played it. */
  const watchEnd = (mine: Reply) => {
    if (mine !== reply || !allMade(mine)) return;
    forgetPlayed?.();
    const rest = playout.unsentMs() + playout.leadMs();
    if (rest > 0) {
      forgetPlayed = clock.after(Math.max(20, Math.ceil(rest)), () => watchEnd(mine));
      return;
    }
    reply = undefined;
    closeReply(mine, false);
    apply({ type: 'reply-played', epoch: mine.epoch, at: clock.now() });
  };

  let lastFinal: ReplyMarks = {};

  const hear = (message: FromSpeech) => {
    if (ending) return;
    const at = clock.now();
    switch (message.type) {
      case 'listening':
        return;
      case 'partial':
        return apply({ type: 'partial', text: message.text, at });
      case 'no-match':
        return apply({ type: 'no-match', at });
      case 'final': {
        const endUs =
          soundStartedUs === undefined ? undefined : soundStartedUs + (message.offsetMs + message.durationMs) * 1000;
        lastFinal = { finalUs: message.atUs, ...(endUs !== undefined && { spokenUs: endUs }) };
        apply({ type: 'final', text: message.text, at });
        if (message.text.trim() === '') return;
        const base = soundStartedUs === undefined ? 0 : sinceOpenMs(soundStartedUs);
        journal.note({
          type: 'caller-spoke',
          turn: conversation.turn,
          text: message.text,
          startMs: base + message.offsetMs,
          endMs: base + message.offsetMs + message.durationMs,
        });
        return;
      }
      case 'sound-out': {
        if (!reply || message.epoch !== reply.epoch) return;
        const first = conversation.phase === 'thinking' && !playout.busy();
        playout.append(message.utterance, new Uint8Array(message.pcm));
        if (reply.marks.firstByteUs === undefined) reply.marks.firstByteUs = clock.monotonicUs();
        if (first) apply({ type: 'reply-ready', epoch: message.epoch, at });
        return;
      }
      case 'word': {
        const utterance = utteranceOf(message.epoch, message.utterance);
        utterance?.words.push({ text: message.text, offsetMs: message.offsetMs, durationMs: message.durationMs });
        return;
      }
      case 'said':
      case 'not-said': {
        const utterance = utteranceOf(message.epoch, message.utterance);
        if (!utterance || !reply) return;
        utterance.made = true;
        if (message.type === 'said' && reply.marks.voiceAskedUs === undefined) {
          reply.marks.voiceAskedUs = message.askedUs;
          reply.marks.firstByteUs = message.firstByteUs;
        }
        if (message.type === 'not-said') {
          metrics.count('tts-failures');
          journal.note({ type: 'service-failed', service: 'tts', code: message.code });
        }
        playout.finish(message.utterance);
        return watchEnd(reply);
      }
      case 'deaf':
        metrics.count('stt-failures');
        journal.note({ type: 'service-failed', service: 'stt', code: message.code });
    }
  };

  const utteranceOf = (epoch: number, id: number) =>
    reply?.epoch === epoch ? reply.utterances.find(utterance => utterance.id === id) : undefined;

  const think = (message: Extract<FromTurn, { call: number }>) => {
    if (ending) return;
    switch (message.type) {
      case 'sentence': {
        if (!reply || message.epoch !== reply.epoch) return;
        const id = ++utterances;
        if (reply.utterances.length === 0) {
          Object.assign(reply.marks, {
            modelAskedUs: message.askedUs,
            firstTokenUs: message.firstTokenUs,
            cutUs: message.cutUs,
          });
        }
        reply.utterances.push({ id, text: message.text, words: [], made: false });
        speech.post({
          type: 'say',
          call: number,
          epoch: message.epoch,
          utterance: id,
          text: message.text,
          voice: agent.voice,
          rate: agent.rate,
          language: agent.language,
        });
        return;
      }
      case 'reply-failed':
        journal.note({ type: 'service-failed', service: 'model', code: message.code });
        if (reply?.epoch !== message.epoch) return;
        reply.ended = true;
        return watchEnd(reply);
      case 'reply-ended':
        if (reply?.epoch !== message.epoch) return;
        reply.ended = true;
        return watchEnd(reply);
      case 'tool-started':
        return;
      case 'tool-ran':
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
      playout.clear();
      if (reply) closeReply(reply, true);
      reply = undefined;
      forgetPlayed?.();
      for (const forget of forgetWakes) forget();
      speech.post({ type: 'close', call: number });
      turns.post({ type: 'close', call: number });
      if (openedAtUs !== undefined) journal.note({ type: 'media-closed', reason, code });
      if (socket?.open) socket.close(1001, reason);
      await journal.close();
      finished();
    })();
    return ending;
  };

  return {
    callId: admission.callId,
    ended,
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
      leaveTicker = options.ticker.join(playout.pump);
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
