import type { HandoffRecord } from './handoff.ts';

/**
 * The life of a call as the control plane sees it: a fold of what ACS and our own steps report. The orchestration is the
 * only one that applies it, so whatever order events come in, there is one truth about a call's state.
 */
export type CallPhase = 'ringing' | 'answered' | 'connected' | 'ended';
export type EndedBy = 'caller' | 'agent' | 'system';

export interface CallLife {
  phase: CallPhase;
  callConnectionId?: string;
  answeredAt?: number;
  connectedAt?: number;
  streamingAt?: number;
  endedAt?: number;
  endedBy?: EndedBy;
  endReason?: string;
  /** We asked ACS to end the call: its CallDisconnected is then ours and not the caller's. */
  hangUpAsked?: { by: EndedBy; reason: string };
  participants?: { sequence: number; count: number };
  /** Handoffs that have ended, in order; with the record's words of why they were asked for. */
  handoffs?: HandoffRecord[];
  /** The carrier has moved the caller to a person: our leg ends next, and nobody has hung up. */
  transferred?: true;
}

/** More handoffs than a call has patience for; older ones are forgotten. */
const mostHandoffs = 8;

export type LifeEvent = { at: number } & (
  | { type: 'answered'; callConnectionId: string }
  /** The carrier has taken an outbound call and rings its target. */
  | { type: 'dialled'; callConnectionId: string }
  | { type: 'answer-failed'; code: number; subCode: number }
  | { type: 'connected'; callConnectionId: string }
  | { type: 'streaming-started' }
  | { type: 'streaming-failed'; code: number; subCode: number }
  | { type: 'participants'; sequence: number; count: number }
  | { type: 'hang-up-asked'; by: EndedBy; reason: string }
  | { type: 'disconnected'; code: number; subCode: number }
  | { type: 'abandoned'; reason: string }
  | { type: 'handoff-ended'; record: HandoffRecord }
  | { type: 'transferred' }
);

export const ringing: CallLife = { phase: 'ringing' };

/** Late, repeated and reordered events change nothing that is already known; nothing follows `ended` but how a handoff ended with it. */
export function live(life: CallLife, event: LifeEvent): CallLife {
  if (life.phase === 'ended' && event.type !== 'handoff-ended') return life;
  switch (event.type) {
    case 'answered':
      return {
        ...life,
        phase: life.phase === 'ringing' ? 'answered' : life.phase,
        callConnectionId: life.callConnectionId ?? event.callConnectionId,
        answeredAt: life.answeredAt ?? event.at,
      };
    case 'dialled':
      return { ...life, callConnectionId: life.callConnectionId ?? event.callConnectionId };
    case 'connected':
      return {
        ...life,
        phase: 'connected',
        callConnectionId: life.callConnectionId ?? event.callConnectionId,
        answeredAt: life.answeredAt ?? event.at,
        connectedAt: life.connectedAt ?? event.at,
      };
    case 'streaming-started':
      return { ...life, streamingAt: life.streamingAt ?? event.at };
    case 'streaming-failed':
      return life;
    case 'participants':
      return event.sequence > (life.participants?.sequence ?? -1)
        ? { ...life, participants: { sequence: event.sequence, count: event.count } }
        : life;
    case 'hang-up-asked':
      return { ...life, hangUpAsked: life.hangUpAsked ?? { by: event.by, reason: event.reason } };
    case 'answer-failed':
      return {
        ...life,
        phase: 'ended',
        endedAt: event.at,
        endedBy: 'system',
        endReason: `answer-failed ${event.code}/${event.subCode}`,
      };
    case 'handoff-ended':
      return { ...life, handoffs: [...(life.handoffs ?? []), event.record].slice(-mostHandoffs) };
    case 'transferred':
      return { ...life, transferred: true };
    case 'disconnected':
      if (life.transferred)
        return { ...life, phase: 'ended', endedAt: event.at, endedBy: 'agent', endReason: 'transferred' };
      return {
        ...life,
        phase: 'ended',
        endedAt: event.at,
        endedBy: life.hangUpAsked?.by ?? (event.code === 200 && event.subCode !== 7000 ? 'caller' : 'system'),
        endReason: life.hangUpAsked?.reason ?? `disconnected ${event.code}/${event.subCode}`,
      };
    case 'abandoned':
      return { ...life, phase: 'ended', endedAt: event.at, endedBy: 'system', endReason: event.reason };
  }
}
