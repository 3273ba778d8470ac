import { personPhrases } from '../../contracts/person-phrases.ts';
import type { PlaySource } from '../acs/orders.ts';

/** What a person is told before the caller is theirs, and how they say yes: in the language of the call, with a voice of it. */
export const acceptKey = '1';
export const declineKey = '2';

/** Where whoever asked for a person did not say which language the caller speaks. */
const unsaid = 'en-US';

export function keyPrompt(language: string = unsaid): PlaySource {
  const { keys } = personPhrases(language);
  return { text: keys.replace('{accept}', acceptKey).replace('{decline}', declineKey), language };
}

/** Within what one order may say. */
export function brief(reason: string, summary: string, language: string = unsaid): PlaySource {
  const end = (text: string): string => (/[.!?]$/.test(text) ? text : `${text}.`);
  const why = personPhrases(language).waiting.replace('{reason}', () => end(reason));
  const words = [why, ...(summary === '' ? [] : [end(summary)])];
  return { text: words.join(' ').slice(0, 2_000), language };
}
