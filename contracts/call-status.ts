import type { CallLife } from './call-life.ts';
import type { HandoffMode } from './handoff.ts';

/**
 * How a call stands, for those who watch it: the status of its orchestration. It holds no words, no keys and no numbers;
 * a person is known by their place in the list.
 */
export type CallStatus = Omit<CallLife, 'handoffs'> & {
  v: 1;
  direction: 'in' | 'out';
  /** The newest last. */
  operations: EndedOperation[];
  handoff?: { stage: HandoffStage; mode: HandoffMode; asking: number; of: number; since: number };
  /** Handoffs that have ended, by how. */
  handoffs?: { outcome: string; asked: string[] }[];
  media: { state: MediaState; since: number };
  recording?: { recordingId: string; state: 'active' | 'paused' | 'inactive' };
};

/** An order somebody gave, waiting or ended; `id` is the order's own. */
export interface EndedOperation {
  id: string;
  order: string;
  state: 'asked' | 'done' | 'failed' | 'cancelled';
  /**
   * Why it failed: "refused 400/8523", "486/8539" of the carrier, "unreported", "unavailable", "not-connected",
   * "no-conversation" (the agent is out of the call), "too-many", "call-ended".
   */
  code?: string;
  askedAt: number;
  endedAt?: number;
  /** Which of the choices offered was made. */
  label?: string;
  /** What cancelling an invitation takes. */
  invitationId?: string;
}

/**
 * `withdrawing`: the ring is being taken back; `removing`: somebody who did not take the call is being shown out;
 * `with-person`: a person has the caller.
 */
export type HandoffStage =
  | 'ringing'
  | 'withdrawing'
  | 'briefing'
  | 'asking'
  | 'removing'
  | 'transferring'
  | 'with-person';

/** `lost`: waits for the carrier to come back by itself; `off`: ended by us; `dead`: given up. */
export type MediaState = 'none' | 'on' | 'lost' | 'restarting' | 'off' | 'dead';
