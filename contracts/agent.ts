import { z } from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower-case letters, digits and dashes');
/** Something a voice can say; spoken as it stands. */
const spoken = z.string().regex(/[\p{L}\p{N}]/u, 'write words that can be spoken');
/** Spoken words of which there must be one at least: silence is no answer. */
const someSpoken = z.array(spoken).min(1).max(20).readonly();
const words = z.array(z.string().trim().min(1)).max(200).readonly();
const ms = (least: number, most: number) => z.number().int().min(least).max(most);

/** How a caller's voice takes the floor from the agent. */
export const policies = ['graded', 'eager', 'patient'] as const;
export type Policy = (typeof policies)[number];

/** What the agent's questions ask for: some answers are said with pauses inside. */
export const expectations = ['anything', 'digits', 'email', 'address', 'spelling', 'yes-no'] as const;
export type Expectation = (typeof expectations)[number];

/**
 * What an agent's YAML file says. Unknown keys are refused. Where a text is optional, contracts/agent-phrases.ts has it in
 * the agent's language.
 */
export const agentDefinition = z.strictObject({
  name,
  description: z.string().min(1),
  /** Spoken as the call begins. */
  greeting: spoken,
  /** Spoken when the same agent takes the caller again. */
  returnGreeting: spoken.optional(),
  /** Who the agent is and how it speaks; Jinja. */
  prompt: z.string().min(1),
  voice: z
    .strictObject({
      name: z.string().min(1).default('en-US-JennyNeural'),
      /** SSML prosody rate, such as +10%. */
      rate: z
        .string()
        .regex(/^[+-]?\d{1,3}%$/, 'write a percentage such as +10%')
        .optional(),
    })
    .prefault({}),
  model: z
    .strictObject({
      /** @default the LLM_MODEL setting */
      deployment: z.string().min(1).optional(),
      temperature: z.number().min(0).max(2).optional(),
      maxOutputTokens: z.number().int().min(16).max(4096).default(400),
      /** Longest wait for the first word of an answer, and between words. */
      firstTokenMs: ms(1000, 15_000).default(8000),
      betweenTokensMs: ms(1000, 15_000).default(8000),
      /** Longest of both waits when a model that failed is asked a second and last time. */
      retryMs: ms(1000, 15_000).default(5000),
    })
    .prefault({}),
  speech: z
    .strictObject({
      language: z
        .string()
        .regex(/^[a-z]{2,3}-[A-Z]{2}$/, 'write a locale such as en-US')
        .default('en-US'),
      /** Names and product words recognition should expect. */
      phrases: z.array(z.string().min(1)).max(500).default([]),
    })
    .prefault({}),
  turns: z
    .strictObject({
      /** graded: lowered, judged, then stopped or given back. eager: stopped at once. patient: stopped by clear words only. */
      policy: z.enum(policies).default('graded'),
      /** What the agent's questions ask for. */
      expects: z.enum(expectations).default('anything'),
      /** Words that stop the agent at once, added to the language's own. */
      stopWords: words.default([]),
      /** Words that say "go on", added to the language's own. */
      backchannels: words.default([]),
      /** Re-prompts a silent caller gets before the goodbye. */
      maxSilences: z.number().int().min(1).max(10).default(3),
      /** Keys that a caller presses one after the other are one answer. */
      digits: z
        .strictObject({
          /** So long after a key none has followed: the answer is complete. */
          afterMs: ms(500, 10_000).default(2000),
          /** The key that completes it at once. */
          endKey: z.enum(['#', '*', 'none']).default('#'),
        })
        .prefault({}),
    })
    .prefault({}),
  /** Statements that the caller's voice cannot interrupt (keys can): whole sentences of a reply or of the greeting. */
  mustBeHeard: z.array(spoken).max(50).readonly().default([]),
  silence: z
    .strictObject({
      /** The caller is silent for this long after the agent spoke: re-prompt. */
      afterMs: ms(1500, 4000).default(3500),
      reprompts: someSpoken.optional(),
      /** To a caller whose voice was heard and no words in it. */
      unheard: spoken.optional(),
      /** Said before the call ends. */
      goodbye: spoken.optional(),
    })
    .prefault({}),
  hold: z
    .strictObject({
      /** A tool or the model keeps the caller waiting for this long: hold words. */
      afterMs: ms(500, 4000).default(2500),
      /** Used in turn, never the same twice in a row; a tool's own come first. */
      words: someSpoken.optional(),
    })
    .prefault({}),
  /** Asking the model before the caller has surely finished: faster, and every wrong guess costs tokens. */
  speculation: z
    .strictObject({
      /** Guesses for one turn; 0: none. */
      tries: z.number().int().min(0).max(3).default(0),
      /** A caller who speaks longer than this is not guessed at. */
      maxSpeechMs: ms(1000, 30_000).default(10_000),
    })
    .prefault({}),
  /** Said where no answer could be had. */
  apology: spoken.optional(),
  /** Said where the service's content filter forbids an answer. */
  refusal: spoken.optional(),
  /** What tools are to know and no model is told, such as the hash of a PIN. */
  toolSettings: z.record(name, z.string()).default({}),
  /** File names (without ending) in agents/tools. */
  tools: z.array(name).max(32).default([]),
});

export type AgentDefinition = z.infer<typeof agentDefinition>;
