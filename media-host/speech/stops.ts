/**
 * Which full stops end a sentence. Abbreviations, initials and list numbers end none; words that may do either ("6 p.m.")
 * end one when a capital letter follows.
 */

/** The stop ends a sentence, does not, or cannot be judged before more text has come. */
export type Verdict = 'end' | 'inside' | 'unknown';

/** Never the last word. */
const leading = words('e.g i.e cf vs viz approx ca al pp mr mrs ms mx dr messrs');
/** Never the last word where they begin with a capital: "Rep. Lee", but "call a rep." */
const titles = words('Prof Rev Hon Gen Col Capt Lt Sgt Sen Rep Gov St Mt Ft');
/** May be the last word. */
const doubtful = words(`etc inc ltd co corp jr sr dept ave blvd rd bros est min max sec hr hrs ft
  jan feb mar apr jun jul aug sep sept oct nov dec mon tue tues wed thu thur thurs fri`);
/** Abbreviations only where a number follows: "No. 5", but "No. We are closed." */
const numbered = words('no nos nr ch sect vol fig ext tel');

const dotted = /^(?:\p{L}\.)+\p{L}$/u;
const initial = /^\p{L}$/u;
const listNumber = /^[\s"'“(*_-]*\d{1,3}$/u;

/**
 * Judges the stop or run of stops that follows `before` and is followed by white space.
 * @param before the piece so far, without the stops
 * @param stops such as ".", "?!" or "..."
 * @param closed whether quotes or brackets stand between the stops and the white space
 * @param next the first character after the white space; undefined while it has not come
 */
export function judgeStop(before: string, stops: string, closed: boolean, next: string | undefined): Verdict {
  if (closed || stops === '…' || /^\.{2,}$/.test(stops)) {
    if (next === undefined) return 'unknown';
    return /\p{Ll}/u.test(next) ? 'inside' : 'end';
  }
  if (stops !== '.') return 'end';
  if (listNumber.test(before)) return 'inside';

  const word = (before.match(/[\p{L}\p{N}.]+$/u)?.[0] ?? '').replace(/^\.+/, '');
  const known = word.toLowerCase();
  if (leading.has(known) || titles.has(word) || (initial.test(word) && !isPronounI(before))) return 'inside';
  if (numbered.has(known)) return next === undefined ? 'unknown' : /[\p{N}#]/u.test(next) ? 'inside' : 'end';
  if (!doubtful.has(known) && !dotted.test(word)) return 'end';
  if (next === undefined) return 'unknown';
  return /[\p{Lu}\p{Lt}\p{Lo}"“‘'(¿¡[]/u.test(next) ? 'end' : 'inside';
}

function words(list: string): ReadonlySet<string> {
  return new Set(list.split(/\s+/));
}

/** "So do I." ends a sentence, "Sir I. Newton" is rarer on the telephone. */
function isPronounI(before: string): boolean {
  return /\p{Ll}\s+I$/u.test(before);
}
