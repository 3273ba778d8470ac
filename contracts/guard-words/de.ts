/** German, as callers say it; what the lists mean is told in `guard-words.ts`. */
import type { GuardWords } from '../guard-words.ts';
import { list } from './notation.ts';

export const de: GuardWords = {
  joints: list('aber, weil, denn, und, sondern, obwohl'),
  skips: list(
    'äh, ähm, öh, hm, also, bitte, mal, doch, einfach, endlich, lieber, gern, gerne, direkt, jetzt, sofort, vielleicht',
  ),
  negations: list('nicht, kein, keine, keinen, keinem, keiner, nie, niemals, ohne, statt, anstatt'),
  carriers: list('mehr, ein, eine, einen, einem, einer, es, ist, ja, habe, hat, haben, mit, das, der, die, den'),
  why: list('warum, wieso, weshalb'),
  person: {
    nouns: list(`
      mensch, menschen, person, mitarbeiter, mitarbeiterin, mitarbeitern, berater, beraterin, kundenberater,
      kundenberaterin, sachbearbeiter, sachbearbeiterin, agenten, operator, kollegen, kollegin, vorgesetzten, vorgesetzte,
      chef, ansprechpartner, ansprechpartnerin, jemand echtem, jemand echten, jemand richtigem, jemandem echten,
      mensch aus fleisch und blut, menschen aus fleisch und blut
    `),
    alone: list(`
      mensch, menschen, mitarbeiter, mitarbeiterin, berater, beraterin, kundenberater, operator, sachbearbeiter, person
    `),
    before: list(`
      ein, eine, einen, einem, einer, der, die, den, dem, ihr, ihre, ihren, ihrem, ihrer, irgendeinem, irgendeinen,
      einem ihrer, echt, echte, echten, echter, echtem, richtig, richtige, richtigen, richtiger, richtigem, wirklich, wirklichen,
      lebend, lebenden, lebendigen, menschlichen, menschlicher, anderen, anderer
    `),
    speaks: list(`
      verbinden sie mich mit, verbinde mich mit, verbindung mit, verbindung zu, stellen sie mich durch zu,
      stell mich durch zu, sprechen mit, reden mit, weiterleiten an, leiten sie mich weiter an, leiten sie mich an
    `),
    wants: list(`
      ich möchte, ich will, ich brauche, ich hätte, wir brauchen, geben sie mir, gib mir, holen sie mir, holen sie,
      kann ich, gibt es, haben sie
    `),
    tails: list('haben, am telefon, ans telefon, an der leitung, der, die, hier, oder, dran, danke, da'),
    behind: list(
      'mit dem ich sprechen kann, mit der ich sprechen kann, mit dem ich reden kann, mit dem ich sprechen könnte',
    ),
    around: [
      {
        opens: list('mit, zu, an'),
        closes: list(`
          sprechen, reden, telefonieren, verbinden, verbunden werden, verbunden, durchstellen, durchgestellt werden,
          weiterverbinden, weiterleiten, durch, unterhalten
        `),
      },
      { opens: list('ich, sie, wir, möchte, will, ich nicht'), closes: list('sprechen, haben, ans telefon holen') },
    ],
    notAsking: list(`
      muss ich, müsste ich, müssen wir, soll ich, er, wenn ich, falls ich, bevor ich, sie können, musste ich, ich musste,
      gesprochen, mein mann, meine frau
    `),
    polite: list('mit, zu, ich sagte, ich sagte doch, her, wäre gut, wäre schön, danke'),
  },
  emergency: {
    says: list(`
      ist ein notfall, das ist ein notfall, habe einen notfall, haben einen notfall, medizinischer notfall,
      rufen sie einen krankenwagen, brauche einen krankenwagen, brauchen einen krankenwagen, schicken sie einen krankenwagen,
      krankenwagen schnell, brauche einen notarzt, brauchen einen notarzt, rufen sie den notarzt, rufen sie die polizei,
      schicken sie die polizei, brauche die polizei, rufen sie die feuerwehr, es brennt, haus brennt, wohnung brennt,
      küche brennt, bekomme keine luft, kriege keine luft, bekommt keine luft, kriegt keine luft, kann nicht atmen,
      atmet nicht, herzinfarkt, schlaganfall, schmerzen in der brust, brustschmerzen, ist bewusstlos, bewusstlos,
      wacht nicht auf, blutet stark, blute stark, verblutet, bringe mich um, umbringen, das leben nehmen, will sterben,
      will nicht mehr leben, selbstmord, überdosis, hat eine waffe, hat ein messer, hat eine pistole, werde angegriffen,
      werde überfallen, niedergestochen, bricht ein, brechen ein, einbrecher im haus, ertrinkt, riecht nach gas,
      rieche gas, gasleck, liegt im sterben
    `),
    innocent: list('notfallkontakt, notfallnummer, notfalltermin, notausgang, es brennt mir unter den nägeln'),
    told: list(`
      wenn, falls, im falle, letztes jahr, letzten monat, letzte woche, vor jahren, vor einem jahr, vor monaten, vor wochen,
      versicherung, versichert, police, rechnung, film, buch, damals
    `),
  },
  abuse: {
    says: list(`
      fick dich, verpiss dich, leck mich, leck mich am arsch, halt die fresse, halt die schnauze, halts maul, halt's maul,
      halt dein maul, halt den mund, halt die klappe, fahr zur hölle, geh zum teufel, du kannst mich mal,
      sie können mich mal, schnauze
    `),
    insults: list(`
      idiot, idiotin, vollidiot, trottel, volltrottel, depp, dumm, dumme, dummer, blöd, blöde, blöder, bescheuert, arsch,
      arschloch, schlampe, hure, hurensohn, wichser, missgeburt, schwachkopf, dummkopf, penner, mistkerl, drecksack, sau,
      schwein, fotze, miststück, blödmann, spast, behindert, dämlich, dämliche, dämlicher, bleep
    `),
    address: list('du, sie, bist du, du bist, sind sie, sie sind, ihr, ihr seid'),
    between: list(`
      ein, eine, so, so ein, so eine, ja, echt, wirklich, total, völlig, ganz, dumm, dumme, dummer, dummes, blöde, blöder,
      blödes, verdammte, verdammter, verdammtes, elende, elender, elendes, dreckige, dreckiger, bist, sind, seid, verfluchte,
      verfluchter, verfluchtes, zu, einfach, alle, doch, dämliche, dämlicher, dämliches, absolute, absoluter, bleep
    `),
    machines: list('bot, roboter, maschine, computer, stimme, kiste, automat, ding, programm, ki'),
    swearing: list(
      'scheiße, scheiß, verdammt, verdammte, verdammter, verflucht, mist, so ein, was für ein, bleep, du, ihr',
    ),
    told: list(`
      sagte, sagt, sagen, gesagt, nannte, genannt, mein, meine, meinen, ich bin, ich war, er, war, waren, film, buch, wort,
      komme mir, fühle mich
    `),
  },
};
