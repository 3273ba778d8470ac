import type { AgentDefinition } from './agent.ts';

/** What an agent says without asking its model, in the language of the call. The agent's own words come before these. */
export interface AgentPhrases {
  /** To a caller who says nothing, in turn. */
  reprompts: readonly string[];
  /** To a caller whose voice was heard and no words in it. */
  unheard: string;
  goodbye: string;
  /** Where the agent ends the call and has said nothing. */
  farewell: string;
  /** While a tool or the model keeps the caller waiting, in turn. */
  hold: readonly string[];
  apology: string;
  refusal: string;
  /** After a break of the line that was ours: the agent goes on behind it. */
  resumed: string;
  seeking: SeekingPhrases;
  keypad: KeypadPhrases;
  guard: GuardPhrases;
}

/** Where a rule of the scenario answers and no model. */
export interface GuardPhrases {
  /** Before a person is sought. */
  person: string;
  emergency: string;
  abuseWarning: string;
  /** Before the call is ended. */
  abuseEnd: string;
  /** There were too many turns, or models have cost too much; who goes on, or the farewell, follows. */
  tooLong: string;
  tooDear: string;
  /** For the person who is asked to take the call: `{words}` are the caller's last ones. */
  inTheirWords: string;
  /** Why, in a few words. */
  reasons: { person: string; emergency: string; abuse: string; topic: string; limit: string };
}

/** While a person is sought for the caller, and when the search has ended without one. */
export interface SeekingPhrases {
  /** Before anything is known, in turn. */
  asking: readonly string[];
  ringing: string;
  /** Where there are several: `{asking}` and `{of}` are numbers. */
  ringingOneOf: string;
  /** While it rings, in turn. */
  waiting: readonly string[];
  /** The last one did not take the call. */
  next: string;
  /** Somebody is being told what the caller needs; in turn. */
  briefing: readonly string[];
  nobody: string;
  unreachable: string;
  personLeft: string;
  /** The caller wanted nobody any more. */
  cancelled: string;
  /** Follows each of the four where the caller has said nothing to be answered. */
  instead: string;
}

/** While the caller is to press keys: of a PIN, that nobody may hear of, or of any other number. */
export interface KeypadPhrases {
  ask: string;
  waiting: readonly string[];
  again: string;
  askNumber: string;
  againNumber: string;
}

const english: AgentPhrases = {
  reprompts: ['Are you still there?', 'I am still here. How can I help?', 'I cannot hear you. Please say something.'],
  unheard: "I'm sorry, I didn't catch that. Could you say it again?",
  goodbye: 'I cannot hear anybody, so I will hang up now. Please call again. Goodbye.',
  farewell: 'Thank you for calling. Goodbye.',
  hold: ['One moment, please.', 'I am still working on it.', 'Thank you for waiting.', 'It will not be long now.'],
  apology: "I'm sorry, I can't answer right now. Please try again.",
  refusal: "I'm sorry, I can't help with that. Is there anything else?",
  resumed: 'Sorry, we were cut off for a moment.',
  seeking: {
    asking: ['I am looking for somebody who can help you.', 'I am finding out who is free.'],
    ringing: 'I am ringing somebody for you now.',
    ringingOneOf: 'I am ringing person {asking} of {of} for you now.',
    waiting: ['It is still ringing.', 'Nobody has picked up yet. Thank you for waiting.', 'I am still trying.'],
    next: 'Nobody has taken the call yet. I am trying the next person.',
    briefing: ['Somebody has answered. I am telling them what you need.', 'They are still hearing what you need.'],
    nobody: "I'm sorry, nobody could take your call just now.",
    unreachable: "I'm sorry, I cannot reach anybody at the moment.",
    personLeft: "I'm sorry, the line to that person is gone.",
    cancelled: 'All right, I have stopped looking for somebody.',
    instead: 'What can I do for you instead?',
  },
  keypad: {
    ask: 'Please enter your PIN with the keys of your telephone.',
    waiting: ['I am waiting for your keys.', 'Please enter the digits now.', 'Take your time.', 'I am still waiting.'],
    again: 'That was not right. Please enter your PIN again.',
    askNumber: 'Please enter the number with the keys of your telephone, and then the hash key.',
    againNumber: 'That was not the whole number. Please enter it again.',
  },
  guard: {
    person: 'Of course, I will find somebody for you.',
    emergency: 'If somebody is in danger, please hang up now and dial the emergency number at once.',
    abuseWarning: 'I would like to help you, but please stay polite.',
    abuseEnd: 'I am ending this call now. Goodbye.',
    tooLong: 'We have been talking for quite a while now.',
    tooDear: 'I have done what I can do in one call.',
    inTheirWords: 'In their own words: {words}',
    reasons: {
      person: 'The caller asks for a person.',
      emergency: 'The caller may be in danger.',
      abuse: 'The caller is rude to the agent.',
      topic: 'The agent may not talk about it.',
      limit: 'The agent has come to no end with the caller.',
    },
  },
};

const spanish: AgentPhrases = {
  reprompts: ['¿Sigue ahí?', 'Sigo aquí. ¿En qué puedo ayudarle?', 'No le oigo. Por favor, diga algo.'],
  unheard: 'Perdone, no le he entendido. ¿Puede repetirlo?',
  goodbye: 'No oigo a nadie, así que voy a colgar. Llame de nuevo cuando quiera. Adiós.',
  farewell: 'Gracias por su llamada. Adiós.',
  hold: ['Un momento, por favor.', 'Sigo con ello.', 'Gracias por esperar.', 'Ya falta poco.'],
  apology: 'Lo siento, ahora mismo no puedo responder. Por favor, inténtelo otra vez.',
  refusal: 'Lo siento, con eso no puedo ayudarle. ¿Desea algo más?',
  resumed: 'Perdone, se ha cortado un momento la llamada.',
  seeking: {
    asking: ['Estoy buscando a alguien que pueda ayudarle.', 'Estoy viendo quién está libre.'],
    ringing: 'Estoy llamando a alguien para usted.',
    ringingOneOf: 'Estoy llamando a la persona {asking} de {of} para usted.',
    waiting: ['Sigue sonando.', 'Todavía no contesta nadie. Gracias por su paciencia.', 'Lo sigo intentando.'],
    next: 'Nadie ha atendido todavía. Pruebo con la siguiente persona.',
    briefing: ['Alguien ha contestado. Le estoy explicando lo que necesita.', 'Todavía le estoy explicando su caso.'],
    nobody: 'Lo siento, nadie ha podido atenderle en este momento.',
    unreachable: 'Lo siento, ahora mismo no consigo hablar con nadie.',
    personLeft: 'Lo siento, se ha perdido la línea con esa persona.',
    cancelled: 'De acuerdo, he dejado de buscar a alguien.',
    instead: '¿Qué puedo hacer yo por usted?',
  },
  keypad: {
    ask: 'Por favor, introduzca su PIN con las teclas del teléfono.',
    waiting: ['Espero sus teclas.', 'Introduzca ahora las cifras, por favor.', 'Tómese su tiempo.', 'Sigo esperando.'],
    again: 'No es correcto. Por favor, introduzca su PIN otra vez.',
    askNumber: 'Por favor, introduzca el número con las teclas del teléfono y pulse después almohadilla.',
    againNumber: 'El número no está completo. Por favor, introdúzcalo otra vez.',
  },
  guard: {
    person: 'Por supuesto, busco a alguien para usted.',
    emergency: 'Si alguien está en peligro, cuelgue ahora y marque enseguida el número de emergencias.',
    abuseWarning: 'Me gustaría ayudarle, pero le pido que sea amable.',
    abuseEnd: 'Voy a terminar esta llamada. Adiós.',
    tooLong: 'Ya llevamos bastante tiempo hablando.',
    tooDear: 'He hecho todo lo que puedo hacer en una llamada.',
    inTheirWords: 'Sus propias palabras: {words}',
    reasons: {
      person: 'Quiere hablar con una persona.',
      emergency: 'Puede que esté en peligro.',
      abuse: 'Es grosero con el asistente.',
      topic: 'El asistente no puede hablar de ello.',
      limit: 'El asistente no llega a una solución.',
    },
  },
};

const german: AgentPhrases = {
  reprompts: [
    'Sind Sie noch da?',
    'Ich bin noch hier. Wie kann ich helfen?',
    'Ich höre Sie nicht. Bitte sagen Sie etwas.',
  ],
  unheard: 'Das habe ich leider nicht verstanden. Können Sie es noch einmal sagen?',
  goodbye: 'Ich höre niemanden und lege jetzt auf. Rufen Sie gern wieder an. Auf Wiederhören.',
  farewell: 'Danke für Ihren Anruf. Auf Wiederhören.',
  hold: ['Einen Moment, bitte.', 'Ich bin noch dabei.', 'Danke, dass Sie warten.', 'Es dauert nicht mehr lange.'],
  apology: 'Es tut mir leid, ich kann gerade nicht antworten. Bitte versuchen Sie es noch einmal.',
  refusal: 'Es tut mir leid, dabei kann ich nicht helfen. Haben Sie noch eine andere Frage?',
  resumed: 'Entschuldigung, wir wurden kurz unterbrochen.',
  seeking: {
    asking: ['Ich suche jemanden, der Ihnen helfen kann.', 'Ich sehe nach, wer frei ist.'],
    ringing: 'Ich rufe jetzt jemanden für Sie an.',
    ringingOneOf: 'Ich rufe jetzt Person {asking} von {of} für Sie an.',
    waiting: ['Es klingelt noch.', 'Bisher nimmt niemand ab. Danke für Ihre Geduld.', 'Ich versuche es weiter.'],
    next: 'Bisher hat niemand angenommen. Ich versuche es bei der nächsten Person.',
    briefing: ['Es hat jemand abgenommen. Ich erkläre gerade Ihr Anliegen.', 'Ihr Anliegen wird noch angehört.'],
    nobody: 'Es tut mir leid, gerade konnte niemand Ihren Anruf annehmen.',
    unreachable: 'Es tut mir leid, im Moment kann ich niemanden erreichen.',
    personLeft: 'Es tut mir leid, die Leitung zu dieser Person ist weg.',
    cancelled: 'Gut, ich suche niemanden mehr.',
    instead: 'Was kann ich stattdessen für Sie tun?',
  },
  keypad: {
    ask: 'Bitte geben Sie Ihre PIN mit den Tasten Ihres Telefons ein.',
    waiting: [
      'Ich warte auf Ihre Tasten.',
      'Bitte geben Sie die Ziffern jetzt ein.',
      'Lassen Sie sich Zeit.',
      'Ich warte noch.',
    ],
    again: 'Das war nicht richtig. Bitte geben Sie Ihre PIN noch einmal ein.',
    askNumber: 'Bitte geben Sie die Nummer mit den Tasten Ihres Telefons ein und drücken Sie dann die Rautetaste.',
    againNumber: 'Das war nicht die ganze Nummer. Bitte geben Sie sie noch einmal ein.',
  },
  guard: {
    person: 'Natürlich, ich suche jemanden für Sie.',
    emergency: 'Wenn jemand in Gefahr ist, legen Sie bitte jetzt auf und wählen Sie sofort den Notruf.',
    abuseWarning: 'Ich möchte Ihnen gern helfen, aber bitte bleiben Sie höflich.',
    abuseEnd: 'Ich beende dieses Gespräch jetzt. Auf Wiederhören.',
    tooLong: 'Wir sprechen nun schon eine ganze Weile.',
    tooDear: 'Ich habe getan, was ich in einem Gespräch tun kann.',
    inTheirWords: 'Im Wortlaut: {words}',
    reasons: {
      person: 'Es wird ein Mensch verlangt.',
      emergency: 'Vielleicht ist jemand in Gefahr.',
      abuse: 'Der Ton gegenüber dem Assistenten ist grob.',
      topic: 'Der Assistent darf darüber nicht sprechen.',
      limit: 'Der Assistent kommt zu keinem Ende.',
    },
  },
};

const french: AgentPhrases = {
  reprompts: [
    'Vous êtes toujours là ?',
    'Je suis toujours là. Comment puis-je vous aider ?',
    'Je ne vous entends pas. Dites quelque chose, s’il vous plaît.',
  ],
  unheard: 'Pardon, je n’ai pas compris. Pouvez-vous répéter ?',
  goodbye: 'Je n’entends personne, je vais donc raccrocher. N’hésitez pas à rappeler. Au revoir.',
  farewell: 'Merci de votre appel. Au revoir.',
  hold: ['Un instant, s’il vous plaît.', 'Je m’en occupe encore.', 'Merci de patienter.', 'Ce ne sera plus long.'],
  apology: 'Toutes mes excuses, je ne peux pas répondre pour le moment. Veuillez réessayer.',
  refusal: 'Toutes mes excuses, je ne peux pas vous aider pour cela. Puis-je faire autre chose ?',
  resumed: 'Excusez-moi, nous avons été coupés un instant.',
  seeking: {
    asking: ['Je cherche quelqu’un qui puisse vous aider.', 'Je regarde qui est disponible.'],
    ringing: 'J’appelle quelqu’un pour vous.',
    ringingOneOf: 'J’appelle pour vous la personne {asking} sur {of}.',
    waiting: ['Ça sonne toujours.', 'Personne n’a encore décroché. Merci de votre patience.', 'J’essaie encore.'],
    next: 'Personne n’a pris l’appel pour le moment. J’essaie la personne suivante.',
    briefing: ['Quelqu’un a répondu. J’explique votre demande.', 'Votre demande est encore en train d’être écoutée.'],
    nobody: 'Je suis désolé, personne n’a pu prendre votre appel.',
    unreachable: 'Je suis désolé, je ne peux joindre personne en ce moment.',
    personLeft: 'Je suis désolé, la ligne avec cette personne est perdue.',
    cancelled: 'Très bien, je ne cherche plus personne.',
    instead: 'Que puis-je faire pour vous à la place ?',
  },
  keypad: {
    ask: 'Veuillez saisir votre code avec les touches de votre téléphone.',
    waiting: [
      'J’attends vos touches.',
      'Saisissez les chiffres maintenant, s’il vous plaît.',
      'Prenez votre temps.',
      'J’attends toujours.',
    ],
    again: 'Ce n’est pas le bon code. Veuillez le saisir à nouveau.',
    askNumber: 'Veuillez saisir le numéro avec les touches de votre téléphone, puis la touche dièse.',
    againNumber: 'Le numéro n’est pas complet. Veuillez le saisir à nouveau.',
  },
  guard: {
    person: 'Bien sûr, je cherche quelqu’un pour vous.',
    emergency: 'Si quelqu’un est en danger, raccrochez maintenant et composez tout de suite le numéro d’urgence.',
    abuseWarning: 'J’aimerais vous aider, mais restez poli, s’il vous plaît.',
    abuseEnd: 'Je mets fin à cet appel. Au revoir.',
    tooLong: 'Nous parlons depuis un bon moment déjà.',
    tooDear: 'J’ai fait tout ce que je peux faire en un appel.',
    inTheirWords: 'En ses propres termes : {words}',
    reasons: {
      person: 'On demande à parler à quelqu’un.',
      emergency: 'Quelqu’un est peut-être en danger.',
      abuse: 'On est grossier avec l’assistant.',
      topic: 'L’assistant ne peut pas en parler.',
      limit: 'L’assistant n’arrive pas au bout.',
    },
  },
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
    farewell: defaults.farewell,
    hold: hold.words ?? defaults.hold,
    apology: apology ?? defaults.apology,
    refusal: refusal ?? defaults.refusal,
    resumed: defaults.resumed,
    seeking: defaults.seeking,
    keypad: defaults.keypad,
    guard: defaults.guard,
  };
}
