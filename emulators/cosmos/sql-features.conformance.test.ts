import type { Container } from '@azure/cosmos';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Connected, connect, failure } from './conformance-client.ts';

/** The query language, one small query a line: through the real client, against five documents. */
let service: Connected;
let container: Container;
beforeAll(async () => {
  service = await connect({ clock: () => Date.UTC(2026, 10, 20, 9, 30) });
  container = await service.container({
    indexingPolicy: {
      includedPaths: [{ path: '/*' }],
      excludedPaths: [{ path: '/secret/*' }],
      compositeIndexes: [
        [
          { path: '/kind', order: 'ascending' },
          { path: '/n', order: 'descending' },
        ],
      ],
    },
  });
  const items = [
    { id: 'a', kind: 'x', n: 1, s: 'Alpha', ok: true, tags: ['red', 'blue'], sub: { v: 10, order: 1 }, nil: null },
    { id: 'b', kind: 'x', n: 2, s: 'beta', ok: false, tags: ['blue'], sub: { v: 20 }, mixed: 'text' },
    { id: 'c', kind: 'y', n: 3, s: 'gamma_ray', tags: [], sub: { v: 'text' }, mixed: 5 },
    {
      id: 'd',
      kind: 'y',
      n: 4,
      s: 'a%b',
      ok: true,
      lines: [
        { q: 2, p: 3 },
        { q: 1, p: 10 },
      ],
    },
    { id: 'e', kind: 'z', n: 5, s: 'été', at: '2026-11-20T09:15:30.1234567Z' },
  ];
  for (const item of items) await container.items.create({ ...item, pk: item.kind });
});
afterAll(() => service[Symbol.asyncDispose]());

async function run(query: string): Promise<unknown[]> {
  const parameters = [
    { name: '@two', value: 2 },
    { name: '@list', value: ['a', 'e'] },
    { name: '@path', value: 'n' },
  ];
  return (await container.items.query({ query, parameters }).fetchAll()).resources;
}

const ids = (where: string): string => `SELECT VALUE c.id FROM c WHERE ${where}`;

describe('shapes of SELECT and FROM', () => {
  test.each<[string, unknown[]]>([
    ['SELECT c.id, c.sub.v FROM c WHERE c.n = 1', [{ id: 'a', v: 10 }]],
    ['SELECT c["id"], c.tags[0] FROM c WHERE c.n = 1', [{ id: 'a', $1: 'red' }]],
    ['SELECT c.id AS name, c.none FROM c WHERE c.n = 1', [{ name: 'a' }]],
    ['SELECT c.none FROM c WHERE c.n < 3', [{}, {}]],
    ['SELECT VALUE c.none FROM c', []],
    ['SELECT 1 + 1, "x" AS t', [{ $1: 2, t: 'x' }]],
    ['SELECT VALUE {"id": c.id, tags: [c.n, c.none, 7]} FROM c WHERE c.n = 1', [{ id: 'a', tags: [1, 7] }]],
    ['SELECT VALUE c.id FROM c', ['a', 'b', 'c', 'd', 'e']],
    ['SELECT VALUE r.id FROM root r WHERE r.n = 1', ['a']],
    ['SELECT VALUE whatever.id FROM whatever WHERE whatever.n = 1', ['a']],
    ['SELECT VALUE x.v FROM c.sub x', [10, 20, 'text']],
    ['SELECT VALUE v FROM c.sub.v', [10, 20, 'text']],
    ['SELECT VALUE t FROM t IN c.tags', ['red', 'blue', 'blue']],
    [
      'SELECT c.id, t FROM c JOIN t IN c.tags',
      [
        { id: 'a', t: 'red' },
        { id: 'a', t: 'blue' },
        { id: 'b', t: 'blue' },
      ],
    ],
    ['SELECT VALUE l.q * l.p FROM c JOIN l IN c.lines WHERE l.q > 1', [6]],
    ['SELECT VALUE a || b FROM c JOIN a IN c.tags JOIN b IN c.tags WHERE c.n = 1 AND a != b', ['redblue', 'bluered']],
    ['SELECT VALUE l.p FROM c JOIN l IN (SELECT VALUE x FROM x IN c.lines WHERE x.q = 1)', [10]],
    ['SELECT VALUE m.total FROM c JOIN (SELECT SUM(l.q * l.p) AS total FROM l IN c.lines) AS m WHERE c.n = 4', [16]],
    ['SELECT DISTINCT VALUE c.kind FROM c', ['x', 'y', 'z']],
    ['SELECT DISTINCT c.kind, c.none FROM c', [{ kind: 'x' }, { kind: 'y' }, { kind: 'z' }]],
    ['SELECT TOP 2 VALUE c.id FROM c', ['a', 'b']],
    ['SELECT TOP @two VALUE c.id FROM c', ['a', 'b']],
    ['SELECT VALUE c.id FROM c OFFSET 1 LIMIT @two', ['b', 'c']],
    ['SELECT VALUE COUNT(1) FROM (SELECT DISTINCT VALUE c.kind FROM c)', [3]],
    ['SELECT VALUE c[@path] FROM c WHERE c.n = 1', [1]],
    ['-- a comment\nSELECT VALUE c.id -- another\nFROM c WHERE c.n = 1', ['a']],
    ['select value c.id from c where c.n = 1 and not is_defined(c.none)', ['a']],
    [String.raw`SELECT VALUE 'it\'s é\n'`, ["it's é\n"]],
    ['SELECT VALUE [0x1F, 1.5e3, .5, null, true, undefined]', [[31, 1500, 0.5, null, true]]],
  ])('%s', async (query, expected) => expect(await run(query)).toEqual(expected));
});

describe('WHERE', () => {
  test.each<[string, string[]]>([
    ['c.ok', ['a', 'd']],
    ['NOT c.ok', ['b']],
    ['c.ok = true OR c.n = 3', ['a', 'c', 'd']],
    ['c.ok = false AND c.none = 1', []],
    ['NOT (c.ok = false AND c.none = 1)', ['a', 'd']],
    ['c.none != 1', []],
    ['c.nil = null', ['a']],
    ['c.mixed != 5', ['b']],
    ['c.mixed > 1', ['c']],
    ['c.mixed > "a"', ['b']],
    ['c.sub = {"v": 20}', ['b']],
    ['c.tags = ["blue"]', ['b']],
    ['c.sub > 1', []],
    ['c.n IN (1, 5, "2")', ['a', 'e']],
    ['c.n NOT IN (1, 2, 3)', ['d', 'e']],
    ['ARRAY_CONTAINS(@list, c.id)', ['a', 'e']],
    ['c.n BETWEEN 2 AND 4', ['b', 'c', 'd']],
    ['c.n NOT BETWEEN 2 AND 4', ['a', 'e']],
    ['c.n > 1 AND c.n <= 3 AND c.n <> 2', ['c']],
    ["c.s LIKE 'a%'", ['d']],
    ["c.s LIKE '%a_ra%'", ['c']],
    ["c.s LIKE '%!%%' ESCAPE '!'", ['d']],
    ["c.s LIKE '[A-B]%'", ['a']],
    ["c.s LIKE '[^a-g]%'", ['a', 'e']],
    ["c.s NOT LIKE '%a%'", ['e']],
    ['EXISTS(SELECT VALUE t FROM t IN c.tags WHERE t = "red")', ['a']],
    ['EXISTS(SELECT VALUE c.none)', []],
    ['EXISTS(SELECT c.none)', ['a', 'b', 'c', 'd', 'e']],
    ['(SELECT VALUE COUNT(1) FROM t IN c.tags) > 1', ['a']],
    ['ARRAY_LENGTH(ARRAY(SELECT VALUE t FROM t IN c.tags WHERE t = "blue")) = 1', ['a', 'b']],
    ['c.kind = "x" AND (c.n = 2 OR c.s = "Alpha")', ['a', 'b']],
    ['c.sub["order"] = 1', ['a']],
    ['c.n % 2 = 0', ['b', 'd']],
    ['c.n = 1 OR c.n = 2 AND c.ok', ['a']],
  ])('%s', async (where, expected) => expect(await run(ids(where))).toEqual(expected));
});

describe('values', () => {
  const values: [string, unknown][] = [
    ['1 + 2 * 3 - 4 / 2', 5],
    ['(1 + 2) * 3', 9],
    ['-3 % 2', -1],
    ['1 / 0', undefined],
    ['1 + "1"', undefined],
    ['"a" || "b" || 1', undefined],
    ['100 >> 2', 25],
    ['(100 << 2) | 3', 403],
    ['-1 >>> 28', 15],
    ['6 & 3 ^ 8', 10],
    ['~5', -6],
    ['true ? 1 : 2', 1],
    ['null ? 1 : 2', 2],
    ['undefined ?? 3', 3],
    ['null ?? 3', null],
    ['false ? 1 : true ? 2 : 3', 2],
    ['1 = 1.0', true],
    ['1 = "1"', false],
    ['"b" > "a"', true],
    ['false < true', true],
    ['null <= null', true],
    ['[1] = [1]', true],
    ['{"a": 1, "b": 2} = {"b": 2, "a": 1}', true],
    ['ABS(-2)', 2],
    ['CEILING(1.2) + FLOOR(1.8)', 3],
    ['ROUND(2.5)', 3],
    ['ROUND(-2.5)', -3],
    ['ROUND(3.14159, 2)', 3.14],
    ['TRUNC(-1.7)', -1],
    ['SQRT(16) + SQUARE(3) + POWER(2, 5)', 45],
    ['LOG(-1)', undefined],
    ['LOG10(1000)', 3],
    ['SIGN(-9)', -1],
    ['NUMBERBIN(37, 10)', 30],
    ['INTADD(9007199254740000, 1)', 9007199254740001],
    ['INTDIV(7, 0)', undefined],
    ['CONCAT("a", "b", "c")', 'abc'],
    ['CONTAINS("Hello", "ELL")', false],
    ['CONTAINS("Hello", "ELL", true)', true],
    ['STARTSWITH("Hello", "he", true)', true],
    ['ENDSWITH("Hello", "lo")', true],
    ['STRINGEQUALS("abc", "ABC", true)', true],
    ['INDEX_OF("hello", "l")', 2],
    ['INDEX_OF("hello", "l", 3)', 3],
    ['INDEX_OF("hello", "z")', -1],
    ['LEFT("hello", 2) || RIGHT("hello", 2)', 'helo'],
    ['LEFT("hello", 99)', 'hello'],
    ['SUBSTRING("hello", 1, 3)', 'ell'],
    ['REPLACE("a-b-c", "-", "+")', 'a+b+c'],
    ['REPLICATE("ab", 3)', 'ababab'],
    ['REVERSE("abc")', 'cba'],
    ['UPPER("a") || LOWER("B")', 'Ab'],
    ['"[" || TRIM("  x ") || LTRIM("  x") || RTRIM("x  ") || "]"', '[xxx]'],
    ['LENGTH("four")', 4],
    ['LENGTH(4)', undefined],
    ['STRINGSPLIT("a,b", ",")', ['a', 'b']],
    ['STRINGJOIN(["a", "b"], "-")', 'a-b'],
    ['REGEXMATCH("abcd", "^AB", "i")', true],
    ['REGEXMATCH("abcd", "(")', undefined],
    ['TOSTRING(1.5) || TOSTRING(true) || TOSTRING([1, "a"])', '1.5true[1,"a"]'],
    ['STRINGTONUMBER("1.5e2")', 150],
    ['STRINGTONUMBER("abc")', undefined],
    ['STRINGTOBOOLEAN("true")', true],
    ['STRINGTOARRAY("[1,2]")', [1, 2]],
    ['IS_DEFINED(undefined)', false],
    [
      '[IS_NULL(null), IS_BOOL(1), IS_NUMBER(1), IS_STRING(""), IS_ARRAY([]), IS_OBJECT({})]',
      [true, false, true, true, true, true],
    ],
    ['[IS_PRIMITIVE([]), IS_INTEGER(1.5), IS_FINITE_NUMBER(1)]', [false, false, true]],
    ['IIF(1 = 1, "yes", "no")', 'yes'],
    ['ARRAY_LENGTH([1, 2])', 2],
    ['ARRAY_CONCAT([1], [2], [3, [4]])', [1, 2, 3, [4]]],
    ['ARRAY_CONTAINS([{"a": 1, "b": 2}], {"a": 1})', false],
    ['ARRAY_CONTAINS([{"a": 1, "b": 2}], {"a": 1}, true)', true],
    ['ARRAY_CONTAINS_ANY([1, 2], 5, 2)', true],
    ['ARRAY_CONTAINS_ALL([1, 2], 1, 3)', false],
    ['ARRAY_SLICE([1, 2, 3, 4], 1, 2)', [2, 3]],
    ['ARRAY_SLICE([1, 2, 3, 4], -2)', [3, 4]],
    ['SETINTERSECT([1, 2, 2], [2, 3])', [2]],
    ['SETUNION([1, 2], [2, 3])', [1, 2, 3]],
    ['OBJECTTOARRAY({"a": 1})', [{ k: 'a', v: 1 }]],
    ['GETCURRENTDATETIME()', '2026-11-20T09:30:00.0000000Z'],
    ['GETCURRENTTIMESTAMP()', Date.UTC(2026, 10, 20, 9, 30)],
    ['DATETIMEADD("mm", 1, "2026-01-31T10:00:00Z")', '2026-02-28T10:00:00.0000000Z'],
    ['DATETIMEADD("hour", -10, "2026-01-01T09:00:00.1234567Z")', '2025-12-31T23:00:00.1234567Z'],
    ['DATETIMEDIFF("day", "2026-11-20T23:59:00Z", "2026-11-21T00:01:00Z")', 1],
    ['DATETIMEDIFF("year", "2028-01-01T01:02:03Z", "2020-01-03T01:02:03Z")', -8],
    ['DATETIMEDIFF("fortnight", "2028-01-01T00:00:00Z", "2020-01-01T00:00:00Z")', undefined],
    ['DATETIMEPART("ns", "2020-01-02T03:04:05.6789123Z")', 678912300],
    ['DATETIMEPART("m", "2020-01-02T03:04:05.6789123Z")', 1],
    ['DATETIMEBIN("2021-01-08T18:35:00.0000000", "hh", 5)', '2021-01-08T15:00:00.0000000Z'],
    ['DATETIMEBIN("2021-01-08T18:35:00.0000000", "dd", 7)', '2021-01-07T00:00:00.0000000Z'],
    ['DATETIMEBIN("2021-01-08T18:35:00.0", "dd", 7, "1601-01-01T00:00:00.0000000")', '2021-01-04T00:00:00.0000000Z'],
    ['DATETIMEFROMPARTS(2017, 4, 20, 13, 15, 20, 3456789)', '2017-04-20T13:15:20.3456789Z'],
    ['DATETIMEFROMPARTS(-2000, -1, -1)', undefined],
    ['DATETIMETOTIMESTAMP("2020-07-09")', 1594252800000],
    ['TIMESTAMPTODATETIME(1594227912345)', '2020-07-08T17:05:12.3450000Z'],
    ['DATETIMETOTICKS("1970-01-01T00:00:01Z")', 10_000_000],
    ['TICKSTODATETIME(15943368134575530)', '2020-07-09T23:20:13.4575530Z'],
  ];
  test.each(values)('%s', async (expression, expected) => {
    expect(await run(`SELECT VALUE ${expression}`)).toEqual(expected === undefined ? [] : [expected]);
  });
});

describe('groups and aggregates', () => {
  test.each<[string, unknown[]]>([
    [
      'SELECT c.kind, COUNT(1) AS n FROM c GROUP BY c.kind',
      [
        { kind: 'x', n: 2 },
        { kind: 'y', n: 2 },
        { kind: 'z', n: 1 },
      ],
    ],
    ['SELECT VALUE SUM(c.n) FROM c', [15]],
    ['SELECT COUNT(c.ok) AS known, COUNTIF(c.ok) AS good, AVG(c.n) AS mean FROM c', [{ known: 3, good: 2, mean: 3 }]],
    ['SELECT MIN(c.mixed) AS low, MAX(c.mixed) AS high FROM c', [{ low: 5, high: 'text' }]],
    ['SELECT VALUE SUM(c.mixed) FROM c', []],
    ['SELECT AVG(c.sub.v) AS mean, SUM(c.none) AS zero FROM c', [{ zero: 0 }]],
    ['SELECT VALUE COUNT(1) FROM c WHERE c.n > 99', [0]],
    ['SELECT VALUE MAX(c.n) FROM c WHERE c.n > 99', []],
    ['SELECT SUM(c.n) / COUNT(1) + 1 AS r FROM c', [{ r: 4 }]],
    [
      'SELECT c.kind AS k, MAX(c.n) - MIN(c.n) AS spread FROM c WHERE c.n < 4 GROUP BY c.kind',
      [
        { k: 'x', spread: 1 },
        { k: 'y', spread: 0 },
      ],
    ],
    ['SELECT c.ok, COUNT(1) AS n FROM c GROUP BY c.ok', [{ ok: true, n: 2 }, { ok: false, n: 1 }, { n: 2 }]],
    [
      'SELECT c.kind, c.ok, COUNT(1) AS n FROM c WHERE c.n < 3 GROUP BY c.kind, c.ok',
      [
        { kind: 'x', ok: true, n: 1 },
        { kind: 'x', ok: false, n: 1 },
      ],
    ],
    ['SELECT VALUE {k: UPPER(c.kind), n: COUNT(1)} FROM c WHERE c.n < 3 GROUP BY UPPER(c.kind)', [{ k: 'X', n: 2 }]],
    [
      'SELECT t, COUNT(1) AS n FROM c JOIN t IN c.tags GROUP BY t',
      [
        { t: 'red', n: 1 },
        { t: 'blue', n: 2 },
      ],
    ],
    ['SELECT c.kind FROM c GROUP BY c.kind OFFSET 1 LIMIT 1', [{ kind: 'y' }]],
  ])('%s', async (query, expected) => expect(await run(query)).toEqual(expected));
});

describe('ORDER BY', () => {
  test.each<[string, unknown[]]>([
    ['SELECT VALUE c.id FROM c ORDER BY c.n DESC', ['e', 'd', 'c', 'b', 'a']],
    ['SELECT VALUE c.id FROM c ORDER BY c.kind, c.n DESC', ['b', 'a', 'd', 'c', 'e']],
    ['SELECT VALUE c.id FROM c ORDER BY c.kind DESC, c.n ASC', ['e', 'c', 'd', 'a', 'b']],
    ['SELECT VALUE c.id FROM c WHERE IS_DEFINED(c.mixed) ORDER BY c.mixed', ['c', 'b']],
    ['SELECT VALUE c.id FROM c WHERE c.n < 4 ORDER BY c.mixed', ['a', 'c', 'b']],
    ['SELECT TOP 1 VALUE c.id FROM c ORDER BY c.n DESC', ['e']],
    ['SELECT VALUE c.id FROM c ORDER BY c.n OFFSET 3 LIMIT 5', ['d', 'e']],
    ['SELECT VALUE c.id FROM c WHERE c.n < 3 ORDER BY c._ts', ['a', 'b']],
  ])('%s', async (query, expected) => expect(await run(query)).toEqual(expected));
});

describe('refused with 400', () => {
  const near = (token: string): string => `incorrect syntax near '${token}'`;
  test.each([
    ['SELEC * FROM c', near('SELEC')],
    ['SELECT * FROM c WHERE', near('')],
    ['SELECT c.id AS value FROM c', near('value')],
    ['SELECT c.order FROM c', near('order')],
    ['SELECT c.id FROM c WHERE c.n = = 1', near('=')],
    ['/* SELECT */ SELECT * FROM c', near('/')],
    ['SELECT ROW_NUMBER() OVER(ORDER BY c.n) AS r FROM c', near('OVER')],
    ["SELECT 'open FROM c", near("'open FROM c")],
    ['SELECT * FROM c; DROP', near(';')],
    ['SELECT VALUE d.id FROM c', "Identifier 'd' could not be resolved."],
    ['SELECT VALUE FOO(c.n) FROM c', "'FOO' is not a recognized built-in function name."],
    ['SELECT VALUE LEFT(c.s) FROM c', 'The LEFT function requires 2 argument(s).'],
    ['SELECT VALUE c.n FROM c WHERE c.n = @none', "'@none' has no value"],
    ['SELECT * FROM c JOIN t IN c.tags', "'SELECT *' is not valid"],
    ['SELECT c.kind, COUNT(1) AS n FROM c GROUP BY c.kind ORDER BY c.kind', "'ORDER BY' is not supported"],
    ['SELECT c.id, COUNT(1) AS n FROM c GROUP BY c.kind', 'is invalid in the select list'],
    ['SELECT c.id FROM c WHERE COUNT(1) > 1', 'COUNT'],
    ['SELECT VALUE c.id FROM c ORDER BY c.n, c.kind', 'corresponding composite index'],
    ['SELECT VALUE c.id FROM c ORDER BY c.kind, c.n', 'corresponding composite index'],
    ['SELECT VALUE c.id FROM c ORDER BY c.secret.x', 'order-by item is excluded'],
    ['SELECT VALUE c.id FROM c ORDER BY UPPER(c.s)', 'could not be mapped to a document path'],
    ['SELECT TOP -1 * FROM c', near('-')],
    ['SELECT VALUE (SELECT VALUE t FROM t IN c.tags) FROM c', 'cardinality of a scalar subquery'],
  ])('%s', async (query, words) => {
    const error = await failure(run(query));
    expect(error.code).toBe(400);
    expect(error.message).toContain(words);
  });

  test('a syntax error tells its place, by offset and for people by line and column', async () => {
    const error = await failure(run('SELECT c.id\nFROM c\nWHERE c.n ! 1'));
    const list = /^Message: (\{.*\})\r\n/.exec(error.message)?.[1];
    expect(JSON.parse(list!)).toEqual({
      errors: [
        {
          severity: 'Error',
          location: { start: 29, end: 30 },
          code: 'SC1001',
          message: "Syntax error, incorrect syntax near '!'.",
        },
      ],
    });
    expect(error.message).toContain("At line 3, column 11: '!'.");
  });
});
