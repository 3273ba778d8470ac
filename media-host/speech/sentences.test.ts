import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sentenceCutter } from './sentences.ts';

/** The pieces of `text` when it comes in these deltas. */
function cut(deltas: readonly string[]): string[] {
  const cutter = sentenceCutter();
  return [...deltas.flatMap(delta => cutter.push(delta)), ...cutter.flush()];
}

/** One UTF-16 unit after the other: half characters too. */
const letters = (text: string): string[] => text.split('');
const dense = (text: string): string => text.replace(/\s+/gu, '');

describe('sentences', () => {
  test.each<[string, string[]]>([
    ['Hello, this is Switchboard. How can I help?', ['Hello, this is Switchboard.', 'How can I help?']],
    ['We are open from 9 a.m. to 6 p.m. on Mondays.', ['We are open from 9 a.m. to 6 p.m. on Mondays.']],
    ['“Hi!” 𝐬𝐚𝐢𝐝 𝐈.', ['“Hi!” 𝐬𝐚𝐢𝐝 𝐈.']],
    ['We stay until 6 p.m. See you then.', ['We stay until 6 p.m.', 'See you then.']],
    ['Ask Dr. Smith or Mr. J. R. Jones. They know.', ['Ask Dr. Smith or Mr. J. R. Jones.', 'They know.']],
    ['Take fruit, e.g. apples. It is good, i.e. healthy.', ['Take fruit, e.g. apples.', 'It is good, i.e. healthy.']],
    ['Take bus No. 5 to town. Get off there.', ['Take bus No. 5 to town.', 'Get off there.']],
    ['No. We are closed.', ['No.', 'We are closed.']],
    ['It costs 3.50 euros. Or 2.99.', ['It costs 3.50 euros.', 'Or 2.99.']],
    ['Well... maybe. Wait… No.', ['Well... maybe.', 'Wait…', 'No.']],
    ['Write to ann.lee@example.co.uk. Thanks.', ['Write to ann.lee@example.co.uk.', 'Thanks.']],
    ['See https://a.example.com/x.html?y=1. Bye.', ['See https://a.example.com/x.html?y=1.', 'Bye.']],
    ['He said "Stop!" Then he left.', ['He said "Stop!"', 'Then he left.']],
    ['"Really?" she asked. (Yes.) Good.', ['"Really?" she asked.', '(Yes.)', 'Good.']],
    ['What?! You are here! Great.', ['What?!', 'You are here!', 'Great.']],
    ['1. Open the door. 2. Walk in.', ['1. Open the door.', '2. Walk in.']],
    ['I was born in 1990. She was not.', ['I was born in 1990.', 'She was not.']],
    ['So do I. What now?', ['So do I.', 'What now?']],
    ['The U.S. market is big. The U.S. It is big.', ['The U.S. market is big.', 'The U.S.', 'It is big.']],
    [
      'Acme Inc. sells phones. I work for Acme Inc. You too.',
      ['Acme Inc. sells phones.', 'I work for Acme Inc.', 'You too.'],
    ],
    ['Options:\n- one\n- two\n\nChoose.', ['Options:', '- one', '- two', 'Choose.']],
    ['営業中です。ありがとう！', ['営業中です。', 'ありがとう！']],
    ['yes. we are open. bye', ['yes.', 'we are open.', 'bye']],
    ['  \n ', []],
    ['...', ['...']],
  ])('%j', (text, pieces) => {
    expect(cut([text])).toEqual(pieces);
    expect(cut(letters(text))).toEqual(pieces);
  });
});

describe('the first piece', () => {
  test.each<[string, string[]]>([
    [
      'If you would like to come by, the door is open, and somebody is here. Really, do come by whenever you like, please.',
      [
        'If you would like to come by,',
        'the door is open, and somebody is here.',
        'Really, do come by whenever you like, please.',
      ],
    ],
    ['Yes, of course, we can do that for you; just ask.', ['Yes, of course, we can do that for you;', 'just ask.']],
    ['Here is what I have found for you: nothing.', ['Here is what I have found for you:', 'nothing.']],
    ['There is somebody here today — come by.', ['There is somebody here today —', 'come by.']],
    ['There is somebody here today—come by.', ['There is somebody here today—', 'come by.']],
    ['The number of our telephone is 5, 5, 5, 1, 2.', ['The number of our telephone is 5, 5, 5, 1, 2.']],
    ['We open every single weekday at 10:30 or so.', ['We open every single weekday at 10:30 or so.']],
    ['We are open on every weekday 9 – 17 o’clock.', ['We are open on every weekday 9 – 17 o’clock.']],
    ['This is a very well-known and old-fashioned house.', ['This is a very well-known and old-fashioned house.']],
  ])('may be a clause: %j', (text, pieces) => {
    expect(cut([text])).toEqual(pieces);
    expect(cut(letters(text))).toEqual(pieces);
  });

  test('comes out as soon as the word after it begins', () => {
    const cutter = sentenceCutter();
    expect(cutter.push('Hello, this is')).toEqual([]);
    expect(cutter.push(' Switchboard.')).toEqual([]);
    expect(cutter.push(' ')).toEqual(['Hello, this is Switchboard.']);
  });
});

describe('any text in any deltas', () => {
  const wordish = fc.constantFrom(
    ...[
      'Mr. ',
      'p.m. ',
      'e.g. ',
      'No. ',
      '5',
      '3.50 ',
      '. ',
      '... ',
      '? ',
      '!" ',
      ', ',
      '; ',
      ': ',
      ' — ',
      ' - ',
      '\n',
    ],
    ...['hello ', 'World', ' J. ', '(', ') ', '**', '”', '。', '𝐀', '😀', '   ', 'https://x.y/z. ', '1, 2', 'I. '],
  );
  const texts = fc.oneof(
    fc.array(wordish, { maxLength: 120, size: 'max' }).map(words => words.join('')),
    fc.string({ unit: 'grapheme', maxLength: 400 }),
    fc.string({ unit: 'binary', maxLength: 400 }),
  );

  test('is whole and in order, in pieces that are neither empty nor long', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 40 }), { minLength: 1, maxLength: 50 }), (text, sizes) => {
        const pieces = cut(split(text, sizes));
        expect(dense(pieces.join(''))).toBe(dense(text));
        for (const piece of pieces) {
          expect(piece.trim()).toBe(piece);
          expect(piece.length).toBeGreaterThan(0);
          expect(piece.length).toBeLessThanOrEqual(300);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('is cut alike however it was split', () => {
    fc.assert(
      fc.property(texts, fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 50 }), (text, sizes) => {
        expect(cut(split(text, sizes))).toEqual(cut([text]));
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    ['letters', 'a'.repeat(10_000)],
    ['words', 'word and '.repeat(1_200)],
    ['emoji', '😀'.repeat(5_000)],
    ['clauses', 'on and on we go, '.repeat(600)],
  ])('leaves in order and whole when 10,000 %s have no full stop', (_, text) => {
    const pieces = cut([text]);
    expect(dense(pieces.join(''))).toBe(dense(text));
    expect(Math.max(...pieces.map(piece => piece.length))).toBeLessThanOrEqual(300);
    for (const piece of pieces) expect(piece.isWellFormed()).toBe(true);
    expect(cut(split(text, [1, 7, 2]))).toEqual(pieces);
  });
});

function split(text: string, sizes: readonly number[]): string[] {
  const deltas: string[] = [];
  let at = 0;
  while (at < text.length) {
    const size = sizes[deltas.length % sizes.length] ?? 1;
    deltas.push(text.slice(at, at + size));
    at += size;
  }
  return deltas;
}
