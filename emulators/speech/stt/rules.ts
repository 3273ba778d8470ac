/** How one turn listens: what the client asked for in its context, else in its URL, else the stand-in's knobs. */
import { z } from 'zod';
import type { Knobs } from '../knobs.ts';
import type { HearingRules } from './hearing.ts';
import type { ResultFormat } from './result.ts';

const segmentation = z.looseObject({
  segmentationSilenceTimeoutMs: z.coerce.number().optional(),
  segmentationForcedTimeoutMs: z.coerce.number().optional(),
});
const mode = z.looseObject({ segmentation: segmentation.optional() });
const speechContext = z.looseObject({
  phraseDetection: z
    .looseObject({
      initialSilenceTimeout: z.coerce.number().optional(),
      conversation: mode.optional(),
      interactive: mode.optional(),
      dictation: mode.optional(),
    })
    .optional(),
  phraseOutput: z
    .looseObject({
      format: z.string().optional(),
      detailed: z.looseObject({ options: z.array(z.string()).optional() }).optional(),
    })
    .optional(),
  languageId: z.looseObject({ languages: z.array(z.string()).optional() }).optional(),
});
export type SpeechContext = z.infer<typeof speechContext>;

const LONGEST_PHRASE_MS = 60_000;

/** Reads a `speech.context` body; throws when it is no JSON or no context. */
export function readSpeechContext(json: string): SpeechContext {
  return speechContext.parse(JSON.parse(json));
}

export function hearingRules(
  context: SpeechContext,
  url: URL,
  knobs: Knobs['stt'],
  sampleRate: number,
): Omit<HearingRules, 'ear'> {
  const detection = context.phraseDetection;
  const segments = [detection?.conversation, detection?.interactive, detection?.dictation].find(m => m?.segmentation);
  const asked = segments?.segmentation;
  return {
    sampleRate,
    segmentationSilenceMs:
      asked?.segmentationSilenceTimeoutMs ?? inUrl(url, 'segmentationSilenceTimeoutMs') ?? knobs.segmentationSilenceMs,
    longestPhraseMs: asked?.segmentationForcedTimeoutMs ?? LONGEST_PHRASE_MS,
    initialSilenceMs:
      detection?.initialSilenceTimeout ?? inUrl(url, 'initialSilenceTimeoutMs') ?? knobs.initialSilenceMs,
    hypothesisEveryMs: knobs.hypothesisEveryMs,
    unknownSpeech: knobs.unknownSpeech,
  };
}

export function resultFormat(context: SpeechContext, url: URL, sampleRate: number): ResultFormat {
  const output = context.phraseOutput;
  const format = output?.format ?? url.searchParams.get('format') ?? 'simple';
  const language = context.languageId?.languages?.[0];
  return {
    sampleRate,
    detailed: format.toLowerCase() === 'detailed',
    wordTimings:
      output?.detailed?.options?.includes('WordTimings') ?? url.searchParams.get('wordLevelTimestamps') === 'true',
    ...(language !== undefined && { language }),
  };
}

function inUrl(url: URL, name: string): number | undefined {
  const value = Number(url.searchParams.get(name) ?? Number.NaN);
  return Number.isFinite(value) ? value : undefined;
}
