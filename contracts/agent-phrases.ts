import type { AgentDefinition } from './agent.ts';

/** What an agent says without asking its model, in the language of the call. The agent's own words come before these. */
export interface AgentPhrases {
  /** To a caller who says nothing, in turn. */
  reprompts: readonly string[];
  /** To a caller whose voice was heard and no words in it. */
  unheard: string;
  goodbye: string;
  /** While a tool or the model keeps the caller waiting, in turn. */
  hold: readonly string[];
  apology: string;
  refusal: string;
}

const english: AgentPhrases = {
  reprompts: ['Are you still there?', 'I am still here. How can I help?', 'I cannot hear you. Please say something.'],
  unheard: "I'm sorry, I didn't catch that. Could you say it again?",
  goodbye: 'I cannot hear anybody, so I will hang up now. Please call again. Goodbye.',
  hold: ['One moment, please.', 'I am still working on it.', 'Thank you for waiting.', 'It will not be long now.'],
  apology: "I'm sorry, I can't answer right now. Please try again.",
  refusal: "I'm sorry, I can't help with that. Is there anything else?",
};

const spanish: AgentPhrases = {
  reprompts: ['¿Sigue ahí?', 'Sigo aquí. ¿En qué puedo ayudarle?', 'No le oigo. Por favor, diga algo.'],
  unheard: 'Perdone, no le he entendido. ¿Puede repetirlo?',
  goodbye: 'No oigo a nadie, así que voy a colgar. Llame de nuevo cuando quiera. Adiós.',
  hold: ['Un momento, por favor.', 'Sigo con ello.', 'Gracias por esperar.', 'Ya falta poco.'],
  apology: 'Lo siento, ahora mismo no puedo responder. Por favor, inténtelo otra vez.',
  refusal: 'Lo siento, con eso no puedo ayudarle. ¿Desea algo más?',
};

const german: AgentPhrases = {
  reprompts: [
    'Sind Sie noch da?',
    'Ich bin noch hier. Wie kann ich helfen?',
    'Ich höre Sie nicht. Bitte sagen Sie etwas.',
  ],
  unheard: 'Das habe ich leider nicht verstanden. Können Sie es noch einmal sagen?',
  goodbye: 'Ich höre niemanden und lege jetzt auf. Rufen Sie gern wieder an. Auf Wiederhören.',
  hold: ['Einen Moment, bitte.', 'Ich bin noch dabei.', 'Danke, dass Sie warten.', 'Es dauert nicht mehr lange.'],
  apology: 'Es tut mir leid, ich kann gerade nicht antworten. Bitte versuchen Sie es noch einmal.',
  refusal: 'Es tut mir leid, dabei kann ich nicht helfen. Haben Sie noch eine andere Frage?',
};

const french: AgentPhrases = {
  reprompts: [
    'Vous êtes toujours là ?',
    'Je suis toujours là. Comment puis-je vous aider ?',
    'Je ne vous entends pas. Dites quelque chose, s’il vous plaît.',
  ],
  unheard: 'Pardon, je n’ai pas compris. Pouvez-vous répéter ?',
  goodbye: 'Je n’entends personne, je vais donc raccrocher. N’hésitez pas à rappeler. Au revoir.',
  hold: ['Un instant, s’il vous plaît.', 'Je m’en occupe encore.', 'Merci de patienter.', 'Ce ne sera plus long.'],
  apology: 'Toutes mes excuses, je ne peux pas répondre pour le moment. Veuillez réessayer.',
  refusal: 'Toutes mes excuses, je ne peux pas vous aider pour cela. Puis-je faire autre chose ?',
};

const byLanguage: Readonly<Record<string, AgentPhrases>> = { en: english, es: spanish, de: german, fr: french };

/** @param language a locale such as de-AT; English where the language is not here. */
export function defaultPhrases(language: string): AgentPhrases {
  return byLanguage[language.split('-')[0] ?? ''] ?? english;
}

export function phrasesOf({ speech, silence, hold, apology, refusal }: AgentDefinition): AgentPhrases {
  const defaults = defaultPhrases(speech.language);
  return {
    reprompts: silence.reprompts ?? defaults.reprompts,
    unheard: silence.unheard ?? defaults.unheard,
    goodbye: silence.goodbye ?? defaults.goodbye,
    hold: hold.words ?? defaults.hold,
    apology: apology ?? defaults.apology,
    refusal: refusal ?? defaults.refusal,
  };
}
