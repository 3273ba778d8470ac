/** What was heard as bodies of the wire: lower-case words while it goes on, display text and timings at the end. */
import type { Body, RecognitionStatus } from '../outgoing.ts';
import type { HeardWord } from './hearing.ts';

export interface ResultFormat {
  sampleRate: number;
  detailed: boolean;
  wordTimings: boolean;
  /** Set when the client asked which language is spoken. */
  language?: string;
}

export function ticks(samples: number, sampleRate: number): number {
  return Math.round((samples * 10_000_000) / sampleRate);
}

/** A hypothesis; undefined when the words so far are nothing but punctuation. */
export function hypothesisBody(
  words: readonly HeardWord[],
  format: ResultFormat,
): Body<'speech.hypothesis'> | undefined {
  const text = lexical(words);
  return text === '' ? undefined : { Id: newId(), Text: text, ...span(words, format), ...spoken(format) };
}

export function phraseBody(words: readonly HeardWord[], format: ResultFormat): Body<'speech.phrase'> {
  const display = words.map(word => word.text).join(' ');
  const body = { Id: newId(), RecognitionStatus: 'Success' as const, DisplayText: display, ...span(words, format) };
  if (!format.detailed) return { ...body, ...spoken(format) };
  const timings = words.map(word => ({ word, span: span([word], format) }));
  return {
    ...body,
    ...spoken(format),
    NBest: [
      {
        Confidence: 0.97,
        Lexical: lexical(words),
        ITN: lexical(words),
        MaskedITN: lexical(words),
        Display: display,
        ...(format.wordTimings && {
          Words: timings
            .filter(({ word }) => bare(word.text) !== '')
            .map(({ word, span }) => ({ Word: bare(word.text), ...span })),
          DisplayWords: timings.map(({ word, span }) => ({ DisplayText: word.text, ...span })),
        }),
      },
    ],
  };
}

export function emptyPhraseBody(
  status: Exclude<RecognitionStatus, 'Success'>,
  start: number,
  end: number,
  { sampleRate }: ResultFormat,
): Body<'speech.phrase'> {
  const Offset = ticks(start, sampleRate);
  return { Id: newId(), RecognitionStatus: status, Offset, Duration: Math.max(0, ticks(end, sampleRate) - Offset) };
}

function span(words: readonly HeardWord[], { sampleRate }: ResultFormat): { Offset: number; Duration: number } {
  const Offset = ticks(words[0]!.startSample, sampleRate);
  return { Offset, Duration: Math.max(0, ticks(words.at(-1)!.endSample, sampleRate) - Offset) };
}

function spoken({ language }: ResultFormat): { PrimaryLanguage?: { Language: string; Confidence: 'High' } } {
  return language === undefined ? {} : { PrimaryLanguage: { Language: language, Confidence: 'High' } };
}

function lexical(words: readonly HeardWord[]): string {
  return words
    .map(word => bare(word.text))
    .filter(word => word !== '')
    .join(' ');
}

/** A word as hypotheses show it: lower case, no punctuation around it. */
function bare(word: string): string {
  return word.replace(/^[\p{P}]+|[\p{P}]+$/gu, '').toLowerCase();
}

function newId(): string {
  return crypto.randomUUID().replaceAll('-', '');
}
