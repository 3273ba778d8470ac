import { addressRules } from './spoken/addresses.ts';
import { clockRules } from './spoken/clock-times.ts';
import { dateRules } from './spoken/dates.ts';
import { digitRules } from './spoken/digits.ts';
import { english } from './spoken/english.ts';
import { french } from './spoken/french.ts';
import { german } from './spoken/german.ts';
import { measureRules } from './spoken/measures.ts';
import { moneyRules } from './spoken/money.ts';
import type { Part, Rule } from './spoken/rule.ts';
import { signRules } from './spoken/signs.ts';
import { spanish } from './spoken/spanish.ts';
import type { Tongue } from './spoken/tongue.ts';

/**
 * What a model wrote for eyes as people say it: amounts, dates, times, numbers of telephones, addresses, signs. Every
 * place in the spoken text is known as a place in the original, since the record keeps the original and a caller who
 * interrupts has heard a part of it. A language without a table is left as it is.
 */
export interface SpokenForm {
  spoken: string;
  /**
   * How many characters of the original have been said when `spokenOffset` characters of `spoken` have been; of a piece
   * that is said in other words, all or nothing.
   */
  originalAt(spokenOffset: number): number;
}

/** @param language a locale, such as en-GB */
export function spokenForm(text: string, language: string): SpokenForm {
  const rules = rulesOf(language);
  let form: SpokenForm = { spoken: text, originalAt: offset => Math.max(0, Math.min(offset, text.length)) };
  if (rules.length === 0) return form;
  // What stands beside a sign can hide it from a rule until it is said in words itself.
  for (let pass = 0; pass < mostPasses; pass++) {
    const { spoken, originalAt } = once(form.spoken, rules);
    if (spoken === form.spoken) break;
    const before = form.originalAt;
    form = { spoken, originalAt: offset => before(originalAt(offset)) };
  }
  return form;
}

const mostPasses = 4;

function once(text: string, rules: readonly Rule[]): SpokenForm {
  const segments: Segment[] = [];
  let spoken = '';
  let at = 0;
  const add = (said: string, length: number, verbatim: boolean) => {
    const from = spoken.length;
    spoken += said;
    const done = verbatim ? spoken.length : from + said.trimEnd().length;
    segments.push({ from, done, originalFrom: at, originalTo: at + length, verbatim });
    at += length;
  };
  for (const { from, parts } of saidOtherwise(text, rules)) {
    if (from > at) add(text.slice(at, from), from - at, true);
    for (const part of parts) add(part.spoken, part.length, part.spoken === text.slice(at, at + part.length));
  }
  if (at < text.length) add(text.slice(at), text.length - at, true);
  return { spoken, originalAt: offset => originalAt(segments, offset) };
}

interface Segment {
  from: number;
  /** The spoken offset at which all of it has been said. */
  done: number;
  originalFrom: number;
  originalTo: number;
  verbatim: boolean;
}

function originalAt(segments: readonly Segment[], offset: number): number {
  let reached = 0;
  for (const { from, done, originalFrom, originalTo, verbatim } of segments) {
    if (offset >= done) reached = originalTo;
    else {
      if (verbatim && offset > from) reached = originalFrom + offset - from;
      break;
    }
  }
  return reached;
}

interface Found {
  from: number;
  to: number;
  parts: readonly Part[];
}

/** The pieces that are said otherwise than written, from left to right; where two begin together the earlier rule wins. */
function* saidOtherwise(text: string, rules: readonly Rule[]): Generator<Found> {
  const next: (Found | 'none' | undefined)[] = rules.map(() => undefined);
  let at = 0;
  for (;;) {
    let first: Found | undefined;
    for (const [i, rule] of rules.entries()) {
      let found = next[i];
      if (found === 'none') continue;
      if (!found || found.from < at) next[i] = found = find(text, rule, at) ?? 'none';
      if (found !== 'none' && (!first || found.from < first.from)) first = found;
    }
    if (!first) return;
    yield first;
    at = first.to;
  }
}

function find(text: string, { pattern, say }: Rule, from: number): Found | undefined {
  pattern.lastIndex = from;
  for (;;) {
    const match = pattern.exec(text);
    if (!match) return undefined;
    const length = match[0].length;
    const said = length === 0 ? undefined : say(match);
    if (said !== undefined) {
      const parts = typeof said === 'string' ? [{ spoken: said, length }] : said;
      return { from: match.index, to: parts.reduce((to, part) => to + part.length, match.index), parts };
    }
    pattern.lastIndex = match.index + 1;
  }
}

const tongues: Readonly<Record<string, (language: string) => Tongue>> = {
  en: english,
  es: () => spanish,
  de: () => german,
  fr: () => french,
};
const known = new Map<string, readonly Rule[]>();

function rulesOf(language: string): readonly Rule[] {
  const rules = known.get(language) ?? makeRules(language);
  // Languages come from agent files: a handful. The bound only keeps a mistake from growing.
  if (known.size < 64) known.set(language, rules);
  return rules;
}

function makeRules(language: string): readonly Rule[] {
  const tongue = tongues[language.slice(0, 2).toLowerCase()]?.(language);
  if (!tongue) return [];
  const makers = [addressRules, dateRules, clockRules, moneyRules, measureRules, digitRules, signRules];
  return makers.flatMap(make => make(tongue));
}
