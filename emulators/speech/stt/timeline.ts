/** A recognizer that says what a script tells it to, at positions of the audio, whatever the audio holds. */
import type { TimelineEntry } from '../knobs.ts';
import { type Hearer, type Hearing, spread } from './hearing.ts';

export function createTimelineHearer(timeline: readonly TimelineEntry[], sampleRate: number): Hearer {
  const left = [...timeline].sort((a, b) => a.atMs - b.atMs);
  let position = 0;
  let phraseStart = 0;
  let started = false;

  function say({ say, text }: TimelineEntry, at: number): Hearing[] {
    const out: Hearing[] = [];
    if (!started && say !== 'no-match') out.push({ type: 'speech-started', at: phraseStart });
    started = say === 'hypothesis';
    if (say === 'hypothesis') return [...out, { type: 'hypothesis', words: spread(text, phraseStart, at) }];
    out.push({ type: 'speech-ended', at });
    if (say === 'phrase') out.push({ type: 'phrase', words: spread(text, phraseStart, at) });
    else out.push({ type: 'no-match', why: 'NoMatch', start: phraseStart, end: at });
    phraseStart = at;
    return out;
  }

  return {
    get position() {
      return position;
    },
    push(pcm) {
      position += pcm.length;
      const out: Hearing[] = [];
      while (left[0] && (left[0].atMs * sampleRate) / 1000 <= position) {
        const entry = left.shift()!;
        out.push(...say(entry, Math.round((entry.atMs * sampleRate) / 1000)));
      }
      return out;
    },
    finish: () => [],
  };
}
