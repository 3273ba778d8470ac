import { join } from 'node:path';
import { expect, test } from 'vitest';
import { agentsOf, loadAgents } from './load.ts';
import { readScenarioTest } from './scenario-test-file.ts';

const ours = join(import.meta.dirname, '..');
const good = `promise: A caller hears when we are open.
scenario: reception
turns:
  - says: When are you open?
    model: [{ tool: opening-hours, with: { day: all } }, { say: At nine. }]
    expect: { tools: [opening-hours], words: [/nin.?/, nine], agent: reception }
  - presses: 12#
`;

test('a test is read with its defaults', () => {
  const { test: read, problems } = readScenarioTest(good, 'tests/open.yaml');
  expect(problems).toEqual([]);
  expect(read).toMatchObject({
    passRate: 1,
    caller: { facts: {} },
    turns: [{ says: 'When are you open?' }, { expect: {} }],
  });
});

test.each<[string, string, RegExp]>([
  [
    'a mistyped key',
    good.replace('turns', 'truns'),
    /^open\.yaml:3:1: "truns" is no key of a scenario test; did you mean turns\?/m,
  ],
  [
    'a mistyped key of a turn',
    good.replace('expect', 'expects'),
    /^open\.yaml:6:5: "expects" is no key of turns\.0; did you mean expect\?/m,
  ],
  [
    'a mistyped key of the model’s line',
    good.replace('with:', 'wiht:'),
    /^open\.yaml:5:36: "wiht" is no key of turns\.0\.model\.0; did you mean with\?$/,
  ],
  [
    'a line of the model without anything',
    good.replace('{ say: At nine. }', '{}'),
    /^open\.yaml:5:60: turns\.0\.model\.1\.say is missing|^open\.yaml:5:\d+: turns\.0\.model\.1/,
  ],
  [
    'a list of the model’s lines with one wrong',
    good.replace('{ say: At nine. }', '[{ say: At nine. }, { say: 1 }]'),
    /^open\.yaml:5:\d+: turns\.0\.model\.1\.1\.say: .*expected string/,
  ],
  [
    'a turn that says and presses',
    good.replace('presses: 12#', 'presses: 12#\n    says: Hello'),
    /^open\.yaml:7:5: turns\.1: a turn either says or presses something/,
  ],
  ['keys that no telephone has', good.replace('12#', '12a'), /^open\.yaml:7:14: turns\.1\.presses: write keys/],
  [
    'a broken regular expression',
    good.replace('/nin.?/', '/nin(/'),
    /^open\.yaml:6:\d+: this is no regular expression: Unterminated group/,
  ],
])('%s is refused', (_, text, message) => {
  const { test: read, problems } = readScenarioTest(text, 'open.yaml');
  expect(problems.join('\n')).toMatch(message);
  expect(read).toBeUndefined();
});

test('names are held against the agents', async () => {
  const all = await loadAgents(ours);
  const agents = agentsOf([all.get('reception')], [], ours);
  const wrong = good
    .replace('tools: [opening-hours]', 'tools: [opening-hour]')
    .replace('agent: reception', 'agent: recepton')
    .replace('tool: opening-hours', 'tool: astrology');
  const told = readScenarioTest(wrong, 'open.yaml', agents).problems.join('\n');
  expect(told).toMatch(/^open\.yaml:6:\d+: no agent "recepton" takes part in reception; did you mean reception\?$/m);
  expect(told).toMatch(/no tool "opening-hour" takes part in reception; did you mean opening-hours\?/);
  expect(told).toMatch(/^open\.yaml:5:21: no tool "astrology" takes part in reception\. Known: /m);
  expect(
    readScenarioTest(good.replace('scenario: reception', 'scenario: recepton'), 'open.yaml', agents).problems,
  ).toEqual(['open.yaml:2:11: there is no scenario "recepton"; did you mean reception?']);
  expect(readScenarioTest(good, 'open.yaml', agents).problems).toEqual([]);
});

test('tools that are replaced or counted are held against the agents too', async () => {
  const all = await loadAgents(ours);
  const agents = agentsOf([all.get('reception')], [], ours);
  const wrong = `${good.replace('agent: reception', 'agent: reception, effects: { open-tickets: 1 }')}tools: { opening-huors: fails }\n`;
  const told = readScenarioTest(wrong, 'open.yaml', agents).problems;
  expect(told).toEqual([
    expect.stringMatching(
      /^open\.yaml:\d+:\d+: no tool "opening-huors" takes part in reception; did you mean opening-hours\?/,
    ),
    expect.stringMatching(/^open\.yaml:\d+:\d+: no tool "open-tickets" takes part in reception/),
  ]);
});
