/** Fields that both wires spell alike, with the limits the service sets. */
import { z } from 'zod';

/** An absent field and a null one mean the same to the service. */
export function maybe<T extends z.ZodType>(schema: T) {
  return schema.nullish();
}

export const toolName = z
  .string()
  .max(64)
  .regex(
    /^[a-zA-Z0-9_-]+$/,
    "string does not match pattern. Expected a string that matches the pattern '^[a-zA-Z0-9_-]+$'",
  );

export const jsonSchema = z.record(z.string(), z.unknown());

export const sharedFields = {
  model: z.string().min(1),
  stream: maybe(z.boolean()),
  store: maybe(z.boolean()),
  metadata: maybe(z.record(z.string().max(64), z.string().max(512))),
  parallel_tool_calls: maybe(z.boolean()),
  // Longer keys are refused by OpenAI and Azure alike.
  prompt_cache_key: maybe(z.string().max(64)),
  prompt_cache_retention: maybe(z.enum(['in_memory', 'in-memory', '24h'])),
  safety_identifier: maybe(z.string().max(64)),
  service_tier: maybe(z.enum(['auto', 'default', 'flex', 'scale', 'priority', 'fast'])),
  temperature: maybe(z.number().min(0).max(2)),
  top_p: maybe(z.number().min(0).max(1)),
  top_logprobs: maybe(z.int().min(0).max(20)),
  user: maybe(z.string()),
};

/** The same property of both wires' named tool choice and tools: a choice must name a tool that is offered. */
export function isOffered(choice: unknown, names: string[]): boolean {
  return typeof choice !== 'object' || choice === null || names.includes((choice as { name: string }).name);
}
