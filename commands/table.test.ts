import { expect, test } from 'vitest';
import { csv, rowsOf, table } from './table.ts';

test('a table is aligned, numbers to the right, Cosmos bookkeeping left out', () => {
  const rows = [
    { agent: 'reception', n: 5, rate: 0.33333, _rid: 'x', _ts: 1 },
    { agent: 'billing', n: 12, path: ['a', 'b'] },
  ];
  expect(table(rows)).toBe(
    [
      'agent       n   rate  path',
      '─────────  ──  ─────  ─────────',
      'reception   5  0.333',
      'billing    12         ["a","b"]',
    ].join('\n'),
  );
});

test('no rows are said so', () => {
  expect(table([])).toBe('(no rows)');
  expect(csv([])).toBe('\r\n');
});

test('bare values become a column', () => {
  expect(rowsOf([3, 'x', { a: 1 }])).toEqual([{ value: 3 }, { value: 'x' }, { a: 1 }]);
});

test('csv quotes what would break a line', () => {
  const rows = [{ words: 'He said "no", twice', n: 1 }, { words: 'two\nlines' }];
  expect(csv(rows)).toBe('words,n\r\n"He said ""no"", twice",1\r\n"two\nlines",\r\n');
});
