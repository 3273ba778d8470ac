import { z } from 'zod';

const name = z.string().regex(/^[a-z][a-z0-9-]*$/, 'use lower-case letters, digits and dashes');

/** What an agent's YAML file says. Unknown keys are refused. */
export const agentDefinition = z.strictObject({
  name,
  description: z.string().min(1),
  /** Spoken as the call begins. */
  greeting: z.string().min(1),
  /** Spoken when the same agent takes the caller again. */
  returnGreeting: z.string().min(1).optional(),
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
  /** File names (without ending) in agents/tools. */
  tools: z.array(name).max(32).default([]),
});

export type AgentDefinition = z.infer<typeof agentDefinition>;
