/** What a synthesis request asks for, read from its `synthesis.context`. Some booleans come as strings. */
import { z } from 'zod';
import type { OutputFormat } from './formats.ts';
import { outputFormat } from './formats.ts';
import type { BoundaryWishes } from './utterance.ts';

const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform(value => value === 'true')]).default(false);
const synthesisContext = z.looseObject({
  synthesis: z.looseObject({
    audio: z.looseObject({
      outputFormat: z.string(),
      metadataOptions: z
        .looseObject({
          bookmarkEnabled: flag,
          punctuationBoundaryEnabled: flag,
          sentenceBoundaryEnabled: flag,
          sessionEndEnabled: flag,
          wordBoundaryEnabled: flag,
        })
        .prefault({}),
    }),
    input: z.looseObject({ bidirectionalStreamingMode: z.boolean().optional() }).optional(),
  }),
});

export interface SynthesisWishes {
  format: OutputFormat;
  boundaries: BoundaryWishes;
  sessionEnd: boolean;
  /** The text comes in pieces. */
  streaming: boolean;
}

/** Throws with a reason when the body cannot be read or the format is not spoken here. */
export function readSynthesisContext(json: string): SynthesisWishes {
  const { audio, input } = synthesisContext.parse(JSON.parse(json)).synthesis;
  const format = outputFormat(audio.outputFormat);
  if (!format) throw new Error(`Unsupported output format ${audio.outputFormat}.`);
  const options = audio.metadataOptions;
  return {
    format,
    boundaries: {
      words: options.wordBoundaryEnabled,
      punctuation: options.punctuationBoundaryEnabled,
      sentences: options.sentenceBoundaryEnabled,
      bookmarks: options.bookmarkEnabled,
    },
    sessionEnd: options.sessionEndEnabled,
    streaming: input?.bidirectionalStreamingMode ?? false,
  };
}
