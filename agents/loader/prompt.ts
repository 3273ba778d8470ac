import { Template } from '@huggingface/jinja';
import { faultIn } from './prompt-fault.ts';
import type { PromptFiles } from './prompt-files.ts';
import { type PromptProblem, type WholePrompt, wholePrompt } from './prompt-include.ts';
import { nameProblems, type Variables } from './prompt-names.ts';

/**
 * An agent's prompt: Jinja, checked as it is loaded. Jinja itself turns a mistyped name into nothing, and nobody would
 * notice before a caller does; here every name must be one that will have a value. A value is never read as Jinja.
 */
export interface PromptContext {
  agent: { name: string; description: string };
  /** `country` is '' where it is unknown. */
  caller: { country: string };
  call: { id: string; direction: 'in' | 'out' };
  /**
   * What handlers of events have written for the agent to know; a name that nobody wrote renders as nothing. What callers
   * say is never among them: it reaches the model as data and not as instructions.
   */
  facts: Readonly<Record<string, string>>;
  /** Such as "Friday, 20 November 2026". */
  today: string;
  /** Whether this agent has had the caller before in this call. @default 'first' */
  visit?: 'first' | 'again';
}

/** Values of an agent's `variables`. */
export type PromptVariables = Readonly<Record<string, string>>;

export interface Prompt {
  /** With everything it includes. */
  readonly source: string;
  render(context: PromptContext, values: PromptVariables): string;
}

/** What may stand after the dot; `null` means anything may, or that the value is text. */
const known: Readonly<Record<keyof PromptContext, readonly string[] | null>> = {
  agent: ['name', 'description'],
  caller: ['country'],
  call: ['id', 'direction'],
  facts: null,
  today: null,
  visit: null,
};

const samples: readonly PromptContext[] = (['in', 'out'] as const).flatMap(direction =>
  (['first', 'again'] as const).map(visit => ({
    agent: { name: 'sample', description: 'A sample.' },
    caller: { country: 'US' },
    call: { id: '0'.repeat(32), direction },
    facts: {},
    today: 'Friday, 20 November 2026',
    visit,
  })),
);

export function compilePrompt(
  source: string,
  values: PromptVariables,
  files: PromptFiles,
): { prompt: Prompt } | { problems: PromptProblem[] } {
  const whole = wholePrompt(source, files);
  if (whole.problems.length > 0) return { problems: whole.problems };
  const compiled = compiledTemplate(whole);
  if ('problems' in compiled) return compiled;
  const { template } = compiled;

  const names = nameProblems(template.parsed, { ...known, variables: Object.keys(values) } satisfies Variables);
  if (names.length > 0) return { problems: placed(names, whole) };

  const render = ({ agent: { name, description }, visit = 'first', ...context }: PromptContext, own: PromptVariables) =>
    template.render({ ...context, agent: { name, description }, visit, variables: own }).trim();
  const message = problemOf(render, values);
  if (message === undefined) return { prompt: { source: whole.text, render } };
  // Jinja looks filters and tests up only as it renders, and says no more than the name.
  const name = /\w+$/.exec(message)?.[0] ?? '';
  return { problems: message.includes(': ') ? placed([{ message, name }], whole) : [{ message }] };
}

function compiledTemplate(whole: WholePrompt): { template: Template } | { problems: PromptProblem[] } {
  try {
    return { template: new Template(whole.text) };
  } catch (error) {
    const fault = faultIn(whole.text);
    const why = fault?.why ?? (error instanceof TypeError ? 'a block is left open' : (error as Error).message);
    const place = fault && whole.placeOf(fault.offset);
    return { problems: [{ message: `is no Jinja template: ${why}`, ...(place && { place }) }] };
  }
}

function problemOf(render: Prompt['render'], values: PromptVariables): string | undefined {
  try {
    const texts = samples.map(sample => render(sample, values));
    return texts.every(text => text === '') ? 'renders to nothing' : undefined;
  } catch (error) {
    return `does not render: ${(error as Error).message}`;
  }
}

/** Each problem at the word it is about: the second about a word at its second occurrence. */
function placed(problems: readonly { message: string; name: string }[], whole: WholePrompt): PromptProblem[] {
  const seen = new Map<string, number>();
  return problems.map(({ message, name }) => {
    const nth = seen.get(name) ?? 0;
    seen.set(name, nth + 1);
    const word = new RegExp(`(?<=\\{[{%][^}]*)\\b${name.replace(/\W/g, '\\$&')}\\b`, 'gs');
    const places = name === '' ? [] : [...whole.text.matchAll(word)];
    const at = (places[nth] ?? places[0])?.index;
    return { message, ...(at !== undefined && { place: whole.placeOf(at) }) };
  });
}
