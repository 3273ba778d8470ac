import type { AgentDefinition } from '../../../contracts/agent.ts';

/**
 * The agent's page as it holds while the agent speaks one of its other languages: with the voice of that language, and
 * without the sentences that the page has in its own, whose place the house's own take.
 *
 * @returns the page itself where the language is its own, undefined where the agent does not speak it
 */
export function inLanguage(definition: AgentDefinition, language: string): AgentDefinition | undefined {
  const { speech, silence, hold, apology: _, refusal: __, returnGreeting: ___, ...page } = definition;
  if (language === speech.language) return definition;
  const other = speech.others.find(each => each.language === language);
  if (!other) return undefined;
  const voice = { name: other.voice, ...(other.rate !== undefined && { rate: other.rate }) };
  return {
    ...page,
    voice,
    speech: { ...speech, language },
    silence: { afterMs: silence.afterMs },
    hold: { afterMs: hold.afterMs },
  };
}

/** Those that the agent has a voice for. */
export const languagesOf = ({ speech }: AgentDefinition): readonly string[] => [
  speech.language,
  ...speech.others.map(({ language }) => language),
];

/** What the model is told, for as long as the language lasts. */
export function goOnIn(language: string): string {
  const name = new Intl.DisplayNames('en', { type: 'language', fallback: 'code' }).of(language) ?? language;
  return `The caller is spoken with in ${name} (${language}) now: say everything in this language.`;
}

/** What it says of itself as a handoff brings it the caller: its greeting is in its own language. */
export const greetsIn = ({ speech }: AgentDefinition, language: string | undefined): boolean =>
  language === undefined || language === speech.language;
