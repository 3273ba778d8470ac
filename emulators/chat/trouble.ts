/**
 * The ways an answer goes wrong. A rule of the script may bring one, and so may a fault set for the next requests, in the
 * same words.
 */
import { z } from 'zod';

const count = z.int().min(0);
const afterDeltas = z.strictObject({ afterDeltas: count });

export const errorSchema = z.strictObject({
  status: z.int().min(400).max(599),
  code: z.string().optional(),
  message: z.string().optional(),
  type: z.string().optional(),
  param: z.string().optional(),
  /** Sent as `retry-after-ms`, and rounded up to seconds as `retry-after`. */
  retryAfterMs: count.optional(),
  /** Sent as `retry-after` alone, as services that know no milliseconds do. */
  retryAfterSeconds: count.optional(),
});

/** Keys shared by rules and faults. Times in ms, counts in deltas. */
export const troubleShape = {
  /** An HTTP error instead of an answer. */
  error: errorSchema.optional(),
  /** Silence for ever, until the client goes away. `mid-stream` is after half of the deltas. */
  hang: z.union([z.enum(['before-headers', 'after-headers', 'mid-stream']), afterDeltas]).optional(),
  /** The socket is destroyed. */
  kill: z.union([z.literal('before-headers'), afterDeltas]).optional(),
  /** The service gives up in the middle: `response.failed`, or a bare `error` event. */
  fail: z
    .strictObject({
      afterDeltas: count.default(0),
      code: z.string().default('server_error'),
      message: z.string().default('The server had an error while processing your request.'),
      as: z.enum(['failed', 'error']).default('failed'),
    })
    .optional(),
  /** A line that is no JSON, then the answer goes on. */
  garbage: afterDeltas.optional(),
  /** A comment line and an event of a kind nobody knows yet, as new services send; then the answer goes on. */
  novelty: afterDeltas.optional(),
  /** The answer is cut short for this reason. */
  finish: z.enum(['length', 'content_filter']).optional(),
  /** The bytes arrive in crumbs, so that events and even characters are split between reads. */
  drip: z.strictObject({ bytes: z.int().min(1), everyMs: z.int().min(1) }).optional(),
};

export const troubleSchema = z.strictObject(troubleShape);
export type Trouble = z.output<typeof troubleSchema>;
export type ErrorAnswer = z.output<typeof errorSchema>;
