/** German, as people speak it on the telephone. */
import type { LanguageWords } from './language.ts';
import { list, pairs, values } from './notation.ts';

const units = values(`
    null 0, eins 1, ein 1, eine 1, zwei 2, zwo 2, drei 3, vier 4, fünf 5, sechs 6, sieben 7, acht 8, neun 9, zehn 10,
    elf 11, zwölf 12, dreizehn 13, vierzehn 14, fünfzehn 15, sechzehn 16, siebzehn 17, achtzehn 18, neunzehn 19,
    zwanzig 20, dreißig 30, dreissig 30, vierzig 40, fünfzig 50, sechzig 60, siebzig 70, achtzig 80, neunzig 90
  `);

/** German writes a number below a million as one word, units before tens. */
function numberWord(word: string): number | undefined {
  if (word === '') return undefined;
  const plain = units[word];
  if (plain !== undefined) return plain;
  for (const [name, size] of [['tausend', 1000] as const, ['hundert', 100] as const]) {
    const at = word.indexOf(name);
    if (at < 0) continue;
    const times = at === 0 ? 1 : numberWord(word.slice(0, at));
    const rest = word.slice(at + name.length).replace(/^und/, '');
    const more = rest === '' ? 0 : numberWord(rest);
    return times === undefined || more === undefined ? undefined : times * size + more;
  }
  const joint = word.indexOf('und');
  const unit = joint > 0 ? units[word.slice(0, joint)] : undefined;
  const tens = joint > 0 ? units[word.slice(joint + 3)] : undefined;
  return unit === undefined || tens === undefined || tens < 20 ? undefined : unit + tens;
}

export const de: LanguageWords = {
  fillers: list('äh, ähm, hm, mm, öh, öhm, tja, na ja, naja, ehm, eh, also'),
  dangling: list(`
    mit, noch, und, oder, aber, weil, wenn, dass, ob, als, denn, sondern, obwohl, damit, bis, wie, der, die, den, dem,
    des, ein, eine, einen, einem, einer, mein, meine, meinen, meinem, meiner, ihr, ihre, ihren, unser, unsere, kein,
    keine, keinen, dieser, diese, diesen, in, im, am, um, von, vom, für, bei, beim, nach, über, unter, wegen, ohne,
    gegen, zum, zur, aus, seit, zwischen, ich, wir, er, ist, sind, bin, war, hat, wurde, zu, möchte, würde, will,
    wollte, muss, müsste, kann, könnte, brauche, bräuchte, hätte, soll, ich möchte, ich hätte gern, ich hätte gerne,
    ich würde gern, ich würde gerne, können sie, kann ich, sehr, herr, frau, nummer, heiße, lautet, heißt, was, wo,
    wann, jeden, nächsten, sagen sie mir, können sie mir sagen, könnten sie mir sagen, mir sagen, schicken sie mir, senden sie mir, geben sie mir,
    bringen sie mir, zeigen sie mir, wie viel, wie lange,
    um wie viel, wegen meiner
  `),
  leaning: list(`
    mit, auf, an, ab, vor, so, dann, nur, auch, das, es, mal, habe, da, sie, gern, kostet, dauert, bekomme, suche,
    große, großen, kleine, kleinen, neue, neuen, alte, alten
  `),
  holding: list('moment, einen moment, moment mal, warten sie, sekunde, eine sekunde, mal sehen, lassen sie mich'),
  subordinate: list('wenn, weil, als, dass, obwohl, nachdem, bevor, falls, sobald, da'),
  questions: list(`
    was, wann, wo, wer, wie, warum, wieso, welche, welcher, welches, wohin, woher, wem, kann, können, könnten, könnte,
    haben, hätten, ist, sind, gibt, gilt, darf, muss, wird
  `),
  closers: list(`
    bitte, danke, danke schön, vielen dank, tschüss, auf wiederhören, das war alles, das ist alles, weiß ich nicht
  `),
  greetings: list('hallo, guten tag, guten morgen, guten abend, grüß gott, servus, moin, okay, gut, ja hallo'),
  yes: list('ja, jo, jawohl, genau, richtig, stimmt, korrekt, klar, gerne, natürlich, okay, ok, ja genau'),
  no: list('nein, nee, nö, nicht, noch nicht, nein danke, niemals, leider nicht'),
  answers: list(`
    erste, zweite, dritte, vierte, letzte, ersten, zweiten, dritten, heute, morgen, gestern, montag, dienstag,
    mittwoch, donnerstag, freitag, samstag, sonntag, vormittags, nachmittags, abends, hilfe, mitarbeiter, nichts,
    keine, beides, jetzt, später, rechnung
  `),
  numbers: { ...units, hundert: 100, tausend: 1000, million: 1_000_000 },
  numberJoints: list('und'),
  multiples: values('doppel 2, zweimal 2, dreimal 3'),
  numberWord,
  email: {
    at: list('at, ät, et, klammeraffe'),
    dot: list('punkt, dot'),
    marks: list('bindestrich, minus, unterstrich, strich'),
  },
  spellingLinks: list('wie, von'),
  streets: list('straße, strasse, -straße, -strasse, weg, -weg, platz, -platz, allee, -allee, gasse, -gasse, ring'),
  postalCode: 'before-town',
  // German, Swiss and Austrian numbers have no fixed length: nothing is known to be whole.
  phone: /^$/,
  unspoken: list('euro, cent, franken, prozent, uhr, punkt, bindestrich, unterstrich, minus, komma'),
  spelling: pairs(`
    straße: str, strasse: str, ok: okay, erste: 1, ersten: 1, zweite: 2, zweiten: 2, dritte: 3, dritten: 3
  `),
  stop: list(`
    stopp, stop, halt, nein, nee, warte, warten sie, moment, moment mal, einen moment, eigentlich, entschuldigung,
    sekunde, stimmt nicht, das stimmt nicht, hören sie, hören sie auf, ruhe, hallo
  `),
  backchannel: list(`
    mhm, mm, mmm, hm, hmm, aha, ah, oh, äh, ja, jo, ja ja, jaja, genau, okay, ok, gut, alles klar, klar, verstehe,
    ich verstehe, verstanden, stimmt, richtig, ach so, achso, super, prima, natürlich, sehr gut, in ordnung, na klar,
    danke, schön, gerne, ah ja, ah okay, mh, uh, um, toll
  `),
  clauseEnds: list(`
    ist, sind, bin, war, hat, habe, haben, kann, können, muss, will, möchte, soll, wurde, wird, könnte
  `),
  clause: {
    determiners: list(`
      der, die, das, den, dem, des, ein, eine, einen, einem, einer, mein, meine, meinen, meinem, meiner, dein, deine,
      sein, seine, ihr, ihre, ihren, ihrem, ihrer, unser, unsere, unseren, unserem, unserer, dieser, diese, dieses,
      diesen, diesem, kein, keine, keinen, jeder, jede, jedes
    `),
    indefinite: list('ein, eine, einen, einem, einer, kein, keine, keinen, jeder, jede, jedes'),
    pronouns: list('ich, du, er, sie, es, wir, man, jemand'),
    be: list('ist, sind, war, waren'),
    auxiliaries: [],
    sufficient: [],
    requests: list('bitte'),
    reasons: list('warum, wieso, wie'),
    prepositions: list(`
      von, vom, in, im, an, am, auf, bei, beim, mit, zu, zum, zur, aus, für, über, unter, neben, vor, hinter, zwischen,
      gegen, ohne, nach, seit
    `),
    verbs: list(`
      ist, sind, war, waren, hat, haben, hatte, wird, werden, wurde, kann, können, muss, müssen, soll, will, möchte,
      darf, geht, gehen, ging, kommt, kommen, kam, steht, stand, liegt, lag, läuft, lief, macht, machte, funktioniert,
      brennt, klemmt, tropft, kostet, fährt, fuhr, fehlt, bleibt, beginnt, endet, sagt, sagte, nicht, nie, und, oder,
      aber
    `),
    bracket: {
      verbs: list('kann, können, könnten, könnte, darf, dürfen, dürfte, muss, müssen, soll, sollen, sollte'),
      closes: /(?:en|ern|eln|sein|tun|ist|war|hat|nicht|das|es|weg|los|helfen)$/,
    },
  },
};
