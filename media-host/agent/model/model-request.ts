import type { Agent } from '../../../agents/loader/load.ts';
import { plainWords } from '../../turn/words/tokens.ts';
import type { ModelItem, ModelRequest, ModelTool } from './model.ts';

/** What is asked of the model for one answer. */
export type Question = Omit<ModelRequest, 'signal'>;

export interface QuestionParts {
  agent: Agent;
  /** Name of the deployment. */
  deployment: string;
  /** The prompt, rendered. */
  instructions: string;
  /** What is known of the call. It stands first and seldom changes, so that what the service has read of a call before it need not read again. */
  known?: readonly ModelItem[];
  history: readonly ModelItem[];
  mayUseTools: boolean;
  /** Where the agent may hand the caller over. */
  handOff?: ModelTool | undefined;
}

export function questionOf(parts: QuestionParts): Question {
  const { agent, deployment, instructions, known = [], history, mayUseTools, handOff } = parts;
  const { name, model } = agent.definition;
  const tools = agent.tools.map(({ functionName, description, parameters }) => ({
    name: functionName,
    description,
    parameters,
  }));
  return {
    model: deployment,
    instructions,
    history: [...known, ...history],
    tools: mayUseTools ? [...tools, ...(handOff ? [handOff] : [])] : [],
    cacheKey: `${name}:${agent.version}`,
    maxOutputTokens: model.maxOutputTokens,
    temperature: model.temperature,
  };
}

/** Whether an answer to one is an answer to the other: all is equal but case and punctuation of the caller's last words. */
export function sameQuestion(one: Question, other: Question): boolean {
  return essence(one) === essence(other);
}

function essence(question: Question): string {
  const { history } = question;
  const last = history.at(-1);
  const plain = last?.type === 'caller' ? [...history.slice(0, -1), { caller: plainWords(last.text) }] : history;
  return JSON.stringify({ ...question, history: plain });
}
