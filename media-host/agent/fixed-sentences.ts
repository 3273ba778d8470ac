import { sentenceCutter } from '../speech/sentences.ts';

/** The pieces in which a text that is no model's is spoken: the same wherever it is asked, so that they can be made ahead. */
export function fixedSentences(text: string): string[] {
  const cutter = sentenceCutter();
  return [...cutter.push(text), ...cutter.flush()];
}
