/**
 * The only words the stand-in may say: every JSON body is checked against its schema before it leaves. The SDK's receive loop
 * dies without a sign on a malformed body, so a mistake here has to fail loudly on our side.
 */
import { z } from 'zod';

const ticks = z.int().nonnegative();
const timedWord = z.strictObject({ Word: z.string(), Offset: ticks, Duration: ticks });
const displayWord = z.strictObject({ DisplayText: z.string(), Offset: ticks, Duration: ticks });
const language = z.strictObject({ Language: z.string(), Confidence: z.enum(['Unknown', 'Low', 'Medium', 'High']) });

export const RECOGNITION_STATUSES = [
  'Success',
  'NoMatch',
  'InitialSilenceTimeout',
  'BabbleTimeout',
  'EndOfDictation',
  'Error',
  'TooManyRequests',
  'BadRequest',
  'Forbidden',
] as const;
export type RecognitionStatus = (typeof RECOGNITION_STATUSES)[number];

const best = z.strictObject({
  Confidence: z.number().min(0).max(1),
  Lexical: z.string(),
  ITN: z.string(),
  MaskedITN: z.string(),
  Display: z.string(),
  Words: z.array(timedWord).optional(),
  DisplayWords: z.array(displayWord).optional(),
});

const metadata = z.discriminatedUnion('Type', [
  z.strictObject({
    Type: z.literal('WordBoundary'),
    Data: z.strictObject({
      Offset: ticks,
      Duration: ticks,
      text: z.strictObject({
        Text: z.string().min(1),
        Length: z.int().positive(),
        BoundaryType: z.enum(['WordBoundary', 'PunctuationBoundary']),
      }),
    }),
  }),
  z.strictObject({
    Type: z.literal('SentenceBoundary'),
    Data: z.strictObject({
      Offset: ticks,
      Duration: ticks,
      text: z.strictObject({
        Text: z.string().min(1),
        Length: z.int().positive(),
        BoundaryType: z.literal('SentenceBoundary'),
      }),
    }),
  }),
  z.strictObject({ Type: z.literal('Bookmark'), Data: z.strictObject({ Offset: ticks, Bookmark: z.string() }) }),
  z.strictObject({ Type: z.literal('SessionEnd'), Data: z.strictObject({ Offset: ticks }) }),
]);
export type Metadata = z.infer<typeof metadata>;

const BODIES = {
  'turn.start': z.strictObject({ context: z.strictObject({ serviceTag: z.string().regex(/^[0-9a-f]{32}$/) }) }),
  'turn.end': z.strictObject({}),
  'speech.startDetected': z.strictObject({ Offset: ticks }),
  'speech.endDetected': z.strictObject({ Offset: ticks }),
  'speech.hypothesis': z.strictObject({
    Id: z.string(),
    Text: z.string().min(1),
    Offset: ticks,
    Duration: ticks,
    PrimaryLanguage: language.optional(),
  }),
  'speech.phrase': z
    .strictObject({
      Id: z.string(),
      RecognitionStatus: z.enum(RECOGNITION_STATUSES),
      DisplayText: z.string().optional(),
      Offset: ticks,
      Duration: ticks,
      PrimaryLanguage: language.optional(),
      Channel: z.int().optional(),
      NBest: z.array(best).min(1).optional(),
    })
    .refine(phrase => phrase.RecognitionStatus !== 'Success' || !!(phrase.DisplayText || phrase.NBest), {
      error: 'a phrase of status Success needs DisplayText or NBest',
    }),
  response: z.strictObject({
    context: z.strictObject({ serviceTag: z.string() }),
    audio: z.strictObject({ type: z.literal('inline'), streamId: z.string().regex(/^[0-9A-F]{32}$/) }),
  }),
  'audio.metadata': z.strictObject({ Metadata: z.array(metadata).min(1) }),
} as const;

export type ServerPath = keyof typeof BODIES;
export type Body<P extends ServerPath> = z.input<(typeof BODIES)[P]>;

/** The body as compact JSON; throws when it breaks the contract. */
export function checkedJson<P extends ServerPath>(path: P, body: Body<P>): string {
  const result = BODIES[path].safeParse(body);
  if (!result.success) {
    throw new Error(`The speech stand-in was about to send a wrong ${path}: ${z.prettifyError(result.error)}`);
  }
  return JSON.stringify(body);
}
