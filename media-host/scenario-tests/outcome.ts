import type { ErrorCode } from '../../contracts/error.ts';

/** What came of one turn of a test, whatever kind of call it was made in. */
export interface TurnOutcome {
  /** All that the caller heard of the agents in the turn. */
  heard: string;
  /** What reached the ear, as it was pronounced. @default as `heard` */
  sounded?: string;
  /** The agent that has the caller at its end. */
  agent: string;
  /** Those that ran, in order. */
  tools: readonly string[];
  /** What the model wanted and did not get. */
  refused: readonly { name: string; code: string }[];
  /** All that is known at its end. */
  facts: Readonly<Record<string, string>>;
  /** How often effects have been carried out by its end. */
  effects: Readonly<Record<string, number>>;
  ended?: 'agent' | 'person';
  /** From the caller's last sound to the agent's first, ms. */
  replyMs?: number;
}

const notRun: ReadonlySet<string> = new Set<ErrorCode>([
  'TOOL_UNKNOWN',
  'TOOL_ARGUMENTS_INVALID',
  'TOOL_NOT_ALLOWED',
  'TOOL_RESTING',
  'HANDOFF_NOT_ALLOWED',
]);

/** Whether a tool that ended so has run at all. */
export const hasRun = (code: string | undefined): boolean => code === undefined || !notRun.has(code);
