import { nameOf, type Page } from './page.ts';

/** Texts that are spoken as they stand: whoever writes Jinja there would hear it. */

/** What an agent says without a model, and a scenario's `defaults` may say for it. */
export const spokenByAgents: readonly Place[] = [
  ['greeting'],
  ['returnGreeting'],
  ['knownGreeting'],
  ['mustBeHeard', '*'],
  ['silence', 'reprompts', '*'],
  ['silence', 'unheard'],
  ['silence', 'goodbye'],
  ['hold', 'words', '*'],
  ['apology'],
  ['refusal'],
];

export const spokenByScenarios: readonly Place[] = [
  ...spokenByAgents.map(place => ['defaults', ...place]),
  ['handoffs', '*', 'says'],
  ['guardrails', 'topics', '*', 'says'],
  ['guardrails', 'emergency', 'says'],
  ['guardrails', 'abuse', 'warning'],
  ['guardrails', 'abuse', 'says'],
];

/** Keys down to a text; `*` is each of a list. */
export type Place = readonly string[];

export function jinjaInSpoken({ yaml, raw }: Page<unknown>, places: readonly Place[]): string[] {
  return places
    .flatMap(place => textsAt(raw, place, []))
    .filter(({ text }) => /\{[{%]/.test(text))
    .map(({ path }) => `${yaml.at(path)}: ${nameOf(path)} is spoken as it stands; Jinja is for the prompt only.`);
}

interface Text {
  path: PropertyKey[];
  text: string;
}

function textsAt(value: unknown, [step, ...rest]: Place, path: PropertyKey[]): Text[] {
  if (step === undefined) return typeof value === 'string' ? [{ path, text: value }] : [];
  if (step === '*') return Array.isArray(value) ? value.flatMap((item, at) => textsAt(item, rest, [...path, at])) : [];
  if (typeof value !== 'object' || value === null) return [];
  return textsAt((value as Record<string, unknown>)[step], rest, [...path, step]);
}
