import { z } from 'zod';
import { agentDefinition, name, spoken, variableName, words } from './agent.ts';

/**
 * What a scenario's YAML file says: the agents that take part, who takes the caller first, who may hand over to whom, and
 * what holds for all of them. Unknown keys are refused.
 */
const inherited = agentDefinition.pick({
  voice: true,
  model: true,
  speech: true,
  turns: true,
  silence: true,
  hold: true,
  speculation: true,
  apology: true,
  refusal: true,
  mustBeHeard: true,
});

export const handoffKinds = ['announced', 'discreet'] as const;

const someWords = z.array(z.string().trim().min(1)).min(1).max(200).readonly();

/** Facts that a tool has made sure of, such as `customer-id`. */
const factName = name;

export const handoffEdge = z.strictObject({
  from: name,
  to: name,
  when: z.string().min(1).describe('Tells the model when to hand over.'),
  kind: z
    .enum(handoffKinds)
    .default('announced')
    .describe('announced: the next agent greets the caller. discreet: it goes on as if nothing had happened.'),
  says: spoken.optional().describe('Spoken by the agent that leaves.'),
  needs: z
    .array(factName)
    .max(10)
    .default([])
    .describe('Facts without which the caller may not be handed over; tools establish them, the model cannot.'),
  shares: z
    .strictObject({
      history: z
        .boolean()
        .default(true)
        .describe('Whether the next agent knows the conversation so far, or only the reason and the summary.'),
      facts: z
        .union([z.literal('all'), z.array(name).max(50)])
        .default('all')
        .describe('Facts of the call that it may know.'),
      personal: z
        .enum(['keep', 'mask'])
        .default('keep')
        .describe('mask: numbers, addresses and what tools mark as personal do not cross in clear.'),
    })
    .prefault({}),
});
export type HandoffEdge = z.infer<typeof handoffEdge>;

/** What happens when a rule is broken or its words are heard. */
export const guardActions = ['say', 'person', 'end'] as const;

export const guardrails = z.strictObject({
  maxTurns: z
    .number()
    .int()
    .min(1)
    .max(1000)
    .default(150)
    .describe('Turns of the caller after which a person is sought, or the call ended where there is none.'),
  maxSpend: z
    .number()
    .positive()
    .max(100)
    .optional()
    .describe('US dollars that models may cost in one call, after which the same is done.'),
  topics: z
    .array(z.strictObject({ name, words: someWords, says: spoken, next: z.enum(guardActions).default('say') }))
    .max(30)
    .default([])
    .describe('What agents do not talk about: answered with fixed words, and without asking a model.'),
  emergency: z
    .strictObject({
      words: words.default([]).describe("Added to the language's own."),
      says: spoken
        .optional()
        .describe('Without it: words of the language that tell to hang up and dial the emergency number.'),
      next: z.enum(guardActions).default('say'),
    })
    .optional()
    .describe('What is answered, without asking a model, to a caller in danger.'),
  abuse: z
    .strictObject({
      words: words.default([]),
      warnings: z.number().int().min(0).max(5).default(1).describe('Warnings before `next`.'),
      warning: spoken.optional(),
      says: spoken.optional(),
      next: z.enum(guardActions).default('end'),
    })
    .optional()
    .describe('What is answered to a caller who insults.'),
  personWords: z
    .boolean()
    .default(true)
    .describe("Whether plain words such as 'a person, please' reach a person without the model's doing."),
});
export type Guardrails = z.infer<typeof guardrails>;

export const scenarioDefinition = z.strictObject({
  name,
  description: z.string().min(1),
  start: name.describe('The agent that takes the caller first.'),
  agents: z.array(name).min(1).max(32).describe('The agents that take part, by the names of their files.'),
  handoffs: z.array(handoffEdge).max(200).default([]).describe('Which agent may hand the caller to which.'),
  defaults: inherited.partial().prefault({}).describe('What agents say of themselves wins over it, key by key.'),
  variables: z.record(variableName, z.string()).default({}).describe('Values for the variables of its agents.'),
  guardrails: guardrails.prefault({}).describe('What holds whatever a model says.'),
});
export type ScenarioDefinition = z.infer<typeof scenarioDefinition>;
