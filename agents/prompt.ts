import { Template } from '@huggingface/jinja';
import { nameProblems, type PromptProblem } from './prompt-names.ts';

/**
 * An agent's prompt: Jinja, checked as it is loaded. Jinja itself turns a mistyped name into nothing, and nobody would
 * notice before a caller does; here every name must be one that will have a value.
 */
export interface PromptContext {
  agent: { name: string; description: string };
  /** `country` is '' where it is unknown. */
  caller: { country: string };
  call: { id: string; direction: 'in' | 'out' };
  /** What handlers of events have written for the agent to know; a name that nobody wrote renders as nothing. */
  facts: Readonly<Record<string, string>>;
  /** Such as "Friday, 20 November 2026". */
  today: string;
}

export interface Prompt {
  render(context: PromptContext): string;
}

/** What may stand after the dot; `null` means anything may, or that the value is text. */
const variables: Readonly<Record<keyof PromptContext, readonly string[] | null>> = {
  agent: ['name', 'description'],
  caller: ['country'],
  call: ['id', 'direction'],
  facts: null,
  today: null,
};

const sample: PromptContext = {
  agent: { name: 'sample', description: 'A sample.' },
  caller: { country: 'US' },
  call: { id: '0'.repeat(32), direction: 'in' },
  facts: {},
  today: 'Friday, 20 November 2026',
};

export function compilePrompt(source: string): { prompt: Prompt } | { problems: PromptProblem[] } {
  let template: Template;
  try {
    template = new Template(source);
  } catch (error) {
    // Jinja's parser runs off the end of its tokens where a block is left open.
    const why = error instanceof TypeError ? 'a block is left open' : (error as Error).message;
    return { problems: [{ message: `is no Jinja template: ${why}` }] };
  }
  const problems = nameProblems(template.parsed, variables);
  if (problems.length > 0) return { problems };
  try {
    // Filters and tests are looked up by Jinja only as it renders.
    if (template.render({ ...sample }).trim() === '') return { problems: [{ message: 'renders to nothing' }] };
  } catch (error) {
    return { problems: [{ message: `does not render: ${(error as Error).message}` }] };
  }
  return { prompt: { render: context => template.render({ ...context }).trim() } };
}
