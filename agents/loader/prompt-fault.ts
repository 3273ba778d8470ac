import { Template } from '@huggingface/jinja';

/**
 * Finds the place where a text stops being a Jinja template: the parser tells no positions, so the tags are looked at one
 * by one. It is asked only about texts that the parser has refused.
 */
export interface Fault {
  offset: number;
  why: string;
}

const tag = /\{#.*?(?<comment>#\}|$)|\{\{(?<value>.*?)(?<shut>\}\}|$)|\{%[-+]?\s*(?<block>.*?)(?<closed>[-+]?%\}|$)/gs;
/** Blocks that need an end, and what may stand between. */
const between: Readonly<Record<string, string>> = { elif: 'if', else: 'if or for' };

export function faultIn(text: string): Fault | undefined {
  const open: { word: string; offset: number }[] = [];
  for (const match of text.matchAll(tag)) {
    const { comment, value, shut, block, closed } = match.groups ?? {};
    const offset = match.index;
    const said = match[0].slice(0, 2);
    if ((comment ?? shut ?? closed) === '' || (value ?? block)?.includes(said))
      return { offset, why: `this ${said} is never closed` };
    if (value !== undefined && !parses(match[0])) return { offset, why: 'this cannot be read' };
    if (block === undefined) continue;
    const [word = ''] = /^\w*/.exec(block) ?? [];
    if (word.startsWith('end')) {
      const last = open.pop();
      if (!last) return { offset, why: `${word} ends nothing` };
      if (word !== `end${last.word}`) return { offset, why: `${word} stands where end${last.word} must` };
    } else if (word in between) {
      if (!between[word]?.includes(open.at(-1)?.word ?? '?'))
        return { offset, why: `${word} stands outside ${between[word]}` };
      if (word === 'elif' && !parses(`{{${block.slice(word.length)}}}`)) return { offset, why: 'this cannot be read' };
    } else if (!parses(match[0])) {
      if (!parses(`${match[0]}x{% end${word} %}`)) return { offset, why: `${word || 'this'} cannot be read` };
      open.push({ word, offset });
    }
  }
  const [first] = open;
  return first && { offset: first.offset, why: `${first.word} has no end${first.word}` };
}

function parses(text: string): boolean {
  try {
    new Template(text);
    return true;
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return false;
  }
}
