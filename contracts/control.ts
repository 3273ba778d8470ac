import { z } from 'zod';

/**
 * What the control plane tells the media host about a live call, over the Web PubSub group of the call. A message may come
 * twice, or late: `id` tells one from another, and none of them is the only way to learn what it says.
 */
export const controlHub = 'control';
export const controlGroup = (callId: string): string => `call.${callId}`;

const base = { id: z.string().min(1), at: z.number().int() };

export const controlMessage = z.discriminatedUnion('do', [
  /**
   * A person is being sought: the agent answers nothing until it hears more, and says what is true. `asking`: which of
   * how many; `next`: the last one did not take the call.
   */
  z.object({
    ...base,
    do: z.literal('seek-person'),
    stage: z.enum(['ringing', 'briefing', 'next']),
    asking: z.number().int().min(1),
    of: z.number().int().min(1),
  }),
  /** A person has the caller: the agent falls silent for good, and no longer listens. */
  z.object({ ...base, do: z.literal('leave') }),
  /** Nobody took the call: the agent apologises, goes on, and knows why. */
  z.object({ ...base, do: z.literal('back-to-agent'), reason: z.enum(['nobody', 'person-left', 'cancelled']) }),
  /** Says this as soon as the agent's turn allows. */
  z.object({ ...base, do: z.literal('say'), text: z.string().min(1).max(2000) }),
  /** A key the caller pressed, as the carrier's callback told it; `sequence` orders them. Never a name or a log line. */
  z.object({ ...base, do: z.literal('tone'), tone: z.string().length(1), sequence: z.number().int() }),
  /** What a handler of events has written for the agent to know. */
  z.object({ ...base, do: z.literal('remember'), facts: z.record(z.string(), z.string()) }),
  /** Leave this host at the next turn boundary: the carrier connects again, elsewhere. */
  z.object({ ...base, do: z.literal('move') }),
]);
export type ControlMessage = z.infer<typeof controlMessage>;

/** Where the media host asks the control plane for a person. */
export const handoffPath = (callId: string): string => `/api/v1/calls/${callId}/handoff`;

/** Where the media host has an effect of a tool carried out, once. */
export const effectsPath = (callId: string): string => `/api/v1/calls/${callId}/effects`;

/** Where the media host says what it carries; the control plane notices who has fallen silent. */
export const heartbeatPath = '/api/v1/hosts/heartbeat';

export const heartbeat = z.strictObject({
  hostId: z.string().min(1).max(64),
  /** Grows with each beat of one host; an older one changes nothing. */
  beat: z.number().int().min(0),
  places: z.number().int().min(0),
  calls: z.array(z.string().regex(/^[0-9a-f]{32}$/)).max(5000),
  draining: z.boolean(),
  /** Of the host's media thread, ms. */
  loopP99Ms: z.number(),
});
export type Heartbeat = z.infer<typeof heartbeat>;

export const effectAsk = z.strictObject({
  /** The same for every try of one effect. */
  key: z.string().regex(/^[\w.:-]{8,200}(~\d{1,3})?$/),
  tool: z.string().min(1).max(80),
  arguments: z.record(z.string(), z.unknown()),
  /** What tools have established in the call: those that the tool needs are among them. */
  facts: z.record(z.string().max(80), z.string().max(2000)).optional(),
});
export type EffectAsk = z.infer<typeof effectAsk>;

/**
 * A failed effect may have changed the world before it failed. Who wants it done after all asks under the key of a further
 * try, `…~2`: its tool runs again, and shows the world the idempotency key of the first.
 */
export function furtherTry(key: string): string {
  const [first, tries = '1'] = key.split('~');
  return `${first}~${Number(tries) + 1}`;
}

export const firstTry = (key: string): string => key.split('~')[0] ?? key;

/** Seconds within a `Prefer: wait=…` header that the asker would rather wait than come back. */
export const longestEffectWaitSeconds = 20;

/**
 * How an effect stands. 200 `done`: it was carried out, `result` is what the tool said. 202 `running`: ask again at the
 * Location of the reply. A tool that failed or ran out of time is 424 with its `code`; it is not tried again under this key.
 * A tool whose `needs` are not among the facts is 403.
 */
export const effectReply = z.discriminatedUnion('status', [
  z.object({ status: z.literal('done'), result: z.unknown() }),
  z.object({ status: z.literal('running') }),
]);
export type EffectReply = z.infer<typeof effectReply>;
