import { expect, test } from 'vitest';
import { afterWords, endingAs } from './same-words.ts';

test.each([
  ['Are you open? On Monday.', 'are you open', 'On Monday.'],
  ['My PIN is 4471', 'my pin', 'is 4471'],
  ['It costs $5', 'it costs', '$5'],
  ['Yes.', 'yes', ''],
  ['"Yes," he said.', '', '"Yes," he said.'],
])('%j goes on after %j with %j', (text, before, more) => expect(afterWords(text, before)).toBe(more));

test('a text that begins otherwise does not go on', () => {
  expect(afterWords('Are you closed?', 'are you open')).toBeUndefined();
  expect(afterWords('Are', 'are you')).toBeUndefined();
  expect(afterWords('Openings', 'open')).toBeUndefined();
});

test('last words may be written otherwise', () => {
  expect(endingAs('I moved. my street is', 'My street is…')).toBe('I moved. My street is…');
  expect(endingAs('one', 'One.')).toBe('One.');
  expect(endingAs('I moved.', 'I stayed.')).toBeUndefined();
  expect(endingAs('moved', 'I moved.')).toBeUndefined();
  expect(endingAs('I moved.', '…')).toBeUndefined();
});
