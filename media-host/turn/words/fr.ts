/** French, as people speak it on the telephone. */
import type { LanguageWords } from './language.ts';
import { list, pairs, values } from './notation.ts';

export const fr: LanguageWords = {
  fillers: list('euh, heu, ben, hum, hm, mm, bah, eh, enfin, eh bien, disons, du coup'),
  dangling: list(`
    et, ou, mais, parce que, car, si, quand, que, qui, comme, donc, puisque, lorsque, dont, le, la, les, un, une, des,
    du, de, mon, ma, mes, votre, vos, notre, nos, son, sa, ses, ce, cet, cette, ces, à, au, aux, dans, pour, par,
    avec, sans, sur, sous, chez, entre, vers, je, nous, on, il, elle, est, suis, sont, était, c'est, j'ai, c'était,
    j'aimerais, voudrais, veux, peux, pourriez, pouvez, pourrais, dois, faut, ai, avez, vais, qu'il, qu'elle, d'un,
    d'une, s'il, très, plus, monsieur, madame, numéro, m'appelle, besoin, je voudrais, l', d', est ce que,
    qu'est ce que, jusqu'à, en, quel, quelle, me dire, pouvez vous me dire, pourriez vous me dire, à quelle heure, ne,
    pas le, se, combien de, je ne, quels, quelles
  `),
  leaning: list(`
    alors, aussi, puis, ça, cela, bon, même, encore, vous, y, là, ensuite, juste, bien, coûte, perdu, reçu, pas,
    changer, commander, acheter, trouve
  `),
  holding: list('un instant, un moment, une seconde, attendez, attends, laissez moi voir, voyons, ne quittez pas'),
  subordinate: list('si, quand, parce que, comme, lorsque, puisque, dès que, après que, avant que'),
  questions: list(`
    quoi, quand, où, qui, comment, pourquoi, combien, quel, quelle, quels, quelles, qu'est ce, est ce que,
    pouvez vous, pourriez vous, avez vous, puis je, à quelle heure, c'est quoi, y a t il
  `),
  closers: list(`
    s'il vous plaît, s'il te plaît, merci, merci beaucoup, au revoir, c'est tout, c'est ça, bonne journée,
    je ne sais pas, je sais pas, rien
  `),
  greetings: list(`bonjour, allô, allo, bonsoir, salut, oui bonjour, d'accord, bon, alors, excusez moi`),
  yes: list(`oui, ouais, d'accord, exactement, tout à fait, bien sûr, c'est ça, voilà, si, okay, ok`),
  no: list('non, non merci, pas vraiment, jamais, pas encore, pas du tout'),
  answers: list(`
    premier, première, deuxième, second, troisième, quatrième, dernier, dernière, aujourd'hui, demain, hier, lundi,
    mardi, mercredi, jeudi, vendredi, samedi, dimanche, midi, matin, soir, aide, conseiller, opérateur, aucun, aucune,
    maintenant, facturation, plus tard
  `),
  numbers: values(`
    zéro 0, un 1, une 1, deux 2, trois 3, quatre 4, cinq 5, six 6, sept 7, huit 8, neuf 9, dix 10, onze 11, douze 12,
    treize 13, quatorze 14, quinze 15, seize 16, vingt 20, vingts 20, trente 30, quarante 40, cinquante 50,
    soixante 60, septante 70, huitante 80, nonante 90, cent 100, cents 100, mille 1000, million 1000000
  `),
  vigesimal: true,
  numberJoints: list('et'),
  multiples: values('double 2, triple 3'),
  email: {
    at: list('arobase, at'),
    dot: list('point'),
    marks: list('tiret, tiret bas, bas, underscore, souligné'),
  },
  spellingLinks: list('comme'),
  streets: list('rue, avenue, boulevard, place, allée, chemin, impasse, quai, route, cours, square'),
  postalCode: 'before-town',
  phone: /^(?:0\d{9}|33\d{9})$/,
  unspoken: list('euro, euros, centime, centimes, franc, francs, heure, heures, h, point, tiret, pourcent'),
  spelling: pairs('ok: okay, ouais: oui, monsieur: m, madame: mme, premier: 1, première: 1, deuxième: 2, troisième: 3'),
  stop: list(`
    stop, arrêtez, arrête, non, attendez, attends, un instant, un moment, une seconde, en fait, pardon, excusez moi,
    désolé, taisez vous, écoutez, c'est faux, ce n'est pas, c'est pas ça, allô, bonjour
  `),
  backchannel: list(`
    mm, mmm, mhm, hm, hum, hum hum, ah, oh, euh, oui, ouais, d'accord, okay, ok, bien, bon, très bien, je vois,
    je comprends, compris, c'est ça, voilà, exactement, parfait, tout à fait, bien sûr, ah bon, ah oui, ah ok,
    ah d'accord, entendu, merci, effectivement, super, ça marche, uh, um
  `),
  negated: { by: /^n(?:e$|')/, endings: list('plus, pas, rien, jamais') },
  clause: {
    determiners: list(`
      le, la, les, un, une, des, du, mon, ma, mes, votre, vos, notre, nos, son, sa, ses, leur, leurs, ce, cet, cette, ces,
      chaque, l', d'
    `),
    indefinite: list('un, une, des, chaque'),
    pronouns: list('je, tu, il, elle, on, nous, vous, ils, elles'),
    be: [],
    auxiliaries: list('est ce que, pourquoi est ce que, quand est ce que'),
    sufficient: list('livrez, fermez, ouvrez, parlez, comprenez, savez, payez, commencez, travaillez, êtes'),
    requests: list("s'il vous plaît"),
    reasons: [],
    prepositions: list(`
      de, du, des, à, au, aux, en, dans, avec, pour, par, sur, sous, sans, chez, entre, devant, derrière, près
    `),
    elided: /^([ld]')/,
    verbs: list(`
      est, sont, était, a, ont, avait, va, vont, vient, viennent, peut, peuvent, doit, fait, font, marche, marchent,
      ferme, ouvre, coûte, arrive, part, dit, veut, ne, n', pas, plus, jamais, se, me, et, ou, mais, qui, que, où, dont
    `),
  },
};
