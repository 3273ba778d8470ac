import type { Said, Step } from './history.ts';
import { afterWords } from './same-words.ts';

/**
 * How the caller's words of a turn are kept while more of them come: what was said first stays first, so that a tool that
 * already ran for it still stands after it, and no word is written twice.
 */

/** @param latest all words of the turn as they are known now */
export function joined(steps: readonly Step[], latest: Said): readonly Step[] {
  const before = steps.filter(isSaid);
  const last = steps.at(-1);
  if (before.length === 0) return [...steps, latest];
  const more = afterWords(latest.text, callersText(before));
  if (more === undefined && before.some(({ unsure }) => unsure)) return respelled(steps, latest);
  if (more !== undefined && before.length === 1 && last?.type === 'said') return [latest];
  if (more === '') return steps;
  const added = more ?? latest.text;
  return last?.type === 'said'
    ? [...steps.slice(0, -1), { ...latest, text: `${last.text} ${added}` }]
    : [...steps, { ...latest, text: added }];
}

/** The steps with `right` as the caller's words; each of their places keeps what it says the same. */
export function respelled(steps: readonly Step[], right: Said): readonly Step[] {
  const places = steps.filter(isSaid).length;
  let place = 0;
  let rest = right.text;
  return steps.flatMap((step): Step[] => {
    if (step.type !== 'said') return [step];
    place += 1;
    if (rest === '') return [];
    const after = (place < places ? afterWords(rest, step.text) : undefined) ?? '';
    const text = rest.slice(0, rest.length - after.length).trimEnd();
    rest = after;
    return [{ ...right, text }];
  });
}

/** The caller's words for a turn of which something was heard already: those that are not in `before`. */
export function sinceThen(before: readonly Step[], latest: Said): Said {
  const more = afterWords(latest.text, callersText(before));
  return more ? { ...latest, text: more } : latest;
}

export function isSaid(step: Step): step is Said {
  return step.type === 'said';
}

/** All the caller said in these steps. */
export function callersText(steps: readonly Step[]): string {
  return steps.flatMap(step => (isSaid(step) ? [step.text] : [])).join(' ');
}
