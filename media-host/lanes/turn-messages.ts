import type { RuntimeEvent } from '../agent/runtime-event.ts';

/** What crosses between the media thread and the turn lane, where agents think. */
export interface AgentCard {
  name: string;
  version: string;
  voice: string;
  rate?: string | undefined;
  language: string;
  phrases: readonly string[];
}

export type ToTurn =
  | { type: 'open'; call: number; cell: number; callId: string; agent: string; direction: 'in' | 'out' }
  | { type: 'greet'; call: number; epoch: number }
  | { type: 'take'; call: number; turn: number; epoch: number; said: string }
  /** Whatever was begun for an epoch older than this is to be given up. */
  | { type: 'hush'; call: number; epoch: number }
  /** What the ear got of a turn's reply; the model's history holds this and nothing more. */
  | { type: 'heard'; call: number; turn: number; text: string; interrupted: boolean }
  | { type: 'close'; call: number };

export type FromTurn =
  /** Once, at the start of the lane. */
  | { type: 'ready'; agents: readonly AgentCard[] }
  | { type: 'not-ready'; message: string }
  | (RuntimeEvent & { call: number });
