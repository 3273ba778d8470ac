import { describe, expect, test } from 'vitest';
import { FilterError, parseFilter } from './filter.ts';

const ann = { id: 'c1', userId: 'User-Ann', groups: new Set(['g1', 'g2']) };
const nobody = { id: 'c2', userId: undefined, groups: new Set<string>() };

describe('a filter', () => {
  test.each<[string, boolean, boolean]>([
    ["userId eq 'User-Ann'", true, false],
    ["USERID ne 'x'", true, true],
    ['userId eq null', false, true],
    ['userId ne null', true, false],
    ["connectionId gt 'c1'", false, true],
    ["'g1' in groups", true, false],
    ["'g1' in groups and 'g3' in groups", false, false],
    ["'g3' in groups or 'g2' in (groups)", true, false],
    ["userId in ('x', 'User-Ann')", true, false],
    ["not ('g1' in groups)", false, true],
    ["not startswith(userId, 'User') and connectionId le 'c2'", false, true],
    ["endswith(tolower(userId), '-ann')", true, false],
    ["contains(userId, 'it''s')", false, false],
    ['length(userId) gt 7 and length(groups) eq 2', true, false],
    ['length(groups) lt 1', false, true],
    ["substring(userId, 0, 4) eq 'User' or substring(userId, 5) eq 'x'", true, false],
    ["indexof(concat(trim(' a'), 'b'), 'b') ge 1", true, true],
    ["false or (true and userId ne '')", true, true],
  ])('%s', (text, forAnn, forNobody) => {
    const filter = parseFilter(text);
    expect([filter(ann), filter(nobody)]).toEqual([forAnn, forNobody]);
  });

  test.each([
    ['', 'too early'],
    ['userId', 'string stands where'],
    ['not length(userId) gt 5', 'int stands where'],
    ["userId eq 'x", 'character'],
    ["name eq 'x'", 'no property'],
    ["constructor eq 'x'", 'no property'],
    ["sleep('x') eq 1", 'no function'],
    ["startswith('x')", '2 arguments'],
    ["'g' in userId", 'list in brackets'],
    ["(userId eq 'x'", '")" is missing'],
    ["userId eq 'x' 'y'", 'not expected'],
  ])('%s is wrong: %s', (text, why) => {
    expect(() => parseFilter(text)).toThrow(FilterError);
    expect(() => parseFilter(text)).toThrow(why);
  });
});
