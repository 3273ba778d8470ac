/**
 * No dead air: more than four seconds in which nothing happens is a fault, whoever is at fault. The agent fills the
 * wait for a tool or a model, asks a silent caller again, says so when it heard a voice but no words, and takes its
 * leave of somebody who is gone.
 */
export interface Silence {
  /** When either side was last heard, or the agent last began something. */
  since: number;
  /** Re-prompts since the caller last spoke. */
  prompts: number;
  /** Voice of the caller since words last came of it, in ms. */
  wordlessMs: number;
}

export type Prompt = 'reprompt' | 'goodbye' | 'unheard';

export interface SilenceRules {
  /** Silence of the caller after which the agent asks again. */
  afterMs: number;
  /** Re-prompts before goodbye. */
  maxPrompts: number;
  /** Silence after which a wait for a tool or the model is filled. */
  holdAfterMs: number;
  /** A voice that lasted so long should have given words. @default 1500 */
  wordlessMs: number;
  /** Silence after such a voice until the agent says that it did not understand. @default 1800 */
  unheardAfterMs: number;
  /** Sound of the caller's that goes on for so long without words is asked about as a silence is. @default 6000 */
  longestSoundMs: number;
}

export const silenceRules: SilenceRules = {
  afterMs: 3500,
  maxPrompts: 3,
  holdAfterMs: 2500,
  wordlessMs: 1500,
  unheardAfterMs: 1800,
  longestSoundMs: 6000,
};

export const unbroken: Silence = { since: 0, prompts: 0, wordlessMs: 0 };

/** Somebody was heard, or the agent did something. */
export const broken = (silence: Silence, at: number): Silence =>
  at > silence.since ? { ...silence, since: at } : silence;

/** The caller's voice sounded for `ms`; words may come of it. */
export const voiced = (silence: Silence, at: number, ms: number): Silence => ({
  ...broken(silence, at),
  wordlessMs: silence.wordlessMs + ms,
});

/** Words came: the caller is there. */
export const worded = (silence: Silence, at: number): Silence => ({
  since: Math.max(at, silence.since),
  prompts: 0,
  wordlessMs: 0,
});

/** What a silent caller is told, and when; the agent is listening and nobody speaks. */
export function promptAt(silence: Silence, rules: SilenceRules): { at: number; prompt: Prompt } {
  const wordless = silence.wordlessMs >= rules.wordlessMs;
  const again = wordless ? 'unheard' : 'reprompt';
  return {
    at: silence.since + (wordless ? rules.unheardAfterMs : rules.afterMs),
    prompt: silence.prompts < rules.maxPrompts ? again : 'goodbye',
  };
}

export function prompted(silence: Silence, at: number, prompt: Prompt): Silence {
  return { since: at, prompts: silence.prompts + (prompt === 'goodbye' ? 0 : 1), wordlessMs: 0 };
}
