import { expect, test } from 'vitest';
import { fill, placeholdersIn } from './placeholders.ts';

const values = { user: 'Hello', day: 'monday', tool: { hours: { from: 9 }, list: ['a', 'b'] } };

test.each([
  ['You said {{user}}.', 'You said Hello.'],
  ['From {{ tool.hours.from }} on.', 'From 9 on.'],
  ['{{tool.list.1}}', 'b'],
  ['{{tool.hours}}', '{"from":9}'],
  ['On {{day | capital}} it is {{user|lower}}.', 'On Monday it is hello.'],
  ['We open. {{tool.note}} Welcome.', 'We open. Welcome.'],
  ['We open. {{tool.hours.from.never}}', 'We open.'],
  ['Nothing  to fill.', 'Nothing  to fill.'],
])('%s becomes %s', (text, filled) => {
  expect(fill(text, values)).toBe(filled);
});

test('texts deep inside arguments are filled and the rest is kept', () => {
  const args = { day: '{{day}}', count: 2, list: [{ who: '{{user}}' }, null] };
  expect(fill(args, values)).toEqual({ day: 'monday', count: 2, list: [{ who: 'Hello' }, null] });
  expect(placeholdersIn(args)).toEqual(['day', 'user']);
});
