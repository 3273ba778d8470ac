import type { Tool } from '../../../agents/tool.ts';
import { masked, personalValues, withoutWords } from '../../../contracts/masked.ts';

/**
 * What becomes of a tool's result: JSON for the model, cut where it would fill its memory, and a line for the record in
 * which nothing personal stands. A result that is not what the tool promises, or no JSON, is none.
 */
export type ToolAnswer = { output: string; summary?: string } | { code: 'TOOL_RESULT_INVALID' };

/** A longer output goes to the model with every later request. */
export const mostOutputCharacters = 12_000;
const longestSummary = 200;

export function toolAnswer(tool: Tool, result: unknown, args: unknown): ToolAnswer {
  let parsed: unknown;
  let output: string;
  try {
    parsed = tool.parseResult(result);
    output = written(parsed);
  } catch (_notWhatItPromises) {
    // What exactly is wrong might be told with the caller's words in it.
    return { code: 'TOOL_RESULT_INVALID' };
  }
  const summary = summaryOf(tool, parsed, args);
  return { output: output.length > mostOutputCharacters ? cut(output) : output, ...(summary && { summary }) };
}

function written(result: unknown): string {
  const output = JSON.stringify(result);
  if (output === undefined && result !== undefined) throw new TypeError(`a ${typeof result} is no JSON`);
  return output ?? 'null';
}

/** JSON again, so that the model reads that something is missing and not that something is broken. */
function cut(output: string): string {
  const note = `The result has ${output.length} characters; this is its beginning. Ask for less where more is needed.`;
  const shell = JSON.stringify({ cut: true, note, beginning: '' }).length;
  let beginning = output.slice(0, mostOutputCharacters - shell).toWellFormed();
  // Quotation marks take two characters each when they are written.
  const over = () => JSON.stringify(beginning).length - 2 + shell - mostOutputCharacters;
  while (over() > 0) beginning = beginning.slice(0, -Math.max(1, Math.ceil(over() / 2))).toWellFormed();
  return JSON.stringify({ cut: true, note, beginning });
}

/** A tool that cannot say what it has found is no worse at finding it: the record does without. */
function summaryOf(tool: Tool, result: unknown, args: unknown): string | undefined {
  let said: unknown;
  try {
    said = tool.summarise(result, args);
  } catch (_nothingToSay) {
    return undefined;
  }
  if (typeof said !== 'string') return undefined;
  const personal = [...personalValues(args, tool.personal), ...personalValues(result, tool.personal)];
  return masked(withoutWords(said, personal)).replace(/\s+/g, ' ').trim().slice(0, longestSummary);
}
