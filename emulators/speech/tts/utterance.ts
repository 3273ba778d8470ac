/**
 * What one request says: words as tone code with their boundaries, pauses and bookmarks, taken off in chunks. Text may still
 * be coming (text streaming); a word is spoken when its end is known.
 */
import { encodeWord, wordsOf } from '../../tone/tone.ts';
import type { Metadata } from '../outgoing.ts';
import type { Piece } from './ssml.ts';

export interface BoundaryWishes {
  words: boolean;
  punctuation: boolean;
  sentences: boolean;
  bookmarks: boolean;
}

export interface Utterance {
  add(pieces: readonly Piece[]): void;
  /** The next samples, at most `samples`, and the boundaries that begin in them; empty when there is nothing (yet). */
  take(samples: number): { pcm: Int16Array; metadata: Metadata[] };
  /** Samples taken so far. */
  readonly taken: number;
}

const SYMBOL_MS = 40;
/** The last tone of a word is followed by 10 ms of silence that belong to no word. */
const SILENCE_MS = 10;

interface Item {
  pcm: Int16Array;
  metadata: (offset: number) => Metadata[];
}

export function createUtterance(sampleRate: number, wishes: BoundaryWishes): Utterance {
  const items: Item[] = [];
  let into = 0;
  let taken = 0;
  const ticksOf = (samples: number): number => Math.round((samples * 10_000_000) / sampleRate);

  function addSentence(sentence: string): void {
    const words = wordsOf(sentence).map(word => wordItem(word));
    const first = words[0];
    if (!first) return;
    if (wishes.sentences) {
      const duration = ticksOf(words.reduce((total, word) => total + word.pcm.length, 0));
      const ofWord = first.metadata;
      first.metadata = offset => [boundary('SentenceBoundary', sentence.trim(), offset, duration), ...ofWord(offset)];
    }
    items.push(...words);
  }

  function wordItem(word: string): Item {
    const pcm = encodeWord(word, { sampleRate });
    const spans = spansOf(word, (pcm.length * 1000) / sampleRate - SILENCE_MS).filter(span =>
      span.type === 'WordBoundary' ? wishes.words : wishes.punctuation,
    );
    return {
      pcm,
      metadata: offset =>
        spans.map(({ type, text, fromMs, toMs }) =>
          boundary(type, text, offset + fromMs * 10_000, (toMs - fromMs) * 10_000),
        ),
    };
  }

  return {
    get taken() {
      return taken;
    },
    add(pieces) {
      for (const piece of pieces) {
        if ('say' in piece) {
          for (const sentence of piece.say.split(/(?<=[.!?…。！？]["')\]”’]*)\s+/u)) addSentence(sentence);
        } else if ('pauseMs' in piece) {
          items.push({ pcm: new Int16Array(Math.round((piece.pauseMs * sampleRate) / 1000)), metadata: () => [] });
        } else if (wishes.bookmarks) {
          items.push({
            pcm: new Int16Array(0),
            metadata: Offset => [{ Type: 'Bookmark', Data: { Offset, Bookmark: piece.bookmark } }],
          });
        }
      }
    },
    take(samples) {
      const parts: Int16Array[] = [];
      const metadata: Metadata[] = [];
      let have = 0;
      while (items[0] && (have < samples || items[0].pcm.length === 0)) {
        const item = items[0];
        if (into === 0) metadata.push(...item.metadata(ticksOf(taken + have)));
        const part = item.pcm.subarray(into, into + samples - have);
        parts.push(part);
        have += part.length;
        into += part.length;
        if (into < item.pcm.length) break;
        items.shift();
        into = 0;
      }
      const pcm = new Int16Array(have);
      let at = 0;
      for (const part of parts) {
        pcm.set(part, at);
        at += part.length;
      }
      taken += have;
      return { pcm, metadata };
    },
  };
}

function boundary(
  type: 'WordBoundary' | 'PunctuationBoundary' | 'SentenceBoundary',
  text: string,
  offset: number,
  duration: number,
): Metadata {
  const Data = { Offset: Math.round(offset), Duration: Math.round(duration) };
  const about = { Text: text, Length: text.length };
  if (type === 'SentenceBoundary') {
    return { Type: type, Data: { ...Data, text: { ...about, BoundaryType: type } } };
  }
  return { Type: 'WordBoundary', Data: { ...Data, text: { ...about, BoundaryType: type } } };
}

const PUNCTUATED = /^([("'“‘«[{¿¡—–-]*)(.*?)([.,;:!?…"'”’»)\]}—–-]*)$/su;

/** A written word as the service bounds it: marks before and after have spans of their own. */
function spansOf(word: string, wholeMs: number): { type: BoundaryKind; text: string; fromMs: number; toMs: number }[] {
  const [, before = '', core = '', after = ''] = PUNCTUATED.exec(word) ?? ['', '', word, ''];
  if (core === '') return [{ type: 'PunctuationBoundary', text: word, fromMs: 0, toMs: wholeMs }];
  const beforeMs = Buffer.byteLength(before) * SYMBOL_MS;
  const afterMs = Buffer.byteLength(after) * SYMBOL_MS;
  return [
    { type: 'PunctuationBoundary' as const, text: before, fromMs: 0, toMs: beforeMs },
    { type: 'WordBoundary' as const, text: core, fromMs: beforeMs, toMs: wholeMs - afterMs },
    { type: 'PunctuationBoundary' as const, text: after, fromMs: wholeMs - afterMs, toMs: wholeMs },
  ].filter(span => span.text !== '');
}

type BoundaryKind = 'WordBoundary' | 'PunctuationBoundary';
