import { expect, test } from 'vitest';
import { createToneDecoder } from '../../tone/tone.ts';
import type { Metadata } from '../outgoing.ts';
import { createUtterance } from './utterance.ts';

const ALL = { words: true, punctuation: true, sentences: true, bookmarks: true };

function spokenIn(chunk: number, pieces: Parameters<ReturnType<typeof createUtterance>['add']>[0], wishes = ALL) {
  const utterance = createUtterance(24_000, wishes);
  utterance.add(pieces);
  const pcm: number[] = [];
  const metadata: Metadata[] = [];
  for (;;) {
    const taken = utterance.take(chunk);
    for (const one of taken.metadata) {
      // Nothing is told before its time or after it.
      expect(one.Data.Offset).toBeGreaterThanOrEqual(Math.floor((pcm.length * 10_000_000) / 24_000));
    }
    metadata.push(...taken.metadata);
    if (taken.pcm.length === 0) return { pcm: Int16Array.from(pcm), metadata };
    pcm.push(...taken.pcm);
  }
}

const shown = (metadata: Metadata[]) =>
  metadata.map(one =>
    'text' in one.Data ? `${one.Data.text.BoundaryType} ${one.Data.text.Text}` : JSON.stringify(one),
  );

test('every word, mark and sentence is bounded; the audio says the same at any chunk size', () => {
  const pieces = [{ say: '“Hi, Zoë!” It costs £5.' }, { pauseMs: 100 }, { bookmark: 'm' }, { say: 'Bye' }];
  const whole = spokenIn(1_000_000, pieces);
  expect(shown(whole.metadata)).toEqual([
    'SentenceBoundary “Hi, Zoë!”',
    'PunctuationBoundary “',
    'WordBoundary Hi',
    'PunctuationBoundary ,',
    'WordBoundary Zoë',
    'PunctuationBoundary !”',
    'SentenceBoundary It costs £5.',
    'WordBoundary It',
    'WordBoundary costs',
    'WordBoundary £5',
    'PunctuationBoundary .',
    '{"Type":"Bookmark","Data":{"Offset":57800000,"Bookmark":"m"}}'.replace(
      '57800000',
      String(bookmarkAt(whole.metadata)),
    ),
    'SentenceBoundary Bye',
    'WordBoundary Bye',
  ]);
  for (const chunk of [1, 777, 2400]) {
    const cut = spokenIn(chunk, pieces);
    expect(Buffer.from(cut.pcm.buffer).equals(Buffer.from(whole.pcm.buffer))).toBe(true);
    expect(cut.metadata).toEqual(whole.metadata);
  }
});

test('a boundary lies exactly on the word it bounds', () => {
  const { pcm, metadata } = spokenIn(2400, [{ say: 'One moment,' }, { pauseMs: 300 }, { say: 'please.' }]);
  const padded = new Int16Array(pcm.length + 480);
  padded.set(pcm);
  const words = createToneDecoder({ sampleRate: 24_000 }).push(padded);
  const bounded = metadata.flatMap(one => (one.Type === 'WordBoundary' ? [one.Data] : []));
  for (const word of words) {
    const parts = bounded.filter(({ text }) => word.text.includes(text.Text));
    expect(Math.abs(parts[0]!.Offset / 10_000 - word.startSample / 24)).toBeLessThan(3);
    const last = parts.at(-1)!;
    expect(Math.abs((last.Offset + last.Duration) / 10_000 - word.endSample / 24)).toBeLessThan(3);
  }
  expect(words.map(word => word.text)).toEqual(['One', 'moment,', 'please.']);
});

test('only what was wished for is told', () => {
  const none = { words: false, punctuation: false, sentences: false, bookmarks: false };
  expect(spokenIn(2400, [{ say: 'Hi, you.' }, { bookmark: 'm' }], none).metadata).toEqual([]);
});

function bookmarkAt(metadata: Metadata[]): number {
  const before = metadata.findIndex(one => one.Type === 'Bookmark') - 1;
  const { Offset, Duration } = metadata[before]!.Data as { Offset: number; Duration: number };
  return Offset + Duration + 100_000 + 1_000_000; // the word's last silence and the pause
}
