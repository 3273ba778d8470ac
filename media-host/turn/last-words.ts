import { wordsOf } from './words/language.ts';
import { list } from './words/notation.ts';
import { onlyPhrases, wordsIn } from './words/tokens.ts';

/**
 * Whether a caller whom the agent says goodbye to only says goodbye too. Most do, and most while the agent still speaks:
 * that calls nothing off, and wants no answer.
 */
const farewells: Readonly<Record<string, readonly string[]>> = {
  en: list(`
    bye, bye bye, goodbye, good bye, thanks, thank you, thanks a lot, thank you very much, thank you so much, many thanks,
    you too, same to you, have a nice day, have a good day, have a great day, have a good one, have a nice evening,
    see you, see you soon, see you then, take care, cheers, good night, great, perfect, lovely, wonderful, and
  `),
  es: list(`
    adiós, hasta luego, hasta pronto, hasta la vista, chao, gracias, muchas gracias, igualmente, buen día, buenas noches,
    que tenga un buen día, perfecto, estupendo, y
  `),
  de: list(`
    tschüss, tschüs, auf wiederhören, auf wiedersehen, wiederhören, ciao, servus, danke, danke schön, dankeschön,
    vielen dank, besten dank, danke sehr, ebenso, gleichfalls, ihnen auch, schönen tag, schönen tag noch,
    einen schönen tag, einen schönen tag noch, schönen abend, bis dann, bis bald, perfekt, prima, super, und
  `),
  fr: list(`
    au revoir, merci, merci beaucoup, merci bien, à bientôt, bonne journée, bonne soirée, bonne nuit, vous aussi,
    de même, salut, parfait, super, et
  `),
};

const none: readonly string[] = [];

export function onlyFarewell(text: string, language: string): boolean {
  const { fillers, closers, yes, backchannel } = wordsOf(language);
  const own = farewells[language.slice(0, 2).toLowerCase()] ?? none;
  return onlyPhrases(wordsIn(text), own, fillers, closers, yes, backchannel);
}
