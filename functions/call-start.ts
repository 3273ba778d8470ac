import type { CallOpening } from '../contracts/call-record.ts';
import type { HandoffMode } from '../contracts/handoff.ts';
import type { StreamingMode } from '../contracts/media.ts';
import { type ControlSettings, sendsEmail } from './settings.ts';

interface Begun {
  opening: CallOpening;
  mode: StreamingMode;
  /** Where ACS brings the sound, as the media host gave it at admission. */
  mediaUrl: string;
  maxCallMs: number;
  /** What the orchestration may count on being here; absent: 1, which knew neither idle calls nor people. */
  version?: 2;
  /** How long neither agent nor person may be with the caller, ms. */
  idleMs?: number;
  people?: PeopleRules;
  /** What the call leaves is remembered of its caller. @default it is not */
  remembers?: true;
  /** Whoever is to have a summary of the call is sent one. @default nobody is */
  summarises?: true;
}

/** Who can be reached when the ask names nobody, and how. */
export interface PeopleRules {
  /** Asked in this order. */
  targets: string[];
  mode: HandoffMode;
  ringSeconds: number;
}

/** What the settings of the moment say about a call; kept with it, so that a deployment changes no call under way. */
export function startRules(
  settings: ControlSettings,
): Required<Pick<Begun, 'maxCallMs' | 'version' | 'idleMs' | 'people'>> & Pick<Begun, 'remembers' | 'summarises'> {
  return {
    version: 2,
    maxCallMs: settings.MAX_CALL_MINUTES * 60_000,
    idleMs: settings.IDLE_CALL_SECONDS * 1_000,
    people: {
      targets: settings.HANDOFF_TARGETS,
      mode: settings.HANDOFF_MODE,
      ringSeconds: settings.HANDOFF_RING_SECONDS,
    },
    ...(settings.CALLER_MEMORY_HOURS > 0 && { remembers: true }),
    ...(sendsEmail(settings) && { summarises: true }),
  };
}

/** Somebody rings: the context is the right to answer them. */
export interface RingStart extends Begun {
  incomingCallContext: string;
  /** Number or raw id by which they can be rung back. Absent where they withhold it. */
  caller?: string;
}

/** We ring somebody; `callerId` is the number they see, absent where the target is no telephone. */
export interface DialStart extends Begun {
  dial: { target: string; callerId?: string };
}

/**
 * What the orchestration of a call begins with. It holds the right to answer, and whom to ring back, or the number to dial, so it is never shown
 * by the status API.
 */
export type CallStart = RingStart | DialStart;
