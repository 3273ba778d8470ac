import { describe, expect, test } from 'vitest';
import { type FloorMeaning, floorMeaning } from './floor-words.ts';

const tables: Readonly<Record<string, Readonly<Record<FloorMeaning, readonly string[]>>>> = {
  'en-US': {
    stop: [
      'stop',
      'no',
      'No.',
      'wait',
      'hold on',
      'actually',
      'stop it',
      'okay stop',
      'yeah no',
      'uh wait',
      'can you please stop',
    ],
    backchannel: [
      'uh',
      'mm',
      'uh-huh',
      'Mm-hmm.',
      'yeah',
      'yeah yeah',
      'okay',
      'right',
      'I see.',
      'oh okay',
      'um yeah sure',
      'got it',
    ],
    content: ['okay but', 'my bill', 'yeah my name is anna', 'i have no idea', 'what about tuesday', '5'],
    nothing: ['', '  ', '...', 'i', 'm', 'got', 'makes'],
  },
  'es-ES': {
    stop: ['para', 'no', 'espera', 'un momento', 'vale espera'],
    backchannel: ['ajá', 'vale', 'sí sí', 'ya veo', 'De acuerdo.', 'mm'],
    content: ['vale pero', 'mi factura', 'cuánto cuesta'],
    nothing: ['', 'y'],
  },
  'de-DE': {
    stop: ['stopp', 'nein', 'Moment mal', 'warten Sie', 'ja nein'],
    backchannel: ['ja', 'genau', 'ja genau', 'mhm', 'Alles klar.', 'ach so', 'verstehe'],
    content: ['ja aber', 'meine rechnung', 'was kostet das'],
    nothing: ['', 'j'],
  },
  'fr-FR': {
    stop: ['stop', 'non', 'attendez', 'un instant', 'oui non'],
    backchannel: ["d'accord", 'D’accord.', 'oui', 'ouais ouais', 'je vois', 'mm', 'très bien'],
    content: ["d'accord mais", 'ma facture', 'combien ça coûte'],
    nothing: ['', 'à'],
  },
  'fi-FI': {
    stop: ['stop', 'no'],
    backchannel: ['uh-huh', 'mm', 'okay'],
    content: ['odota hetki'],
    nothing: ['', 'o'],
  },
};

describe.each(Object.keys(tables))('%s', language => {
  const rows = Object.entries(tables[language]!).flatMap(([meaning, texts]) =>
    texts.map(text => [text, meaning] as const),
  );
  test.each(rows)('"%s" is %s', (text, meaning) => {
    expect(floorMeaning(text, language)).toBe(meaning);
  });
});

test('"no no that\'s fine" takes the floor', () => {
  expect(['stop', 'content']).toContain(floorMeaning("no no that's fine", 'en-US'));
});

test("an agent's own words join the language's and win over them", () => {
  expect(floorMeaning('banana', 'en-US')).toBe('content');
  expect(floorMeaning('banana', 'en-US', { stop: ['banana'] })).toBe('stop');
  expect(floorMeaning('okay', 'en-US', { stop: ['okay'] })).toBe('stop');
  expect(floorMeaning('sorry', 'en-US', { backchannel: ['sorry'] })).toBe('backchannel');
  expect(floorMeaning('yeah', 'en-US', { backchannel: ['sorry'] })).toBe('backchannel');
  expect(floorMeaning('fair play', 'en-US', { backchannel: ['fair play'] })).toBe('backchannel');
  expect(floorMeaning('fair', 'en-US', { backchannel: ['fair play'] })).toBe('nothing');
});
