/** How the stand-in behaves when nothing is wrong: pace, delays, limits. All can be turned while it runs. */
import { z } from 'zod';

const ms = z.int().nonnegative();

const timelineEntry = z.strictObject({
  /** Position in the turn's audio, in ms. */
  atMs: ms,
  say: z.enum(['hypothesis', 'phrase', 'no-match']),
  text: z.string().default(''),
});
export type TimelineEntry = z.infer<typeof timelineEntry>;

const sttKnobs = z.strictObject({
  /** Whether the service keeps one turn open for the whole call or ends it after every phrase. */
  turns: z.enum(['per-call', 'per-phrase']),
  /** Least audio time between hypotheses, in ms. */
  hypothesisEveryMs: ms,
  /** Added before a hypothesis is sent, in ms. */
  hypothesisDelayMs: ms,
  /** Added before a final phrase is sent, in ms. */
  finalDelayMs: ms,
  /** Silence that ends a phrase when the client names none, in ms. */
  segmentationSilenceMs: ms,
  /** Silence that gives a NoMatch when the client names none, in ms; 0 = never. */
  initialSilenceMs: ms,
  /** What speech without known words becomes: a NoMatch, or always this text. */
  unknownSpeech: z.union([z.literal('no-match'), z.strictObject({ text: z.string().min(1) })]),
  /** Recognitions at once; more are refused by `quotaAs`. */
  quota: z.int().positive(),
  /** Form of the refusal: HTTP 429 on the upgrade, or a phrase of status TooManyRequests. */
  quotaAs: z.enum(['upgrade', 'phrase']),
  /** Timelines by name; a client chooses one by the query parameter `scenario`. */
  timelines: z.record(z.string(), z.array(timelineEntry)),
});

const ttsKnobs = z.strictObject({
  /** From the request to its first audio, in ms. */
  firstAudioMs: ms,
  /** Audio sent at once, in ms, before the pace begins. */
  burstMs: ms,
  /** Audio time per wall time after the burst; 2 = twice real time. */
  speed: z.number().positive(),
  /** Audio per message, in ms. */
  chunkMs: z.int().min(10).max(1000),
  /** Whether `synthesis.control` with action stop ends the turn. */
  stop: z.enum(['honoured', 'ignored']),
});

const knobs = z.strictObject({ stt: sttKnobs, tts: ttsKnobs });
const changes = z.strictObject({ stt: sttKnobs.partial().optional(), tts: ttsKnobs.partial().optional() });

export type Knobs = z.infer<typeof knobs>;
export type KnobChanges = z.input<typeof changes>;

export const DEFAULT_KNOBS: Knobs = {
  stt: {
    turns: 'per-call',
    hypothesisEveryMs: 300,
    hypothesisDelayMs: 0,
    finalDelayMs: 60,
    segmentationSilenceMs: 500,
    initialSilenceMs: 15_000,
    unknownSpeech: 'no-match',
    quota: 100,
    quotaAs: 'upgrade',
    timelines: {},
  },
  tts: { firstAudioMs: 40, burstMs: 400, speed: 2, chunkMs: 100, stop: 'honoured' },
};

/** Turns knobs in place; an unknown name or a wrong value is an error that names it, and changes nothing. */
export function turnKnobs(current: Knobs, change: unknown): void {
  const result = changes.safeParse(change);
  if (!result.success) throw new Error(`These knobs cannot be turned so:\n${z.prettifyError(result.error)}`);
  Object.assign(current.stt, present(result.data.stt));
  Object.assign(current.tts, present(result.data.tts));
}

function present(change: object = {}): object {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
