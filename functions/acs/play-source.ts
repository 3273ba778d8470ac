import type { PlaySource } from './orders.ts';

/** Sound as ACS plays it: a WAV file it fetches itself, or text it speaks with a voice of the linked Speech resource. */
export function playSource(source: PlaySource) {
  if ('file' in source) return { kind: 'fileSource', url: source.file } as const;
  const { text, voice, language } = source;
  return {
    kind: 'textSource',
    text,
    // A neural voice knows its language; without a voice ACS wants to be told one.
    ...(voice !== undefined ? { voiceName: voice } : { sourceLocale: language ?? 'en-US' }),
  } as const;
}
