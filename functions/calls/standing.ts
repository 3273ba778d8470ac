import { z } from 'zod';
import type { CallStatus } from '../../contracts/call-status.ts';
import type { Orchestration } from '../call-message.ts';

/**
 * How a call stands, read from what its orchestration shows. One of an older version shows less: what is absent is not
 * known, and stands in nobody's way.
 */
export interface Standing {
  phase: CallStatus['phase'];
  /** Somebody has asked for the end. */
  ending: boolean;
  operations: CallStatus['operations'];
  /**
   * Of the recording nobody has ended. The carrier calls a paused one inactive too, and says so late, so what was asked
   * of it counts and not what it is called.
   */
  recordingId?: string;
  /** Sound is being recorded, or a pause is. */
  recording: boolean;
  seekingPerson: boolean;
  /** The agent is not in the call: its sound was stopped, or given up. */
  agentAway: boolean;
  /** Its sound is there, or being waited for. */
  agentThere: boolean;
}

const shown = z.looseObject({
  phase: z.enum(['ringing', 'answered', 'connected', 'ended']),
  hangUpAsked: z.unknown().optional(),
  operations: z
    .array(
      z.looseObject({
        id: z.string(),
        order: z.string(),
        state: z.enum(['asked', 'done', 'failed', 'cancelled']),
        askedAt: z.number(),
      }),
    )
    .default([]),
  recording: z.looseObject({ recordingId: z.string(), state: z.string() }).optional(),
  handoff: z.unknown().optional(),
  media: z.looseObject({ state: z.string() }).optional(),
});

export function standingOf({ running, customStatus }: Orchestration): Standing {
  const now = shown.safeParse(customStatus).data;
  const operations = (now?.operations ?? []) as CallStatus['operations'];
  const isAway = now?.media?.state === 'off' || now?.media?.state === 'dead';
  const recordingId = isStopped(operations) ? undefined : now?.recording?.recordingId;
  return {
    phase: running ? (now?.phase ?? 'ringing') : 'ended',
    ending: now?.hangUpAsked !== undefined,
    operations,
    ...(recordingId !== undefined && { recordingId }),
    recording: recordingId !== undefined && now?.recording?.state !== 'inactive',
    seekingPerson: now?.handoff !== undefined,
    agentAway: isAway,
    agentThere: now?.media !== undefined && !isAway,
  };
}

function isStopped(operations: CallStatus['operations']): boolean {
  const last = operations.findLast(
    ({ order, state }) => (order === 'start-recording' || order === 'stop-recording') && state === 'done',
  );
  return last?.order === 'stop-recording';
}
