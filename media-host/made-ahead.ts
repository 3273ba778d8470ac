import type { ToSpeech } from './lanes/speech-lane.ts';
import type { AgentCard } from './lanes/turn-messages.ts';

/** What an agent says without asking its model, to be made ahead: nobody waits for a greeting to be synthesised. */
export function madeAhead(card: AgentCard): Extract<ToSpeech, { type: 'prepare' }> {
  const { voice, rate, language, greeting, silence, hold, apology, refusal } = card;
  const { reprompts, unheard, goodbye } = silence;
  const texts = [...greeting, ...reprompts, unheard, goodbye, ...hold.words, apology, refusal];
  return { type: 'prepare', voice, rate, language, texts };
}
