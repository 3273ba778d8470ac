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
}

export type LifeEvent = { at: number } & (
  | { type: 'answered'; callConnectionId: string }
  | { type: 'answer-failed'; code: number; subCode: number }
  | { type: 'connected'; callConnectionId: string }
  | { type: 'streaming-started' }
  | { type: 'streaming-failed'; code: number; subCode: number }
  | { type: 'participants'; sequence: number; count: number }
  | { type: 'hang-up-asked'; by: EndedBy; reason: string }
  | { type: 'disconnected'; code: number; subCode: number }
  | { type: 'abandoned'; reason: string }
);

export const ringing: CallLife = { phase: 'ringing' };

/** Late, repeated and reordered events change nothing that is already known; nothing follows `ended`. */
export function live(life: CallLife, event: LifeEvent): CallLife {
  if (life.phase === 'ended') return life;
  switch (event.type) {
    case 'answered':
      return {
        ...life,
        phase: life.phase === 'ringing' ? 'answered' : life.phase,
        callConnectionId: life.callConnectionId ?? event.callConnectionId,
        answeredAt: life.answeredAt ?? event.at,
      };
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
    case 'disconnected':
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
