import { expect, test } from 'vitest';
import { callsOf } from './rule.ts';
import { parseRules, parseScript, ScriptError } from './script.ts';

function mistakes(yaml: string): string[] {
  try {
    parseScript(yaml, 'desk.yaml');
  } catch (error) {
    if (error instanceof ScriptError) return error.message.split('\n');
    throw error;
  }
  return [];
}

test('a script is read with its defaults', () => {
  const [rule] = parseScript('- match: { lastUser: "open on (?<day>\\\\w+)" }\n  say: On {{day}}.\n', 'desk.yaml');
  expect(rule).toMatchObject({ say: 'On {{day}}.', interleave: false, jitterMs: 0 });
  expect(rule!.match.lastUser!.exec('Are you OPEN ON Monday?')?.groups).toEqual({ day: 'Monday' });
});

test('an empty script has no rules', () => {
  expect(parseScript('# nothing yet\n', 'desk.yaml')).toEqual([]);
});

test('calls may be written as one or as several', () => {
  const rules = parseRules([{ tool: { name: 'a' } }, { tools: [{ name: 'a' }, { name: 'b', arguments: 'raw' }] }]);
  expect(rules.map(rule => callsOf(rule).map(call => [call.name, call.arguments]))).toEqual([
    [['a', {}]],
    [
      ['a', {}],
      ['b', 'raw'],
    ],
  ]);
});

test.each([
  ['a key that is none', '- match:\n    lastUsr: hello\n  say: Hi.\n', ['desk.yaml:2:5', 'match.lastUsr', 'lastUser']],
  ['a key deep inside', '- error:\n    status: 429\n    retry: 1\n', ['desk.yaml:3:5', 'error.retry', 'retryAfterMs']],
  ['a bad regular expression', '- match:\n    lastUser: "("\n  say: Hi.\n', ['desk.yaml:2:5', 'regular expression']],
  ['a rule that answers nothing', '- say: Hi.\n- match: { turn: 2 }\n', ['desk.yaml:2:3', 'rule 2', 'Add say']],
  ['two answers', '- say: Hi.\n  refuse: No.\n', ['desk.yaml:2:3', 'Keep one']],
  ['an error with an answer', '- say: Hi.\n  error: { status: 500 }\n', ['desk.yaml:2:3', 'remove one']],
  ['a placeholder nothing fills', '- say: On {{day}}.\n', ['desk.yaml:1:3', '{{day}}', 'user, tool.<path>']],
  ['a wrong type', '- say: Hi.\n  ttftMs: soon\n', ['desk.yaml:2:3', 'ttftMs', 'number']],
  ['a status that is no error', '- error: { status: 200 }\n', ['desk.yaml:1:12', 'error.status', '400']],
  ['a mapping instead of a list', 'say: Hi.\n', ['desk.yaml:1:1', 'array']],
  ['no YAML at all', '- say: "Hi.\n', ['desk.yaml:2:1']],
])('%s is told with its place and the remedy', (_, yaml, parts) => {
  const lines = mistakes(yaml);
  expect(lines).toHaveLength(1);
  for (const part of parts) expect(lines[0]).toContain(part);
});

test('every mistake has its own line', () => {
  expect(mistakes('- sey: Hi.\n- say: Hi.\n  gapMs: -1\n').map(line => line.split(' ')[0])).toEqual([
    'desk.yaml:1:3:',
    'desk.yaml:1:3:',
    'desk.yaml:3:3:',
  ]);
});

test('rules in code take regular expressions and are checked alike', () => {
  const [rule] = parseRules([{ match: { lastUser: /open/gi }, say: 'Yes.' }]);
  expect([rule!.match.lastUser!.test('Open?'), rule!.match.lastUser!.test('Open?')]).toEqual([true, true]);
  expect(() => parseRules([{ say: '{{nobody}}' }])).toThrow(/rule 1: say has {{nobody}}/);
});
