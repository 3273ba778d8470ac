import { z } from 'zod';

export const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower-case letters, digits and dashes');
/** As Jinja can read it. */
export const variableName = z
  .string()
  .regex(/^[a-z][a-zA-Z0-9_]*$/, 'begin with a small letter; use letters, digits and _');
/** Something a voice can say; spoken as it stands. */
export const spoken = z.string().regex(/[\p{L}\p{N}]/u, 'write words that can be spoken');
/** Spoken words of which there must be one at least: silence is no answer. */
const someSpoken = z.array(spoken).min(1).max(20).readonly();
export const words = z.array(z.string().trim().min(1)).max(200).readonly();
export const locale = z.string().regex(/^[a-z]{2,3}-[A-Z]{2}$/, 'write a locale such as en-US');
const rate = z.string().regex(/^[+-]?\d{1,3}%$/, 'write a percentage such as +10%');
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
  description: z.string().min(1).describe('What the agent is for, in a line; other agents read it.'),
  greeting: spoken.describe('Spoken as the call begins.'),
  returnGreeting: spoken.optional().describe('Spoken when the same agent takes the caller again.'),
  knownGreeting: spoken
    .regex(/\{name\}/, 'say {name} where the name of the caller belongs')
    .optional()
    .describe('Spoken as the call begins to a caller whose name is remembered; `{name}` stands for it.'),
  prompt: z.string().min(1).describe('Who the agent is and how it speaks; Jinja, with includes from `prompts/`.'),
  variables: z
    .record(variableName, z.string())
    .default({})
    .describe('Values the prompt may use as `variables.…`; a scenario may give others.'),
  voice: z
    .strictObject({
      name: z.string().min(1).default('en-US-JennyNeural').describe('A voice of Azure Speech.'),
      rate: rate.optional().describe('SSML prosody rate, such as +10%.'),
    })
    .prefault({})
    .describe('How the agent sounds.'),
  model: z
    .strictObject({
      deployment: z.string().min(1).optional().describe('Deployment that answers. @default the LLM_MODEL setting'),
      fallback: z
        .string()
        .min(1)
        .optional()
        .describe('Asked where the other fails or is silent. @default the LLM_FALLBACK_MODEL setting'),
      temperature: z.number().min(0).max(2).optional(),
      maxOutputTokens: z.number().int().min(16).max(4096).default(400),
      firstTokenMs: ms(1000, 15_000)
        .default(8000)
        .describe('Longest wait for the first word of an answer, and between words.'),
      betweenTokensMs: ms(1000, 15_000).default(8000),
      retryMs: ms(1000, 15_000)
        .default(5000)
        .describe('Longest of both waits when a model that failed is asked a second and last time.'),
    })
    .prefault({}),
  speech: z
    .strictObject({
      language: locale.default('en-US'),
      phrases: z
        .array(z.string().min(1))
        .max(500)
        .default([])
        .describe('Names and product words recognition should expect.'),
      others: z
        .array(z.strictObject({ language: locale, voice: z.string().min(1), rate: rate.optional() }))
        .max(10)
        .default([])
        .describe('Languages the agent can switch to, each with its own voice.'),
    })
    .prefault({}),
  turns: z
    .strictObject({
      policy: z
        .enum(policies)
        .default('graded')
        .describe(
          'graded: lowered, judged, then stopped or given back. eager: stopped at once. patient: stopped by clear words only.',
        ),
      expects: z.enum(expectations).default('anything').describe("What the agent's questions ask for."),
      stopWords: words.default([]).describe("Words that stop the agent at once, added to the language's own."),
      backchannels: words.default([]).describe("Words that say 'go on', added to the language's own."),
      maxSilences: z
        .number()
        .int()
        .min(1)
        .max(10)
        .default(3)
        .describe('Re-prompts a silent caller gets before the goodbye.'),
      digits: z
        .strictObject({
          afterMs: ms(500, 10_000)
            .default(2000)
            .describe('So long after a key none has followed: the answer is complete.'),
          endKey: z.enum(['#', '*', 'none']).default('#').describe('The key that completes it at once.'),
        })
        .prefault({})
        .describe('Keys that a caller presses one after the other are one answer.'),
    })
    .prefault({}),
  mustBeHeard: z
    .array(spoken)
    .max(50)
    .readonly()
    .default([])
    .describe(
      "Statements that the caller's voice cannot interrupt (keys can): whole sentences of a reply or of the greeting.",
    ),
  silence: z
    .strictObject({
      afterMs: ms(1500, 4000)
        .default(3500)
        .describe('The caller is silent for this long after the agent spoke: re-prompt.'),
      reprompts: someSpoken.optional(),
      unheard: spoken.optional().describe('To a caller whose voice was heard and no words in it.'),
      goodbye: spoken.optional().describe('Said before the call ends.'),
    })
    .prefault({}),
  hold: z
    .strictObject({
      afterMs: ms(500, 4000)
        .default(2500)
        .describe('A tool or the model keeps the caller waiting for this long: hold words.'),
      words: someSpoken.optional().describe("Used in turn, never the same twice in a row; a tool's own come first."),
    })
    .prefault({}),
  speculation: z
    .strictObject({
      tries: z.number().int().min(0).max(3).default(0).describe('Guesses for one turn; 0: none.'),
      maxSpeechMs: ms(1000, 30_000).default(10_000).describe('A caller who speaks longer than this is not guessed at.'),
    })
    .prefault({})
    .describe('Asking the model before the caller has surely finished: faster, and every wrong guess costs tokens.'),
  apology: spoken.optional().describe('Said where no answer could be had.'),
  refusal: spoken.optional().describe("Said where the service's content filter forbids an answer."),
  toolSettings: z
    .record(name, z.string())
    .default({})
    .describe('What tools are to know and no model is told, such as the hash of a PIN.'),
  tools: z.array(name).max(32).default([]).describe('Built-in tools, and file names (without ending) in tools/.'),
});

export type AgentDefinition = z.infer<typeof agentDefinition>;
