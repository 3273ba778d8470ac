import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { spokenForm } from './spoken-form.ts';

const said = (text: string, language = 'en-US') => spokenForm(text, language).spoken;

describe('English', () => {
  test.each<[string, string]>([
    ['It costs $1,234.50.', 'It costs 1234 dollars and 50 cents.'],
    ['That is $1 or $0.99 or €5 or £3.01.', 'That is 1 dollar or 99 cents or 5 euros or 3 pounds and 1 penny.'],
    ['A budget of $1.5 million, or $5k.', 'A budget of 1.5 million dollars, or 5 thousand dollars.'],
    ['12 USD, 30 € and EUR 7', '12 dollars, 30 euros and 7 euros'],
    ['On 2026-11-21.', 'On November twenty-first, 2026.'],
    ['By 11/21/2026, not 03/04/2026', 'By November twenty-first, 2026, not March fourth, 2026'],
    ['at 14:30, 2pm, 2:30 p.m. or 09:05', 'at 2:30 PM, 2 PM, 2:30 PM or 9:05 AM'],
    ['We close at 6 p.m.', 'We close at 6 PM.'],
    ['until 9:00, from 00:15', "until 9 o'clock, from 12:15 AM"],
    ['Call 555-123-4567.', 'Call five five five, one two three, four five six seven.'],
    ['Call +1 (555) 123-4567 now', 'Call plus one, five five five, one two three, four five six seven now'],
    ['Order 12345678', 'Order one two three, four five six, seven eight'],
    ['Your code is 4471.', 'Your code is four four seven one.'],
    ['Policy AB-123456 it is', 'Policy A B, one two three, four five six it is'],
    ['Card 4111 1111 1111 1111', 'Card four one one one, one one one one, one one one one, one one one one'],
    ['25% off, 12.5 % more', '25 percent off, 12.5 percent more'],
    ['5km, 1 kg, 20°C, -5°C', '5 kilometers, 1 kilogram, 20 degrees Celsius, minus 5 degrees Celsius'],
    ['The 1st, the 22nd and the 30th', 'The first, the twenty-second and the thirtieth'],
    ['Open 9-17, Mon–Fri', 'Open 9 to 17, Monday to Friday'],
    ['9am-5pm or 9:00-17:00', "9 AM to 5 PM or 9 o'clock to 5 PM"],
    ['10-12%, $5-$10', '10 to 12 percent, 5 dollars to 10 dollars'],
    ['Write to ann_lee@example.co.uk.', 'Write to ann underscore lee at example dot co dot uk.'],
    ['See https://www.example.com/help?x=1.', 'See www dot example dot com slash help question mark x equals 1.'],
    ['Visit example.com today', 'Visit example dot com today'],
    ['Fish & chips, Q&A, #5, No. 7, ~3', 'Fish and chips, Q and A, number 5, number 7, about 3'],
    ['e.g. apples, i.e. fruit', 'for example, apples, that is, fruit'],
    ['1/2 of it, 24/7', 'one half of it, 24 7'],
    ['COVID-19, MP3, A380 and 1-2-3', 'COVID-19, MP3, A380 and 1-2-3'],
    ['In 1990 we had 3.5 or 1,200 of 99/99/2026', 'In 1990 we had 3.5 or 1,200 of 99/99/2026'],
    ['a well-known, state-of-the-art house', 'a well-known, state-of-the-art house'],
  ])('%j is said as %j', (text, spoken) => {
    expect(said(text)).toBe(spoken);
  });

  test('the British say the day first', () => {
    expect(said('03/04/2026', 'en-GB')).toBe('April third, 2026');
  });
});

describe.each<[string, [string, string][]]>([
  [
    'de-DE',
    [
      ['Es kostet 1.234,50 € am 21.11.2026.', 'Es kostet 1234 Euro und 50 Cent am 21. November 2026.'],
      ['Um 14:30 Uhr, 14.30 Uhr oder 9:00', 'Um 14 Uhr 30, 14 Uhr 30 oder 9 Uhr'],
      ['Rufen Sie 030 901820 an', 'Rufen Sie null drei null, neun null eins, acht zwei null an'],
      ['25 % von 5 km, Mo–Fr 9-17', '25 Prozent von 5 Kilometer, Montag bis Freitag 9 bis 17'],
      ['z. B. info@example.de', 'zum Beispiel info ät example Punkt de'],
      ['2 Mio. €', '2 Millionen Euro'],
    ],
  ],
  [
    'es-ES',
    [
      ['Son 1.234,50 € el 21/11/2026.', 'Son 1234 euros con 50 céntimos el 21 de noviembre de 2026.'],
      ['A las 14:30 h o 2pm', 'A las 14 y 30 o 2 de la tarde'],
      ['El 912 345 678', 'El nueve uno dos, tres cuatro cinco, seis siete ocho'],
      ['El 1.º y la 2.ª, 25 %', 'El primero y la segunda, 25 por ciento'],
      ['info@example.es', 'info arroba example punto es'],
    ],
  ],
  [
    'fr-FR',
    [
      ['Cela coûte 1 234,50 € le 01/11/2026.', 'Cela coûte 1234 euros et 50 centimes le premier novembre 2026.'],
      ['À 14h30, 14 h ou 9:05', 'À 14 heures 30, 14 heures ou 9 heures 5'],
      ['Au 01 42 68 53 00', 'Au zéro un, quatre deux, six huit, cinq trois, zéro zéro'],
      ['le 1er et le 2e, 25 %', 'le premier et le deuxième, 25 pour cent'],
      ['info@example.fr', 'info arobase example point fr'],
    ],
  ],
])('%s', (language, cases) => {
  test.each(cases)('%j is said as %j', (text, spoken) => {
    expect(said(text, language)).toBe(spoken);
  });
});

test('a language without a table is left as it is', () => {
  expect(said('$5 alle 14:30', 'it-IT')).toBe('$5 alle 14:30');
});

describe('the place in the original', () => {
  const heardAfter = (text: string, words: number) => {
    const form = spokenForm(text, 'en-US');
    const ends = [...form.spoken.matchAll(/\S+/g)].map(({ 0: word, index }) => index + word.length);
    return text.slice(0, form.originalAt(ends[words - 1] ?? 0)).trimEnd();
  };
  test.each<[string, number, string]>([
    ['It costs $1,234.50 today.', 2, 'It costs'],
    ['It costs $1,234.50 today.', 3, 'It costs'],
    ['It costs $1,234.50 today.', 4, 'It costs $1,234'],
    ['It costs $1,234.50 today.', 7, 'It costs $1,234.50'],
    ['It costs $1,234.50 today.', 8, 'It costs $1,234.50 today.'],
    ['Call 555-123-4567.', 4, 'Call 555-'],
    ['Call 555-123-4567.', 6, 'Call 555-12'],
    ['Write to a.b@example.com now', 4, 'Write to a.'],
    ['Write to a.b@example.com now', 10, 'Write to a.b@example.com now'],
    ['9-17 it is', 1, '9'],
    ['9-17 it is', 3, '9-17'],
    ['See https://example.com/a/ then', 6, 'See https://example.com/a/'],
  ])('of %j after %i words is %j', (text, words, heard) => {
    expect(heardAfter(text, words)).toBe(heard);
  });
});

describe('any text', () => {
  const written = fc.constantFrom(
    ...['$1,234.50', '2026-11-21', '21/11/2026', '14:30', '2pm', '6 p.m.', '555-123-4567', '+49 30 901820', '12345678'],
    ...[
      'AB-123456',
      '25 %',
      '5km',
      '-5°C',
      '1st',
      '9-17',
      'a_b@example.com',
      'https://x.com/y?z=1',
      '&',
      '#5',
      'No. 7',
    ],
    ...[
      '1/2',
      'Mon-Fri',
      '€2 Mio.',
      '$5k',
      '14h30',
      '1er',
      '1.º',
      '1.234,50 €',
      'e.g.',
      '...',
      '🎉',
      'שלום',
      '3,',
      '.5',
    ],
  );
  const word = fc.stringMatching(/^[a-z]{3,9}[.,!?]?$/).filter(one => !/^(?:code|reference|mil|million)/.test(one));
  const texts = fc.oneof(
    fc.array(fc.oneof(written, word), { maxLength: 14 }).map(words => words.join(' ')),
    fc.string({ unit: 'binary', maxLength: 80 }),
  );
  const languages = fc.constantFrom('en-US', 'en-GB', 'de-DE', 'es-ES', 'fr-FR', 'it-IT');

  test('is said the same when it is taken for written again', () => {
    fc.assert(
      fc.property(texts, languages, (text, language) => {
        const once = said(text, language);
        expect(said(once, language)).toBe(once);
      }),
      { numRuns: 500 },
    );
  });

  test('keeps its words, and its places rise from nothing to all', () => {
    fc.assert(
      fc.property(texts, languages, (text, language) => {
        const form = spokenForm(text, language);
        let before = form.originalAt(0);
        for (let at = 1; at <= form.spoken.length; at++) {
          const place = form.originalAt(at);
          expect(place).toBeGreaterThanOrEqual(before);
          before = place;
        }
        if (form.spoken.trim() !== '') expect(form.originalAt(form.spoken.length)).toBe(text.length);
      }),
      { numRuns: 300 },
    );
  });

  test('loses no plain word between those that are said otherwise', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(word, written), { minLength: 1, maxLength: 8 }), languages, (pairs, language) => {
        const spoken = said(pairs.flat().join(' '), language);
        let at = 0;
        for (const [plain] of pairs) {
          const found = spoken.indexOf(plain, at);
          expect(found).toBeGreaterThanOrEqual(at);
          at = found + plain.length;
        }
      }),
      { numRuns: 300 },
    );
  });
});
