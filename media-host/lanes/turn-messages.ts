import type { Expectation, Policy } from '../../contracts/agent.ts';
import type { KeypadPhrases, SeekingPhrases } from '../../contracts/agent-phrases.ts';
import type { CallerMemory } from '../../contracts/caller-memory.ts';
import type { Cast } from '../agent/cast/cast.ts';
import type { GuardState } from '../agent/guards/guardrails.ts';
import type { HeardPart, History } from '../agent/history.ts';
import type { RuntimeEvent } from '../agent/runtime-event.ts';
import type { BegunEffect } from '../agent/tools/outside-effects.ts';

/** What crosses between the media thread and the turn lane, where agents think. */
export interface ScenarioCard {
  name: string;
  start: string;
  /** With what the scenario says for all of them. */
  agents: readonly AgentCard[];
}

export interface AgentCard {
  name: string;
  version: string;
  voice: string;
  rate?: string | undefined;
  language: string;
  phrases: readonly string[];
  turns: {
    policy: Policy;
    expects: Expectation;
    /** Added to the language's own. */
    stopWords: readonly string[];
    backchannels: readonly string[];
    /** Re-prompts before the goodbye. */
    maxSilences: number;
    digits: { afterMs: number; endKey: '#' | '*' | 'none' };
  };
  silence: {
    afterMs: number;
    reprompts: readonly string[];
    /** To a caller whose voice was heard and no words in it. */
    unheard: string;
    goodbye: string;
  };
  hold: { afterMs: number; words: readonly string[] };
  speculation: { tries: number; maxSpeechMs: number };
  apology: string;
  refusal: string;
  /** By the names of their files. */
  tools: readonly string[];
  seeking: SeekingPhrases;
  keypad: KeypadPhrases;
  /** Where it ends the call without a word. */
  farewell: string;
  /** After a break that was ours. */
  resumed: string;
  /** The sentences of the greeting, as `greet` will tell them. */
  greeting: readonly string[];
  /** Of the same agent in its other languages. @default none */
  others?: readonly AgentCard[];
  /** Other sentences it says as they stand, of handoffs. @default none */
  ahead?: readonly string[];
}

/** A fact of the call; `tool`: made sure of. */
export interface KnownFact {
  name: string;
  value: string;
  by: 'tool' | 'agent';
  personal: boolean;
}

export type ToTurn =
  | {
      type: 'open';
      call: number;
      cell: number;
      callId: string;
      /** @default the agent alone */
      scenario?: string;
      /** The agent that has the caller. */
      agent: string;
      direction: 'in' | 'out';
      /** By which it can be told whether the caller rings from a number. @default nobody can tell */
      callerHash?: string;
      /** What was said on another host. */
      history?: History;
      /** Who had the caller on another host, and what is known of the call. */
      cast?: Cast;
      /** Where the scenario's rules stood there. */
      guards?: GuardState;
      facts?: Readonly<Record<string, string>>;
      begunEffects?: readonly BegunEffect[];
    }
  /** What earlier calls of this caller have left. */
  | { type: 'recall'; call: number; memory: CallerMemory }
  /** What the agent shall know from now on, by name. */
  | { type: 'remember'; call: number; facts: Readonly<Record<string, string>> }
  | { type: 'greet'; call: number; epoch: number }
  /** Says a text as the greeting is said: it comes back as sentences and a `reply-ended`. */
  | { type: 'say'; call: number; turn: number; epoch: number; text: string }
  /** Asks the model in silence for what the caller has probably said; a `take` of the same words goes on from there. */
  | { type: 'guess'; call: number; turn: number; said: string }
  | { type: 'drop-guess'; call: number }
  /** `said` is all the caller said in the turn; `final: false` while recognition has not closed it. */
  | { type: 'take'; call: number; turn: number; epoch: number; said: string; final?: boolean }
  /** All the caller said in the turn was really this; for the history, not for an answer. */
  | { type: 'correct'; call: number; turn: number; said: string }
  /** Whatever was begun for an epoch older than this is to be given up. */
  | { type: 'hush'; call: number; epoch: number }
  /**
   * What the ear got of a turn's reply; the model's history holds this and nothing more. `parts`: by the agent that said it.
   * @default all was said by the first
   */
  | { type: 'heard'; call: number; turn: number; text: string; interrupted: boolean; parts?: readonly HeardPart[] }
  /** Something that happened beside what was said, for the model to know. */
  | { type: 'note'; call: number; text: string }
  /** The person that a tool wanted is being asked for. */
  | { type: 'person-asked'; call: number; epoch: number }
  /** The call ends, as a tool wanted. */
  | { type: 'end-begun'; call: number; epoch: number }
  /** The keys that a tool wanted; of a secret, for nothing but its comparison. Undefined: none came in time. */
  | { type: 'keys-given'; call: number; epoch: number; keys: string | undefined }
  | { type: 'close'; call: number };

export type FromTurn =
  /** Once, at the start of the lane. */
  | { type: 'ready'; agents: readonly AgentCard[]; scenarios: readonly ScenarioCard[] }
  | { type: 'not-ready'; message: string }
  | (RuntimeEvent & { call: number });
