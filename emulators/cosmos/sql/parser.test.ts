import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tokenize } from './lexer.ts';
import { parseQuery } from './parser.ts';
import { prepareQuery, runPage } from './query.ts';
import { QueryError } from './query-error.ts';

/** Runs `act`; anything thrown but a QueryError fails the property. */
function onlyQueryErrors(act: () => unknown): boolean {
  try {
    act();
  } catch (error) {
    return error instanceof QueryError;
  }
  return true;
}

const WORDS =
  'SELECT VALUE DISTINCT TOP FROM WHERE JOIN IN GROUP BY ORDER OFFSET LIMIT AS AND OR NOT BETWEEN LIKE ESCAPE EXISTS ARRAY ' +
  'c c.a x "s" \'t\' 1 2.5 @p null true undefined COUNT( SUM( LEFT( ( ) [ ] { } , . : ? ?? || = != < >= + - * / % & | ^ ~ << >>> udf';
const soup = fc
  .array(fc.constantFrom(...WORDS.split(' ')), { maxLength: 30 })
  .map(words => `SELECT ${words.join(' ')}`);

test('any text is read or refused with a query error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 200 }), text => onlyQueryErrors(() => parseQuery(text))),
  );
});

test('any soup of words is run or refused with a query error', () => {
  const documents = [{ id: 'a', a: [1, { b: 'x' }], x: null }, { id: 'b' }];
  fc.assert(
    fc.property(soup, query =>
      onlyQueryErrors(() => {
        const plan = prepareQuery({ query, parameters: [{ name: '@p', value: 'v' }] }, undefined, 0);
        runPage(plan, each => void documents.every((document, number) => each(document, number)), 10);
      }),
    ),
    { numRuns: 1000 },
  );
});

test('tokens cover the text in order, and only blanks and comments lie between', () => {
  fc.assert(
    fc.property(soup, text => {
      let at = 0;
      for (const token of tokenize(text)) {
        expect(text.slice(at, token.start).trim()).toBe('');
        expect(text.slice(token.start, token.end)).toBe(token.text);
        at = token.end;
      }
      expect(at).toBe(text.length);
    }),
  );
});

test('any string comes back from a literal', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), value => {
      const plan = prepareQuery({ query: `SELECT VALUE ${JSON.stringify(value)}` }, undefined, 0);
      expect(runPage(plan, () => undefined, 1).rows).toEqual([value]);
    }),
  );
});

test.each(['(', 'NOT ', '-', '[', '{"a":', 'ARRAY(SELECT VALUE '])(
  'ten thousand times %j does not break the parser',
  open => {
    const query = `SELECT VALUE ${open.repeat(10_000)}`;
    expect(() => parseQuery(query)).toThrow(QueryError);
  },
);

test('a chain too long to compile is refused', () => {
  for (const query of [
    `SELECT VALUE ${Array(50_000).fill('1').join('+')}`,
    `SELECT VALUE c${'.a'.repeat(100_000)} FROM c`,
  ]) {
    expect(() => parseQuery(query)).toThrow(QueryError);
  }
  expect(() => parseQuery(`SELECT VALUE '${'x'.repeat(300_000)}'`)).toThrow(QueryError);
});

test('long chains of operators and paths run', () => {
  for (const query of [
    `SELECT VALUE ${Array(1500).fill('1').join(' + ')}`,
    `SELECT VALUE c${'.a'.repeat(1500)} FROM c`,
  ]) {
    const plan = prepareQuery({ query }, undefined, 0);
    expect(runPage(plan, each => void each({}, 1), 1).rows).toEqual(query.includes('+') ? [1500] : []);
  }
});

test('groups of 2,000 documents are counted in less than 30 ms', () => {
  const documents = Array.from({ length: 2000 }, (_, n) => ({ agent: `a${n % 7}`, n, lat: { b: [n, 2, 3] } }));
  const query =
    'SELECT c.agent, COUNT(1) AS n, SUM(c.lat.b[0]) AS s, AVG(c.n) AS m FROM c WHERE c.n >= 0 GROUP BY c.agent';
  const times = Array.from({ length: 5 }, () => {
    const started = performance.now();
    const plan = prepareQuery({ query }, undefined, 0);
    expect(runPage(plan, each => void documents.every((document, n) => each(document, n)), 100).rows).toHaveLength(7);
    return performance.now() - started;
  });
  expect(Math.min(...times)).toBeLessThan(30);
});
