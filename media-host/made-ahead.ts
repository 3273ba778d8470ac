import type { ToSpeech } from './lanes/speech-lane.ts';
import type { AgentCard } from './lanes/turn-messages.ts';

/** What an agent says without asking its model, to be made ahead: nobody waits for a greeting to be synthesised. */
export function madeAhead(card: AgentCard): Extract<ToSpeech, { type: 'prepare' }> {
  const { voice, rate, language, greeting, silence, hold, apology, refusal, resumed } = card;
  const { reprompts, unheard, goodbye } = silence;
  const { seeking, keypad, tools } = card;
  const seeks = tools.includes('talk-to-person') ? Object.values(seeking).flat() : [];
  const asks = tools.includes('check-pin') ? Object.values(keypad).flat() : [];
  const waits = [...seeks, ...asks].filter(text => !text.includes('{'));
  const texts = [...greeting, resumed, ...reprompts, unheard, goodbye, ...hold.words, apology, refusal, ...waits];
  return { type: 'prepare', voice, rate, language, texts };
}
