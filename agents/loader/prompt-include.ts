import { meant } from './meant.ts';
import type { PromptFiles } from './prompt-files.ts';

/**
 * Puts included files into a prompt before Jinja sees it, which knows no `include`. Of every character of the whole it is
 * known where it stands, so that a mistake is told in the file one must edit.
 */
export interface Place {
  /** A file of `prompts/`; undefined: the agent's own page. */
  file?: string;
  /** Characters from the beginning of that file, or of the page's prompt. */
  offset: number;
}

/** `place` is undefined where a mistake is of the prompt as a whole. */
export interface PromptProblem {
  message: string;
  place?: Place;
}

export interface WholePrompt {
  text: string;
  problems: PromptProblem[];
  placeOf(offset: number): Place;
}

interface Piece extends Place {
  text: string;
}

const longestPrompt = 100_000;

/** A comment, in which an include is none, or an include; white space around it goes as around any other block. */
const tags = /\{#.*?(?:#\}|$)|(?:^[ \t]*)?\{%(?<left>[-+]?)\s*include\b(?<what>.*?)(?<right>[-+]?)%\}(?<end>\n?)/gms;

export function wholePrompt(source: string, files: PromptFiles): WholePrompt {
  const pieces: Piece[] = [];
  const problems: PromptProblem[] = [];
  let length = 0;

  const add = (text: string, offset: number, file?: string) => {
    length += text.length;
    pieces.push({ text, offset, ...(file !== undefined && { file }) });
  };

  const write = (text: string, around: readonly string[]): void => {
    const file = around.at(-1);
    let done = 0;
    for (const match of text.matchAll(tags)) {
      const { left, what, right, end } = match.groups ?? {};
      if (what === undefined) continue;
      const before = text.slice(done, match.index);
      add(left === '-' ? before.trimEnd() : before, done, file);
      done = match.index + match[0].length;
      if (right === '-') done += text.slice(done).length - text.slice(done).trimStart().length;
      const place = { offset: match.index + match[0].indexOf(what) + (what.length - what.trimStart().length) };
      include(what.trim(), end === '\n' && right !== '-', { ...place, ...(file !== undefined && { file }) }, around);
      if (length > longestPrompt) break;
    }
    add(text.slice(done), done, file);
  };

  const include = (what: string, alone: boolean, place: Place, around: readonly string[]): void => {
    const name = /^(["'])(?<name>[^"']+)\1$/.exec(what)?.groups?.['name'];
    const why = name === undefined ? 'include takes the name of one file in quotes' : refusal(name, files, around);
    if (why !== undefined) {
      problems.push({ message: why, place });
      return;
    }
    const text = files.texts.get(name ?? '') ?? '';
    // Alone in its line it stands for whole lines, inside a line for words of it.
    write(alone && !text.endsWith('\n') ? `${text}\n` : alone ? text : text.replace(/\n$/, ''), [
      ...around,
      name ?? '',
    ]);
  };

  write(source, []);
  if (length > longestPrompt)
    problems.push({ message: `is longer than ${longestPrompt} characters with all that it includes` });
  return { text: pieces.map(({ text }) => text).join(''), problems, placeOf: offset => placeIn(pieces, offset) };
}

function refusal(name: string, { texts, outside }: PromptFiles, around: readonly string[]): string | undefined {
  if (/^[/\\~]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)/i.test(name) || outside.has(name))
    return `includes "${name}", which leads out of prompts/; include only what lies inside`;
  if (around.includes(name)) return `includes itself: ${[...around, name].join(' → ')}; break the circle`;
  if (texts.has(name)) return undefined;
  return `includes "${name}", which is not in prompts/${meant(name, [...texts.keys()])}`;
}

function placeIn(pieces: readonly Piece[], offset: number): Place {
  let begins = 0;
  for (const { text, offset: first, file } of pieces) {
    if (offset < begins + text.length) return { offset: first + offset - begins, ...(file !== undefined && { file }) };
    begins += text.length;
  }
  return { offset: 0 };
}
