import { judgeStop } from './stops.ts';

/**
 * Cuts streamed text into pieces that can be spoken on their own. The first piece may be a clause, so that the caller
 * hears something early; later ones are sentences. A cut never depends on how the text was split into deltas: where a
 * character still to come could change the decision, the cutter waits for it.
 */
export interface SentenceCutter {
  /** Takes the next delta and gives back the pieces it completed, in order. */
  push(delta: string): string[];
  /** Gives back what is left; the text has ended. */
  flush(): string[];
}

export interface CutterOptions {
  /**
   * Characters the first piece has at least before it may end at a clause.
   * @default 24
   */
  firstMinChars?: number;
  /**
   * Characters a piece has at most; a longer run without a stop is cut at a clause or a space.
   * @default 300
   */
  maxChars?: number;
}

export function sentenceCutter({ firstMinChars = 24, maxChars = 300 }: CutterOptions = {}): SentenceCutter {
  let buffer = '';
  let clauseFrom = firstMinChars;

  const take = (ended: boolean): string[] => {
    const pieces: string[] = [];
    for (;;) {
      buffer = buffer.trimStart();
      const text = ended ? buffer : wholeCharacters(buffer);
      const end = nextCut(text, { clauseFrom, maxChars, ended });
      if (end === undefined) return pieces;
      pieces.push(buffer.slice(0, end).trimEnd());
      buffer = buffer.slice(end);
      clauseFrom = Number.POSITIVE_INFINITY;
    }
  };

  return {
    push(delta) {
      buffer += delta;
      return take(false);
    },
    flush: () => take(true),
  };
}

/** A whole text in the pieces in which it would be spoken if it came as a stream. */
export function cutWhole(text: string, options?: CutterOptions): string[] {
  const cutter = sentenceCutter(options);
  return [...cutter.push(text), ...cutter.flush()];
}

interface CutRules {
  /** A clause that ends here or later may be a piece. */
  clauseFrom: number;
  maxChars: number;
  /** No more text will come. */
  ended: boolean;
}

const mark = /[.!?…]+|[。！？।؟]+|[,;:]|[—–-]|\n/gu;
const closers = /["'”’»)\]}*_`]*/uy;
const speakable = /[\p{L}\p{N}]/u;

/** Where `text`, which begins with no white space, is cut next; undefined while that cannot be said. */
function nextCut(text: string, { clauseFrom, maxChars, ended }: CutRules): number | undefined {
  let lastClause = 0;
  for (const { 0: found, index } of text.matchAll(mark)) {
    const end = isDash(found) || found === '\n' ? index + found.length : afterClosers(text, index + found.length);
    if (end > maxChars) break;
    const kind = kindOf(text, index, found, end, ended);
    if (kind === 'unknown') return undefined;
    if (kind === 'inside' || !speakable.test(text.slice(0, index))) continue;
    if (kind === 'sentence' || end >= clauseFrom) return end;
    lastClause = end;
  }
  if (text.length > maxChars) return forcedCut(text, lastClause, maxChars);
  return ended && text !== '' ? text.length : undefined;
}

/** What ends at the mark `found`, which stands at `index`, with its closing quotes and brackets at `end`. */
function kindOf(text: string, index: number, found: string, end: number, ended: boolean) {
  if (found === '\n') return 'sentence';
  if (end === text.length) return ended ? 'sentence' : 'unknown';
  if (/[。！？।؟]/u.test(found)) return 'sentence';
  if (found !== '—' && !/\s/u.test(text.charAt(end))) return 'inside';

  const next = nextCharacter(text, end, ended);
  if (/[.!?…]/u.test(found)) {
    const verdict = judgeStop(text.slice(0, index), found, end > index + found.length, next);
    return verdict === 'end' ? 'sentence' : verdict;
  }
  if (isDash(found) && found !== '—' && !/\s/u.test(text.charAt(index - 1))) return 'inside';
  if (next === undefined) return 'unknown';
  // "4, 7, 1" and "9 - 17" are said in one breath.
  return /\d\s*$/.test(text.slice(0, index)) && /\d/.test(next) ? 'inside' : 'clause';
}

function isDash(found: string): boolean {
  return found === '—' || found === '–' || found === '-';
}

function afterClosers(text: string, from: number): number {
  closers.lastIndex = from;
  return from + (closers.exec(text)?.[0].length ?? 0);
}

/** The first character after the white space; '' where the text has ended, undefined while it has not come. */
function nextCharacter(text: string, from: number, ended: boolean): string | undefined {
  return text.slice(from).match(/\S/u)?.[0] ?? (ended ? '' : undefined);
}

function forcedCut(text: string, lastClause: number, maxChars: number): number {
  if (lastClause > maxChars / 3) return lastClause;
  const space = text.slice(0, maxChars + 1).search(/\s\S*$/u);
  if (space > 0) return space;
  return isHighSurrogate(text, maxChars - 1) ? maxChars - 1 : maxChars;
}

/** The text without half a character at its end. */
function wholeCharacters(text: string): string {
  return isHighSurrogate(text, text.length - 1) ? text.slice(0, -1) : text;
}

function isHighSurrogate(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff;
}
