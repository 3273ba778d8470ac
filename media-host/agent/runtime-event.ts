import type { PersonAsk } from '../../agents/tool.ts';
import type { AgentCard } from '../lanes/turn-messages.ts';

/** What a conversation's turn taker tells the call. Times named `…Us` are monotonic microseconds, `ms` milliseconds. */
export type RuntimeEvent = { turn: number; epoch: number } & (
  | {
      type: 'sentence';
      /** From 0 within the reply. */
      index: number;
      /** Ready to be spoken: no markup, never empty. */
      text: string;
      /** The caller's voice must not interrupt it. */
      mustBeHeard: boolean;
      /** The agent's own text and not the model's: it will be said again in other calls. */
      fixed?: true;
      /** The model was asked, its first token came, the sentence was complete; before the turn where it was guessed. */
      askedUs: number;
      firstTokenUs: number;
      cutUs: number;
    }
  | {
      type: 'tool-started';
      name: string;
      /** The tool's own words for a wait. */
      holdWords: readonly string[];
    }
  /** What was wanted had to wait until recognition was certain of the caller's words. */
  | { type: 'waited'; ms: number }
  /** A tool wants a person for the caller, once what was said before it has been heard. */
  | { type: 'person-wanted'; ask: PersonAsk }
  /**
   * A tool wants keys of the caller, a secret or not; `prompt` asks for them, where the agent has not done so itself. Told
   * again, they are wanted once more.
   */
  | { type: 'digits-wanted'; secret: boolean; length?: number; prompt?: string }
  /** No more keys are wanted. */
  | { type: 'digits-done' }
  | { type: 'pin-checked'; ok: boolean }
  /** An effect is asked for outside; `arguments` as the model wrote them, `personal` names those that are. */
  | { type: 'effect-began'; name: string; key: string; arguments: string; personal?: string[] }
  | { type: 'tool-ran'; name: string; ok: boolean; ms: number; code?: string; summary?: string }
  /**
   * Another agent, or another language, from the next sentence on. Sentences told before it are in the old voice.
   * `context` is what the agent was told, `knowsAll` whether it knows what was said before.
   */
  | {
      type: 'agent-changed';
      card: AgentCard;
      from: string;
      kind: 'announced' | 'discreet' | 'language';
      visit: number;
      reason: string;
      context: string;
      knowsAll: boolean;
      /** Of the facts known then, those it may know, and how. @default all of them, as they are */
      facts?: 'all' | readonly string[];
      personal?: 'keep' | 'mask';
    }
  | { type: 'known'; name: string; value: string; by: 'tool' | 'agent'; personal: boolean }
  | {
      type: 'guarded';
      rule: 'max-turns' | 'max-spend' | 'topic' | 'emergency' | 'abuse' | 'person';
      name?: string;
      next: 'say' | 'person' | 'end';
    }
  /** The call is to be ended once what was said before has been heard. */
  | { type: 'end-wanted'; reason: string }
  /** A guess that was given up is told with `cancelled` and an epoch of -1: it was part of no reply. */
  | {
      type: 'model-ran';
      model: string;
      /** The whole wait where no token came. */
      ttftMs: number;
      ms: number;
      /** Estimated from the text where the request was cut and the service sent no count. */
      inputTokens: number;
      outputTokens: number;
      cachedTokens: number;
      costMicros?: number;
      cancelled: boolean;
      code?: string;
    }
  /** Every sentence of the reply has been told; `text` is all of them. */
  | { type: 'reply-ended'; text: string }
  /** The reply ends here. Where nothing of an answer was said before, the agent's apology or refusal was. */
  | { type: 'reply-failed'; code: string }
);

/** Facts of the record; they are told also where the reply was cut. All other events belong to a reply that is current. */
export type Account = Extract<
  RuntimeEvent,
  { type: 'tool-ran' | 'model-ran' | 'pin-checked' | 'effect-began' | 'agent-changed' | 'known' | 'guarded' }
>;
