import { wordsOf } from './words/language.ts';
import { list } from './words/notation.ts';
import { onlyPhrases, phraseAt, wordsIn } from './words/tokens.ts';

/**
 * Whether a caller who waits for a person wants nobody any more. A plain "stop" or "cancel" counts where it is all that
 * was said: who wants to cancel an order still wants a person for it.
 */
interface CancelWords {
  /** May stand before either. */
  lead: readonly string[];
  /** Means it at the beginning of anything. */
  clear: readonly string[];
  /** Means it alone. */
  bare: readonly string[];
}

const known: Readonly<Record<string, CancelWords>> = {
  en: {
    lead: list('oh, ah, actually, please'),
    clear: list(`
      never mind, nevermind, forget it, forget about it, don't bother, do not bother, leave it, i changed my mind,
      i've changed my mind, i don't want to wait, i do not want to wait, i can't wait any longer, no need,
      stop ringing, stop calling, stop looking, stop trying, stop searching, don't ring anybody, don't call anybody,
      cancel the transfer, cancel the call, cancel that, i don't need anybody, i don't need anyone
    `),
    bare: list('stop, stop it, cancel, cancel it, enough'),
  },
  es: {
    lead: list('ay, ah, bueno, mejor'),
    clear: list(`
      olvídelo, olvídalo, déjelo, déjalo, no importa, da igual, no hace falta, ya no hace falta, he cambiado de idea,
      he cambiado de opinión, no quiero esperar, no puedo esperar más, deje de llamar, no llame a nadie,
      cancele la llamada, ya no quiero, no necesito a nadie
    `),
    bare: list('para, pare, alto, basta, cancele, cancela, cancelar, stop'),
  },
  de: {
    lead: list('ach, och, na, dann'),
    clear: list(`
      schon gut, vergessen sie es, vergiss es, lassen sie es, lass es, lassen sie mal, egal, macht nichts,
      nicht mehr nötig, nicht nötig, hat sich erledigt, ich habe es mir anders überlegt, ich will nicht warten,
      ich möchte nicht warten, ich will nicht länger warten, ich möchte nicht länger warten, rufen sie niemanden an,
      hören sie auf, brechen sie ab, ich brauche niemanden
    `),
    bare: list('stopp, stop, halt, abbrechen, abbruch, aufhören, genug'),
  },
  fr: {
    lead: list('bah, ben, ah, finalement'),
    clear: list(`
      laissez tomber, laisse tomber, laissez, ce n'est pas grave, c'est pas grave, tant pis, peu importe, oubliez,
      oublie, ce n'est plus la peine, c'est plus la peine, pas la peine, j'ai changé d'avis,
      je ne veux pas attendre, je veux pas attendre, je ne peux plus attendre, n'appelez personne,
      arrêtez d'appeler, annulez l'appel, je n'ai besoin de personne
    `),
    bare: list('stop, arrêtez, arrête, annulez, annule, annuler, assez, ça suffit'),
  },
};

const nobody: CancelWords = { lead: [], clear: [], bare: [] };

/** `only`: that was all; `first`: and something else, which wants an answer. */
export type Cancels = 'no' | 'only' | 'first';

export function wantsNobody(text: string, language: string): Cancels {
  const { lead, clear, bare } = known[language.slice(0, 2).toLowerCase()] ?? nobody;
  const { fillers, greetings, closers, no, yes } = wordsOf(language);
  const words = wordsIn(text);
  const says = (phrases: readonly string[]) => words.some((_, at) => phraseAt(words, at, phrases) > 0);
  if ((says(bare) || says(clear)) && onlyPhrases(words, clear, bare, lead, fillers, greetings, closers, no, yes))
    return 'only';
  for (let at = 0; at < words.length; ) {
    if (phraseAt(words, at, clear) > 0) return 'first';
    const polite = Math.max(...[lead, fillers, greetings, no, yes].map(phrases => phraseAt(words, at, phrases)));
    if (polite === 0) return 'no';
    at += polite;
  }
  return 'no';
}
