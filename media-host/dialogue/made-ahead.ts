import type { ToSpeech } from '../lanes/speech-lane.ts';
import type { AgentCard } from '../lanes/turn-messages.ts';

/** What an agent says without asking its model, in each of its languages, to be made ahead: nobody waits for a greeting. */
export function madeAhead(card: AgentCard): Prepared[] {
  // It never greets in a language that it changes to.
  const others = card.others ?? [];
  return [card, ...others.map(other => ({ ...other, greeting: [] }))].map(prepared);
}

type Prepared = Extract<ToSpeech, { type: 'prepare' }>;

function prepared(card: AgentCard): Prepared {
  const { voice, rate, language, greeting, silence, hold, apology, refusal, resumed } = card;
  const { reprompts, unheard, goodbye } = silence;
  const { seeking, keypad, farewell, tools, ahead = [] } = card;
  const seeks = tools.includes('talk-to-person') ? Object.values(seeking).flat() : [];
  const { askNumber, againNumber, ...pin } = keypad;
  const asks = tools.includes('check-pin') ? Object.values(pin).flat() : [];
  const takes = tools.includes('take-digits') ? [askNumber, againNumber, ...keypad.waiting] : [];
  const parts = tools.includes('end-call') ? [farewell] : [];
  const waits = [...new Set([...seeks, ...asks, ...takes, ...parts])].filter(text => !text.includes('{'));
  const texts = [
    ...greeting,
    ...ahead,
    resumed,
    ...reprompts,
    unheard,
    goodbye,
    ...hold.words,
    apology,
    refusal,
    ...waits,
  ];
  return { type: 'prepare', voice, rate, language, texts };
}
