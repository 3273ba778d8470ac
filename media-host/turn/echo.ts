import { plainTokens, plainWords } from './words/tokens.ts';

/**
 * Recognition hears the agent's own voice where the caller's telephone sends it back. What it makes of it are words that
 * the agent has just spoken, in the order it spoke them; the caller's own words may stand between.
 */
/** So many words in the agent's own order are no chance. */
const longestChance = 2;

/** Whether the words are an echo and nothing else. @param spoken what the agent has lately said aloud */
export function isEcho(heard: string, spoken: string): boolean {
  const echo = plainWords(heard);
  if (echo.length === 0) return false;
  const said = plainWords(spoken);
  let at = 0;
  let found = 0;
  for (const each of echo) {
    const next = said.indexOf(each, at);
    if (next === -1) continue;
    found++;
    at = next + 1;
  }
  // The recogniser's haste may cut one word, a lowered voice another.
  return found >= Math.ceil(echo.length * 0.7);
}

/** The text without runs of words that the agent has lately said in this order. */
export function withoutEcho(heard: string, spoken: string): string {
  const said = plainWords(spoken);
  const places = plainTokens(heard);
  const words = places.map(({ text }) => text);
  const kept: number[] = [];
  for (let i = 0; i < places.length; ) {
    const run = longestRun(words, i, said);
    if (run <= longestChance) kept.push(i);
    i += run > longestChance ? run : 1;
  }
  // The beginning of an echo that the caller spoke over is too short for a run.
  const first = kept.findIndex(i => !said.includes(words[i] ?? ''));
  if (first > 0 && first <= longestChance) kept.splice(0, first);
  return kept
    .map(i => heard.slice(places[i]?.start ?? 0, places[i + 1]?.start ?? heard.length))
    .join('')
    .trim();
}

/** Those of the words that the agent has not said lately: what alone can ask for the floor on a line that echoes. */
export function unsaid(heard: string, spoken: string): string {
  const said = new Set(plainWords(spoken));
  return plainTokens(heard)
    .filter(({ text }) => !said.has(text))
    .map(({ start, end }) => heard.slice(start, end))
    .join(' ');
}

function longestRun(words: readonly string[], from: number, said: readonly string[]): number {
  let longest = 0;
  for (let start = said.indexOf(words[from] ?? ''); start !== -1; start = said.indexOf(words[from] ?? '', start + 1)) {
    let run = 1;
    while (from + run < words.length && words[from + run] === said[start + run]) run++;
    longest = Math.max(longest, run);
  }
  return longest;
}
