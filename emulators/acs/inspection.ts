/** What the stand-in shows of its calls, for tests, benchmarks and people. */
import type { CallbackRecord } from './callbacks.ts';
import type { Exchange } from './exchange.ts';
import type { Leg } from './leg.ts';

export interface CallReport {
  callConnectionId: string;
  correlationId: string;
  serverCallId: string;
  state: string;
  createdAt: string;
  endedAt?: string;
  endedBy?: string;
  people: { rawId: string; isMuted: boolean; isOnHold: boolean; hasPhone: boolean; framesUnread: number }[];
  media: MediaReport | null;
  callbacks: { sent: number; failed: number; statuses: Record<string, number>; events: CallbackRecord[] };
}

export interface MediaReport {
  isOpen: boolean;
  sampleRate: number;
  /** 20 ms frames sent to the app. */
  framesOut: number;
  /** 20 ms frames of audio that came from the app. */
  framesIn: number;
  /** When the last of it came, µs of the monotonic clock. */
  lastAudioUs: number;
  messagesIn: number;
  stopAudio: number;
  /** Frames that came since the last StopAudio; 0 when there was none. */
  framesAfterStop: number;
  /** App audio not yet played, ms. */
  queueMs: number;
  /** Most app audio that ever waited, ms. */
  maxLeadMs: number;
  droppedMs: number;
  ignored: number;
  unread: number;
  upgrades: { status: number; atUs: number; error?: string }[];
}

export function callReport(leg: Leg): CallReport {
  const { conversation, callbacks } = leg;
  return {
    callConnectionId: leg.id,
    correlationId: conversation.correlationId,
    serverCallId: conversation.serverCallId,
    state: leg.state,
    createdAt: leg.createdAt,
    ...(leg.endedAt === undefined ? {} : { endedAt: leg.endedAt }),
    ...(leg.endedBy === undefined ? {} : { endedBy: leg.endedBy }),
    people: conversation.people.map(({ identifier, isMuted, isOnHold, line }) => ({
      rawId: identifier.rawId,
      isMuted,
      isOnHold,
      hasPhone: line !== undefined,
      framesUnread: line?.framesUnread ?? 0,
    })),
    media: mediaReport(leg),
    callbacks: {
      sent: callbacks.sent,
      failed: callbacks.failed,
      statuses: callbacks.statusCounts(),
      events: callbacks.records,
    },
  };
}

function mediaReport(leg: Leg): MediaReport | null {
  if (!leg.streaming) return null;
  const { stream, upgrades } = leg.streaming;
  const { framesOut, framesIn, lastAudioUs, messagesIn, stopAudio, droppedMs, ignored, unread } = stream.counters;
  return {
    isOpen: stream.isOpen,
    sampleRate: stream.options.sampleRate,
    framesOut,
    framesIn: Math.round(framesIn * 1000) / 1000,
    lastAudioUs,
    messagesIn,
    stopAudio,
    framesAfterStop: stream.framesAfterStop,
    queueMs: Math.round(stream.queue.ms),
    maxLeadMs: Math.round(stream.queue.peakMs),
    droppedMs: Math.round(droppedMs),
    ignored,
    unread,
    upgrades,
  };
}

/** Live calls first, then ended ones, newest last. */
export function callReports(exchange: Exchange): CallReport[] {
  return [...exchange.legs.values(), ...exchange.ended].map(callReport);
}

/** PCM16, 16 kHz, mono: what the first person heard, or what the app was sent, from the moment media opened. */
export function recordingOf(leg: Leg, ear: 'caller' | 'app'): Buffer {
  return (ear === 'caller' ? leg.conversation.heard : leg.heard).pcm();
}
