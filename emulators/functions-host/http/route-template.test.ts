import { describe, expect, test } from 'vitest';
import { matchTemplate, parseTemplate } from './route-template.ts';

const match = (template: string, path: string): Record<string, string> | undefined =>
  matchTemplate(
    parseTemplate(template),
    path.split('/').filter(part => part !== ''),
  );

describe('a template', () => {
  test.each([
    ['orders', '/orders', {}],
    ['orders', '/ORDERS/', {}],
    ['orders/{id}', '/orders/a%2Fb', { id: 'a/b' }],
    ['orders/{id?}', '/orders', {}],
    ['orders/{id=7}', '/orders', { id: '7' }],
    ['{*rest}', '/', {}],
    ['files/{*rest}', '/files/a/b', { rest: 'a/b' }],
    ['files/{**rest}', '/files/a', { rest: 'a' }],
    ['report-{year:int}.pdf', '/report-2026.pdf', { year: '2026' }],
    ['{a}-{b}', '/x-y-z', { a: 'x-y', b: 'z' }],
    ['tags/{tag:regex(^[[a-z]]+$)}', '/tags/x', undefined],
    ['tags/{tag:regex(^a{{2}}$)}', '/tags/aa', { tag: 'aa' }],
  ])('%s against %s gives %o', (template, path, expected) => {
    expect(match(template, path)).toEqual(expected);
  });

  test.each([
    ['orders', '/orders/1'],
    ['orders/{id}', '/orders'],
    ['orders/{id}', '/orders/1/2'],
    ['report-{year:int}.pdf', '/report-soon.pdf'],
  ])('%s does not match %s', (template, path) => {
    expect(match(template, path)).toBeUndefined();
  });

  test.each([
    ['int', '-12', 'twelve'],
    ['int', '2147483647', '2147483648'],
    ['long', '2147483648', '1.5'],
    ['bool', 'TRUE', 'yes'],
    ['alpha', 'abc', 'ab1'],
    ['guid', '11111111-2222-3333-4444-555555555555', '1111'],
    ['decimal', '1.5', 'x'],
    ['double', '1e3', 'e'],
    ['datetime', '2026-01-01', 'someday'],
    ['minlength(3)', 'abc', 'ab'],
    ['maxlength(3)', 'abc', 'abcd'],
    ['length(2)', 'ab', 'abc'],
    ['length(2,3)', 'abc', 'a'],
    ['min(5)', '5', '4'],
    ['max(5)', '5', '6'],
    ['range(1,3)', '3', '4'],
    ['int:min(1)', '1', '0'],
  ])('{p:%s} takes %s and not %s', (constraint, good, bad) => {
    expect(match(`{p:${constraint}}`, good)).toEqual({ p: good });
    expect(match(`{p:${constraint}}`, bad)).toBeUndefined();
  });
});

test('precedence puts literals first and catch-alls last', () => {
  const templates = ['{*rest}', 'a/{b}', 'a/{b:int}', 'a/b', '{a}/{b}'];
  const sorted = templates.map(parseTemplate).sort((x, y) => (x.precedence < y.precedence ? -1 : 1));
  expect(sorted.map(({ template }) => template)).toEqual(['a/b', 'a/{b:int}', 'a/{b}', '{a}/{b}', '{*rest}']);
});

test.each(['a/{b', 'a/{b:colour}', 'a/{}'])('%s is refused', template => {
  expect(() => parseTemplate(template)).toThrow(`Route "${template}"`);
});
