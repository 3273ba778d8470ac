import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { agentPage, writtenFolders } from '../testing/written-folder.ts';
import { loadAgents } from './load.ts';

const written = writtenFolders();
const { folderOf, problemsOf } = written;
afterAll(written.remove);

const context = {
  agent: { name: 'billing', description: '' },
  caller: { country: '' },
  call: { id: '0'.repeat(32), direction: 'in' as const },
  facts: {},
  today: 'Friday',
};
/** An agent with this prompt, which begins in line 5, column 3. */
const pageWith = (prompt: string) =>
  `${agentPage('billing').replace('prompt: Be kind.\n', '')}prompt: |\n  ${prompt.replaceAll('\n', '\n  ')}\n`;
const folderWith = (prompt: string, files: Record<string, string>) => ({
  'billing.yaml': pageWith(prompt),
  ...Object.fromEntries(Object.entries(files).map(([name, text]) => [`prompts/${name}`, text])),
});
const rendered = async (prompt: string, files: Record<string, string>) =>
  (await loadAgents(await folderOf(folderWith(prompt, files)))).get('billing').instructions(context);

describe('an included file', () => {
  test('stands where it is included, with what it includes itself', async () => {
    const files = {
      'voice.jinja': 'Be brief.\n{% include "house/manners.jinja" %}\n',
      'house/manners.jinja': 'Be kind.',
    };
    expect(await rendered('First.\n{% include "voice.jinja" %}\nLast.', files)).toBe(
      'First.\nBe brief.\nBe kind.\nLast.',
    );
  });

  test.each<[string, string, string]>([
    ['inside a line', 'Say {% include "a.jinja" %}, please.', 'Say hello, please.'],
    ['as a block of its own', 'One\n  {% include "a.jinja" %}\nTwo', 'One\nhello\nTwo'],
    ['with its spaces taken', 'One \n{%- include "a.jinja" -%}\n Two', 'OnehelloTwo'],
    ['twice', '{% include "a.jinja" %} {% include \'a.jinja\' %}', 'hello hello'],
    ['in a condition', '{% if visit == "first" %}{% include "a.jinja" %}{% else %}bye{% endif %}', 'hello'],
    ['in a comment it is none', 'x{# {% include "none.jinja" %} #}', 'x'],
  ])('%s', async (_, prompt, text) => {
    expect(await rendered(prompt, { 'a.jinja': 'hello\n' })).toBe(text);
  });

  test('that ends with a block swallows no line', async () => {
    const files = { 'a.jinja': '{% if today %}\nToday.\n{% endif %}\n' };
    expect(await rendered('One\n{% include "a.jinja" %}\nTwo', files)).toBe('One\nToday.\nTwo');
  });

  test('may use what the prompt has set, and the prompt what it has set', async () => {
    const files = { 'a.jinja': '{% set tone = who ~ "!" %}' };
    expect(await rendered('{% set who = "you" %}{% include "a.jinja" %}{{ tone }}', files)).toBe('you!');
  });
});

describe('an include is refused where it stands', () => {
  test.each<[string, string, Record<string, string>, RegExp]>([
    [
      'of a file that is not there',
      'Hi {% include "vioce.jinja" %}',
      { 'voice.jinja': 'x' },
      /^billing\.yaml:5:17: prompt includes "vioce\.jinja", which is not in prompts\/; did you mean voice\.jinja\?$/,
    ],
    [
      'of the folder above',
      '{% include "../billing.yaml" %}',
      {},
      /^billing\.yaml:5:14: prompt includes "\.\.\/billing\.yaml", which leads out of prompts/,
    ],
    ['of the folder above, from below', '{% include "a/../../billing.yaml" %}', {}, /which leads out of prompts/],
    ['of an absolute path', '{% include "/etc/passwd" %}', {}, /"\/etc\/passwd", which leads out of prompts/],
    ['of a drive', '{% include "C:/x.jinja" %}', {}, /which leads out of prompts/],
    ['with backslashes', '{% include "..\\\\x.jinja" %}', {}, /which leads out of prompts/],
    [
      'of a file that is no template',
      '{% include "key.txt" %}',
      { 'key.txt': 'secret' },
      /which is not in prompts\/\. Known: none\./,
    ],
    [
      'of a name that is computed',
      '{% set f = "a.jinja" %}{% include f %}',
      { 'a.jinja': 'x' },
      /:5:37: prompt include takes the name of one file in quotes/,
    ],
    [
      'with more than a name',
      '{% include "a.jinja" ignore missing %}',
      {},
      /:5:14: prompt include takes the name of one file in quotes/,
    ],
    [
      'of itself',
      '{% include "a.jinja" %}',
      { 'a.jinja': 'x\n {% include "a.jinja" %}' },
      /^prompts\/a\.jinja:2:13: prompt includes itself: a\.jinja → a\.jinja; break the circle/,
    ],
    [
      'of itself, by another',
      '{% include "a.jinja" %}',
      { 'a.jinja': '{% include "b.jinja" %}', 'b.jinja': '\n\n{% include "a.jinja" %}' },
      /^prompts\/b\.jinja:3:12: prompt includes itself: a\.jinja → b\.jinja → a\.jinja/,
    ],
  ])('%s', async (_, prompt, files, message) => {
    expect((await problemsOf(folderWith(prompt, files))).join('\n')).toMatch(message);
  });

  test('by a link that leads out', async () => {
    const folder = await folderOf(folderWith('{% include "key.jinja" %}', {}));
    await writeFile(join(folder, 'secret.txt'), 'secret');
    await mkdir(join(folder, 'prompts'));
    await symlink('../secret.txt', join(folder, 'prompts/key.jinja'));
    await expect(loadAgents(folder)).rejects.toThrow(/billing\.yaml:5:14: .*"key\.jinja", which leads out of prompts/);
  });

  test('that grows without end', async () => {
    const doubling = Object.fromEntries(
      Array.from({ length: 20 }, (_, at) => [
        `f${at}.jinja`,
        `${'x'.repeat(60)}{% include "f${at + 1}.jinja" %}{% include "f${at + 1}.jinja" %}`,
      ]),
    );
    const problems = await problemsOf(folderWith('{% include "f0.jinja" %}', { ...doubling, 'f20.jinja': 'x' }));
    expect(problems).toEqual(['billing.yaml:4:9: prompt is longer than 100000 characters with all that it includes']);
  });
});

describe('a mistake in an included file is told with that file’s line', () => {
  test.each<[string, string, RegExp]>([
    ['an unknown name', 'One.\nTwo {{ nobody }}.', /^prompts\/a\.jinja:2:8: prompt uses "nobody", which has no value/],
    [
      'an unknown variable',
      '\n{{ variables.compny }}',
      /^prompts\/a\.jinja:2:14: prompt uses "variables\.compny", which has no value; did you mean company\?/,
    ],
    ['an open tag', 'One {{ today', /^prompts\/a\.jinja:1:5: prompt is no Jinja template: this \{\{ is never closed/],
    ['an open block', '\n\n {% if today %}x', /^prompts\/a\.jinja:3:2: prompt is no Jinja template: if has no endif/],
    ['nonsense', 'x {{ 1 2 }}', /^prompts\/a\.jinja:1:3: prompt is no Jinja template: this cannot be read/],
    [
      'an unknown filter',
      '\n{{ today | shout }}',
      /^prompts\/a\.jinja:2:12: prompt does not render: Unknown StringValue filter: shout/,
    ],
  ])('%s', async (_, text, message) => {
    const files = folderWith('Fine {{ today }}.\n{% include "a.jinja" %}\n{{ today }}', { 'a.jinja': text });
    files['billing.yaml'] += 'variables: { company: Example }\n';
    expect((await problemsOf(files)).join('\n')).toMatch(message);
  });

  test('and behind it the prompt’s own lines are still right', async () => {
    const files = folderWith('{% include "a.jinja" %}\nThen {{ nobody }}.', { 'a.jinja': 'x\ny\nz\n' });
    expect((await problemsOf(files)).join('\n')).toMatch(/^billing\.yaml:6:11: prompt uses "nobody"/);
  });

  test('once, however many agents include it', async () => {
    const files = folderWith('{% include "a.jinja" %}', { 'a.jinja': '{{ nobody }}' });
    const desk = files['billing.yaml']?.replace('name: billing', 'name: desk') ?? '';
    expect(await problemsOf({ ...files, 'desk.yaml': desk })).toHaveLength(1);
  });
});
