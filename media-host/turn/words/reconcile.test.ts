import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sayings } from '../testing/sayings.ts';
import { wordsOf } from './language.ts';
import { reconcile } from './reconcile.ts';

describe('a final says the same in writing', () => {
  test.each([
    ['en-US', 'i want to pay my bill', 'I want to pay my bill.'],
    ['en-US', 'um i want to uh pay', 'I want to pay.'],
    ['en-US', "i'm gonna pay", 'I am going to pay.'],
    ['en-US', 'twenty five dollars', '$25.'],
    ['en-US', 'twenty five dollars and fifty cents', '$25.50'],
    ['en-US', 'one hundred and five', '105'],
    ['en-US', 'two thousand twenty six', '2026'],
    ['en-US', 'nineteen eighty four', '1984'],
    ['en-US', 'one thousand two hundred thirty four', '1,234'],
    ['en-US', 'five five five one two double three', '555-1233'],
    ['en-US', "it's at two thirty p m", "It's at 2:30 PM."],
    ['en-US', "nine o'clock", '9:00'],
    ['en-US', 'on the twenty first', 'On the 21st.'],
    ['en-US', 'john dot smith at gmail dot com', 'john.smith@gmail.com'],
    ['en-US', 's m i t h', 'S-M-I-T-H.'],
    ['es-ES', 'treinta y cinco euros', '35 €'],
    ['es-ES', 'ana punto garcía arroba gmail punto com', 'ana.garcía@gmail.com'],
    ['de-DE', 'fünfundzwanzig euro', '25 €'],
    ['de-DE', 'zweitausendsechsundzwanzig', '2026'],
    ['de-DE', 'einhundertfünf', '105'],
    ['fr-FR', 'quatre vingt dix sept', '97'],
    ['fr-FR', 'soixante et onze', '71'],
    ['fr-FR', "d'accord", 'D’accord !'],
  ])('%s: %s = %s', (language, spoken, written) => {
    expect(reconcile(spoken, written, language)).toEqual({ verdict: 'same', more: '' });
    expect(reconcile(written, spoken, language)).toEqual({ verdict: 'same', more: '' });
  });
});

describe('a longer final gives what is more, as written', () => {
  test.each([
    ['i want to pay', 'I want to pay my bill.', 'my bill.'],
    ['five five five', '555-1234.', '1234.'],
    ['five five five one', '5551234', '234'],
    ['john dot smith at', 'john.smith@gmail.com.', 'gmail.com.'],
    ['yes', "Yes, I'd like that.", "I'd like that."],
  ])('%s -> %s', (acted, final, more) => {
    expect(reconcile(acted, final, 'en-US')).toEqual({ verdict: 'longer', more });
  });
});

test.each([
  ['i want to pay', 'I want to play.'],
  ['i want to pay my bill', 'I want to pay'],
  ['bill', 'bills'],
  ['four', '5'],
  ['thirteen', '30'],
])('"%s" is not "%s"', (acted, final) => {
  expect(reconcile(acted, final, 'en-US').verdict).toBe('different');
});

test('every beginning of a sentence is continued by its rest', () => {
  const english = Object.values(sayings.en).flat();
  const { unspoken } = wordsOf('en');
  fc.assert(
    fc.property(fc.constantFrom(...english), fc.nat(), ({ text }, cut) => {
      const words = text.split(/[ |~]+/).filter(word => word !== '');
      const at = 1 + (cut % words.length);
      const whole = `${words.join(' ')}.`;
      const { verdict, more } = reconcile(words.slice(0, at).join(' '), whole, 'en');
      // "twenty" before "five" is another number; all else goes on.
      if (verdict === 'different') expect(words[at - 1]).toMatch(/ty$|double|two|oh/);
      else {
        const rest = words.slice(at);
        // "Fifty" and "fifty dollars" are both $50.
        const nothing = rest.every(word => unspoken.includes(word));
        expect([verdict, more]).toEqual(nothing ? ['same', ''] : ['longer', `${rest.join(' ')}.`]);
      }
    }),
  );
});
