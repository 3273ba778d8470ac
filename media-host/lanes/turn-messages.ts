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
  | { type: 'open'; call: number; cell: number; callId: string; agent: string }
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
  | (TurnEvent & { call: number });

/** Monotonic microseconds: model asked, its first token, the sentence complete. */
export type TurnEvent =
  | {
      type: 'sentence';
      turn: number;
      epoch: number;
      index: number;
      text: string;
      askedUs: number;
      firstTokenUs: number;
      cutUs: number;
    }
  | { type: 'tool-started'; turn: number; epoch: number; name: string }
  | { type: 'tool-ran'; turn: number; epoch: number; name: string; ok: boolean; ms: number; code?: string }
  | {
      type: 'model-ran';
      turn: number;
      epoch: number;
      model: string;
      ttftMs: number;
      ms: number;
      inputTokens: number;
      outputTokens: number;
      cachedTokens: number;
      cancelled: boolean;
      code?: string;
    }
  | { type: 'reply-ended'; turn: number; epoch: number; text: string }
  | { type: 'reply-failed'; turn: number; epoch: number; code: string };
