import { z } from 'zod';

/**
 * What happens in a call's conversation, as the media host journals it: append-only, numbered without gaps, enough to
 * rebuild the call. Times named `…Ms` are milliseconds since the media socket first opened; `at` is epoch milliseconds.
 * Digits a caller presses are counted and never written down: they may be a PIN.
 */
const ms = z.number().int();

const kinds = {
  'media-opened': z.object({
    hostId: z.string(),
    mode: z.string(),
    scenario: z.string().optional(),
    agent: z.string(),
    agentVersion: z.string(),
    sampleRate: z.number().int(),
  }),
  /** What the caller said in a turn, all of it; a later one of the same turn takes its place. */
  'caller-spoke': z.object({ turn: z.number().int(), text: z.string(), startMs: ms, endMs: ms }),
  /** Words over the agent that asked for nothing, such as "uh-huh". */
  'caller-aside': z.object({ turn: z.number().int(), text: z.string(), startMs: ms, endMs: ms }),
  'agent-spoke': z.object({
    turn: z.number().int(),
    agent: z.string(),
    /** All that was synthesised for the turn. */
    text: z.string(),
    /** The part whose last word had been played out when the turn ended. */
    heard: z.string(),
    interrupted: z.boolean(),
    startMs: ms,
    endMs: ms,
    /** Caller's last sound to the first agent sample on the wire; absent where the agent spoke unasked. */
    replyMs: ms.optional(),
    /** The part of replyMs that no service and no chosen delay explains. */
    ownMs: ms.optional(),
    /** Where replyMs went. The caller's last sound to the decision that the turn is over: a chosen delay. */
    endOfTurnMs: ms.optional(),
    /** The caller's last sound to the final transcript; the decision may come before it. */
    sttMs: ms.optional(),
    /** Asking the model to its first token, rounds of tools included; first token to first sentence. */
    modelMs: ms.optional(),
    sentenceMs: ms.optional(),
    /** Asking for sound to its first byte; first byte to first frame on the wire. */
    ttsMs: ms.optional(),
    outMs: ms.optional(),
  }),
  /**
   * What the agent is saying, as far as it is known: `said` has sounded whole, `text` begins with the sentence that sounds
   * now. A later one of the turn takes its place, `agent-spoke` ends it. `complete`: no further sentence will come.
   */
  'agent-speaking': z.object({
    turn: z.number().int(),
    agent: z.string(),
    said: z.string(),
    text: z.string(),
    complete: z.boolean(),
  }),
  'barge-in': z.object({
    turn: z.number().int(),
    by: z.enum(['voice', 'dtmf']),
    /** Monotonic microseconds of the media host's machine at the decision, to be set against StopAudio on the wire. */
    decidedAtUs: z.number().int(),
    /** Audio made but never sent, and audio sent but not yet played, both given up. */
    unsentMs: ms,
    unplayedMs: ms,
  }),
  /** The caller sounded over the agent: how the doubt ended. Monotonic microseconds of the media host's machine. */
  'floor-disputed': z.object({
    turn: z.number().int(),
    outcome: z.enum(['raised', 'given-back', 'stopped']),
    /** The first lowered frame on the wire. */
    loweredAtUs: z.number().int().optional(),
    /** The agent fell silent and kept its sentence. */
    heldAtUs: z.number().int().optional(),
    atUs: z.number().int(),
  }),
  'tool-ran': z.object({
    turn: z.number().int(),
    name: z.string(),
    ok: z.boolean(),
    ms,
    code: z.string().optional(),
    /** What the tool says of its result; nothing personal is in it. */
    summary: z.string().optional(),
  }),
  /** Another agent has the caller, or the same one another language; `visit` counts this agent's turns with the caller. */
  'agent-changed': z.object({
    turn: z.number().int(),
    from: z.string(),
    to: z.string(),
    version: z.string(),
    kind: z.enum(['announced', 'discreet', 'language']),
    language: z.string(),
    visit: z.number().int(),
    reason: z.string(),
    /** What the agent was told; it goes on from there when another host takes over. */
    context: z.string(),
    /** Whether it knows what was said before. */
    knowsAll: z.boolean(),
    /** Of the facts known by then, those it may know, and whether numbers and what is personal are masked in what it was given. */
    facts: z.union([z.literal('all'), z.array(z.string())]).optional(),
    personal: z.enum(['keep', 'mask']).optional(),
  }),
  /** A fact of the call. `tool`: made sure of, and asked for by gates; `agent`: what the caller says of themselves. */
  known: z.object({
    turn: z.number().int(),
    name: z.string(),
    value: z.string(),
    by: z.enum(['tool', 'agent']),
    personal: z.boolean(),
  }),
  /** A rule of the scenario took the turn from the model; `rule` names it. */
  guarded: z.object({
    turn: z.number().int(),
    rule: z.enum(['max-turns', 'max-spend', 'topic', 'emergency', 'abuse', 'person']),
    name: z.string().optional(),
    next: z.enum(['say', 'person', 'end']),
  }),
  /** The agent ends the call, once what it said has been heard. */
  'end-asked': z.object({ turn: z.number().int(), reason: z.string() }),
  /**
   * The control plane was asked to do something that cannot be undone; under one key it is done once. Whoever takes the
   * call over asks again under the key, for which it takes the arguments, whole; `personal` names those nobody else may show.
   */
  'effect-began': z.object({
    turn: z.number().int(),
    name: z.string(),
    key: z.string(),
    arguments: z.string(),
    personal: z.array(z.string()).optional(),
  }),
  'model-ran': z.object({
    turn: z.number().int(),
    model: z.string(),
    ttftMs: ms,
    ms,
    inputTokens: z.number().int(),
    outputTokens: z.number().int(),
    cachedTokens: z.number().int(),
    /** Millionths of a US dollar, where the price of the model is known. */
    costMicros: z.number().int().optional(),
    cancelled: z.boolean(),
    code: z.string().optional(),
  }),
  'dtmf-pressed': z.object({ turn: z.number().int() }),
  /** Keys that made one answer; `count` of them. */
  'digits-given': z.object({ turn: z.number().int(), count: z.number().int() }),
  /** A secret that was asked for by keys was compared. */
  'pin-checked': z.object({ turn: z.number().int(), ok: z.boolean() }),
  /** The agent has asked the control plane for a person. */
  'handoff-asked': z.object({ turn: z.number().int(), reason: z.string() }),
  /** How the search stands, as the control plane told it. */
  'person-sought': z.object({
    turn: z.number().int(),
    stage: z.enum(['ringing', 'briefing', 'next']),
    asking: z.number().int(),
    of: z.number().int(),
  }),
  /** A person has the caller. */
  'handed-over': z.object({ turn: z.number().int() }),
  /** `refused`: the control plane would not, or could not be reached. `unheard`: it has said nothing for too long. */
  'back-with-agent': z.object({
    turn: z.number().int(),
    reason: z.enum(['nobody', 'person-left', 'cancelled', 'refused', 'unheard']),
  }),
  'service-failed': z.object({ service: z.enum(['stt', 'tts', 'model', 'agent']), code: z.string() }),
  'media-closed': z.object({
    reason: z.enum(['caller-left', 'connection-lost', 'replaced', 'drained', 'failed', 'handed-over']),
    code: z.number().int(),
  }),
} as const;

type Kinds = typeof kinds;
export type CallEventType = keyof Kinds;

/** One fact, before the journal has numbered it. */
export type CallFact = { [T in CallEventType]: { type: T } & z.infer<Kinds[T]> }[CallEventType];

/** One line of the journal. */
export type CallEvent = CallFact & { seq: number; at: number };

/** @throws ZodError when the line is of no known type or misses a field. */
export function parseCallEvent(line: unknown): CallEvent {
  const { type, seq, at } = z
    .object({ type: z.string(), seq: z.number().int().min(0), at: z.number().int() })
    .parse(line);
  const kind = (kinds as Record<string, z.ZodType>)[type];
  if (!kind)
    throw new z.ZodError([
      { code: 'custom', path: ['type'], message: `no journal event is called "${type}"`, input: type },
    ]);
  return { ...(kind.parse(line) as object), type, seq, at } as CallEvent;
}
