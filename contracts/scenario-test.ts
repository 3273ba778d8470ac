import { z } from 'zod';
import { name } from './agent.ts';

/**
 * A customer's test of a scenario, `agents/tests/*.yaml`: what the caller says, and what must come of it. Without a real
 * model `model` says what the model answers, request by request; with one it is left out of account.
 */
const modelLine = z.union([
  z.strictObject({ say: z.string().min(1) }),
  z.strictObject({ tool: name, with: z.record(z.string(), z.unknown()).default({}) }),
  /** Hands over to another agent. */
  z.strictObject({ handOff: name, reason: z.string().default('asked'), summary: z.string().default('') }),
]);

const ms = z.number().int().min(0).max(120_000);

const expectation = z.strictObject({
  tools: z.array(name).optional().describe('Tools that must run, in this order; others may run between them.'),
  noTools: z.array(name).optional().describe('Tools that must not.'),
  agent: name.optional().describe('The agent that has the caller when the turn is over.'),
  words: z
    .array(z.string().min(1))
    .optional()
    .describe('Words that must be heard, each a text or a /regular expression/.'),
  absent: z.array(z.string().min(1)).optional(),
  withinMs: ms.optional().describe("From the caller's last sound to the agent's first. Audio only."),
  facts: z.record(z.string(), z.string()).optional().describe('Facts known after the turn.'),
  effects: z
    .record(name, z.number().int().min(0).max(100))
    .optional()
    .describe('How often tools that change the world have been carried out in the call by then.'),
  ends: z.enum(['agent', 'person']).optional().describe('How the call ends with this turn.'),
});

const turn = z
  .strictObject({
    says: z.string().min(1).optional(),
    presses: z
      .string()
      .regex(/^[0-9*#]{1,32}$/, 'write keys: 0-9, * and #')
      .optional(),
    bargeInMs: ms
      .optional()
      .describe(
        "Speaks over the agent, so long after its first sound. In text the agent's reply is cut there by its words.",
      ),
    model: z
      .array(z.union([modelLine, z.array(modelLine).min(1)]))
      .optional()
      .describe('Each list is one answer of the model; a request more than there are lists fails the test.'),
    expect: expectation.prefault({}),
  })
  .refine(one => (one.says === undefined) !== (one.presses === undefined), 'a turn either says or presses something');

export const scenarioTest = z.strictObject({
  promise: z.string().min(1).describe('What is promised, in the present tense.'),
  scenario: name,
  caller: z
    .strictObject({
      name: z.string().optional(),
      facts: z.record(z.string(), z.string()).default({}),
      from: z
        .string()
        .regex(/^\+\d{7,15}$/, 'write a number such as +15550100')
        .optional()
        .describe('The telephone they ring from. @default one that belongs to nobody'),
    })
    .prefault({})
    .describe('What is known of the caller before.'),
  tools: z
    .record(name, z.union([z.enum(['fails', 'hangs']), z.strictObject({ answers: z.unknown() })]))
    .default({})
    .describe('What tools do in place of running. @default they run, on the records in `data/`, in memory'),
  greeting: z
    .strictObject({ words: z.array(z.string().min(1)).default([]) })
    .optional()
    .describe('What must be heard before the caller says anything.'),
  turns: z.array(turn).min(1).max(40),
  passRate: z.number().min(0).max(1).default(1).describe('Share of repetitions that must pass with a real model.'),
});
export type ScenarioTest = z.infer<typeof scenarioTest>;
export type ScenarioTestTurn = ScenarioTest['turns'][number];
