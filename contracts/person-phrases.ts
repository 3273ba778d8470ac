/** What a person who is to take a call is told about it, in the language of the call: they would speak it with the caller. */
export interface PersonPhrases {
  /** `{reason}`: why they are wanted, in a few words. */
  waiting: string;
  /** `{accept}` and `{decline}` are keys. */
  keys: string;
}

const byLanguage: Readonly<Record<string, PersonPhrases>> = {
  en: {
    waiting: 'A caller is waiting for you: {reason}',
    keys: 'Press {accept} to take the call, or {decline} to decline.',
  },
  es: {
    waiting: 'Hay una llamada en espera para usted: {reason}',
    keys: 'Pulse {accept} para atender la llamada o {decline} para rechazarla.',
  },
  de: {
    waiting: 'Ein Anruf wartet auf Sie: {reason}',
    keys: 'Drücken Sie die {accept}, um den Anruf anzunehmen, oder die {decline}, um ihn abzulehnen.',
  },
  fr: {
    waiting: 'Un appel vous attend : {reason}',
    keys: 'Appuyez sur {accept} pour prendre l’appel, ou sur {decline} pour le refuser.',
  },
};

const english = byLanguage['en'] as PersonPhrases;

/** @param language a locale such as de-AT; English where the language is not here. */
export function personPhrases(language: string): PersonPhrases {
  return byLanguage[language.split('-')[0] ?? ''] ?? english;
}
