import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { phrasesOf } from '../contracts/agent-phrases.ts';
import { CallError } from '../contracts/error.ts';
import { loadAgents } from './load.ts';

const ours = import.meta.dirname;
let root: string;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'agents-'));
});
afterAll(() => rm(root, { recursive: true }));

/** A folder with these files, `billing.yaml` unless they say otherwise. */
async function folderOf(files: string | Record<string, string>): Promise<string> {
  count += 1;
  const folder = join(root, String(count));
  await mkdir(join(folder, 'tools'), { recursive: true });
  for (const [name, text] of Object.entries(typeof files === 'string' ? { 'billing.yaml': files } : files))
    await writeFile(join(folder, name), text);
  return folder;
}

/** The lines told about a folder that must not load, with the folder's own path taken off. */
async function problemsOf(files: string | Record<string, string>): Promise<string[]> {
  const folder = await folderOf(files);
  const error = await loadAgents(folder).then(
    () => undefined,
    (refused: unknown) => refused,
  );
  expect(error).toBeInstanceOf(CallError);
  expect((error as CallError).code).toBe('AGENT_FILE_INVALID');
  return (error as CallError).message.replaceAll(`${folder}/`, '').split('\n');
}

const good = `name: billing
description: Knows bills
greeting: Hello.
prompt: Be kind.
`;
const tool = (name: string) => `
import { z } from 'zod';
import { defineTool } from '${join(ours, 'tool.ts')}';
export const it = defineTool({ name: '${name}', description: 'x', parameters: z.object({}), run: () => 1 });
`;

describe('a folder of agents', () => {
  test('the agents of this repository load', async () => {
    const agents = await loadAgents(ours);
    const reception = agents.get('reception');
    expect(agents.names).toContain('reception');
    expect(reception.tools.map(({ functionName }) => functionName)).toEqual(['opening_hours', 'talk_to_person']);
    expect(reception.version).toMatch(/^[0-9a-f]{12}$/);
    const context = {
      caller: { country: '' },
      call: { id: '0'.repeat(32) },
      facts: {},
      today: 'Friday, 20 November 2026',
    };
    const rendered = (direction: 'in' | 'out') =>
      reception.instructions({ ...context, agent: reception.definition, call: { ...context.call, direction } });
    expect(rendered('in')).toMatch(/Switchboard.*Friday, 20 November 2026/);
    expect(rendered('in')).not.toMatch(/[{}%]|You placed this call/);
    expect(rendered('out')).toContain('You placed this call yourself');
  });

  test('defaults stand where a file says nothing', async () => {
    const { definition, tools } = (await loadAgents(await folderOf(good))).get('billing');
    expect(tools).toEqual([]);
    expect(definition).toMatchObject({
      voice: { name: 'en-US-JennyNeural' },
      model: { maxOutputTokens: 400 },
      speech: { language: 'en-US', phrases: [] },
      turns: { policy: 'graded', expects: 'anything', stopWords: [], backchannels: [], maxSilences: 3 },
      mustBeHeard: [],
      silence: { afterMs: 3500 },
      hold: { afterMs: 2500 },
      speculation: { tries: 0, maxSpeechMs: 10_000 },
    });
    expect(definition.model).toMatchObject({ firstTokenMs: 8000, betweenTokensMs: 8000, retryMs: 5000 });
  });

  test('a file may say how the agent converses', async () => {
    const own = `${good}turns: { policy: patient, expects: digits, stopWords: [halt], maxSilences: 2 }
mustBeHeard: [This call is recorded.]
silence: { afterMs: 1500, reprompts: [Still there?], goodbye: Bye., unheard: Pardon? }
hold: { afterMs: 2000, words: [One second.] }
speculation: { tries: 2 }
model: { firstTokenMs: 4000 }
apology: Sorry.
refusal: I must not say that.
`;
    const { definition } = (await loadAgents(await folderOf(own))).get('billing');
    expect(definition).toMatchObject({
      turns: { policy: 'patient', expects: 'digits', stopWords: ['halt'], backchannels: [], maxSilences: 2 },
      speculation: { tries: 2, maxSpeechMs: 10_000 },
      model: { firstTokenMs: 4000, retryMs: 5000 },
    });
    expect(phrasesOf(definition)).toMatchObject({
      reprompts: ['Still there?'],
      unheard: 'Pardon?',
      goodbye: 'Bye.',
      hold: ['One second.'],
      apology: 'Sorry.',
      refusal: 'I must not say that.',
    });
  });

  test('the version changes with the text', async () => {
    const versions = await Promise.all(
      [good, good, good.replace('kind', 'brief')].map(
        async text => (await loadAgents(await folderOf(text))).get('billing').version,
      ),
    );
    expect(versions[0]).toBe(versions[1]);
    expect(versions[0]).not.toBe(versions[2]);
  });

  test('an unknown agent is answered with the known ones', async () => {
    const agents = await loadAgents(await folderOf(good));
    expect(() => agents.get('biling')).toThrow(/Agent "biling" is not in .*Known: billing\./);
  });

  test('one bad file and none of them starts; all mistakes of all files are told', async () => {
    const problems = await problemsOf({
      'billing.yaml': good,
      'desk.yaml': good.replace('billing', 'desk').replace('prompt: Be kind.', 'promt: Be kind.\ntools: [ghost]'),
      'other.yaml': 'name: [',
    });
    expect(problems).toHaveLength(4);
    expect(problems.join('\n')).toMatch(/desk\.yaml:4:1: "promt" is no key of an agent; did you mean prompt\?/);
    expect(problems.join('\n')).toMatch(/desk\.yaml:1:1: prompt is missing/);
    expect(problems.join('\n')).toMatch(/desk\.yaml:5:9: Tool "ghost" has no file in tools\. Known: none\./);
    expect(problems.join('\n')).toMatch(/other\.yaml:1:8: this is not usable YAML/);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['without agents', {}, /holds no agent: add a file/],
    ['with the wrong ending', { 'billing.yml': good }, /holds billing\.yml: call it billing\.yaml/],
  ])('a folder %s is refused', async (_, files, message) => {
    expect((await problemsOf(files)).join('\n')).toMatch(message);
  });

  test('a folder that is not there names the setting', async () => {
    await expect(loadAgents(join(root, 'nowhere'))).rejects.toThrow(/not a folder that can be read.*AGENTS_DIR/);
  });
});

describe('a file is refused with file, line, column and remedy', () => {
  test.each<[string, string, RegExp]>([
    ['nothing', '', /^billing\.yaml:1:1: the file: .*expected object/],
    ['only a comment', '# soon\n', /^billing\.yaml:1:1: the file: .*expected object/],
    ['a list', '- name: billing\n', /^billing\.yaml:1:1: the file: .*expected object/],
    ['a word', 'billing\n', /^billing\.yaml:1:1: the file: .*expected object/],
    ['two documents', `${good}---\n${good}`, /^billing\.yaml:5:1: this is not usable YAML: .*multiple documents/],
    ['an open bracket', `${good}tools: [a, b\n`, /^billing\.yaml:6:1: this is not usable YAML: Flow sequence/],
    [
      'an open quote',
      `${good}returnGreeting: "Hi\n`,
      /^billing\.yaml:6:1: this is not usable YAML: Missing closing "quote/,
    ],
    ['a tab', `${good}voice:\n\tname: x\n`, /^billing\.yaml:6:1: this is not usable YAML: Tabs/],
    [
      'a colon in a sentence',
      good.replace('Hello.', 'Hello: you'),
      /^billing\.yaml:3:11: this is not usable YAML: Nested/,
    ],
    ['a reserved sign', good.replace('Hello.', '@home'), /^billing\.yaml:3:11: this is not usable YAML: Plain value/],
    ['wrong indentation', `${good}voice:\n    name: x\n  rate: +10%\n`, /^billing\.yaml:7:1: this is not usable YAML/],
    [
      'an unknown tag',
      good.replace('Hello.', '!shout Hello.'),
      /^billing\.yaml:3:11: this is not usable YAML: Unresolved tag/,
    ],
    ['an alias', good.replace('Be kind.', '*other'), /^billing\.yaml:4:9: write the value out instead of \*other/],
    ['an alias of itself', `${good}tools: &a [*a]\n`, /^billing\.yaml:5:12: write the value out instead of \*a/],
    ['a key that is a list', `${good}? [x]\n: 1\n`, /^billing\.yaml:5:3: this is not usable YAML: .*strings/],
    ['a key twice', `${good}greeting: Hi.\n`, /^billing\.yaml:5:1: "greeting" stands here a second time/],
    [
      'an inner key twice',
      `${good}voice:\n  name: x\n  name: y\n`,
      /^billing\.yaml:7:3: "name" stands here a second time/,
    ],
    [
      'a mistyped key',
      good.replace('greeting', 'greting'),
      /^billing\.yaml:3:1: "greting" is no key of an agent; did you mean greeting\?/m,
    ],
    [
      'a mistyped inner key',
      `${good}voice: { nam: x }\n`,
      /^billing\.yaml:5:10: "nam" is no key of voice; did you mean name\?/,
    ],
    [
      'a foreign key',
      `${good}zzzzzzzz: 1\n`,
      /^billing\.yaml:5:1: "zzzzzzzz" is no key of an agent; Known here: name, .*tools\./,
    ],
    ['a merge key', `${good}<<: { tools: [] }\n`, /^billing\.yaml:5:1: "<<" is no key of an agent/],
    ['a missing key', good.replace('prompt: Be kind.\n', ''), /^billing\.yaml:1:1: prompt is missing\.$/],
    [
      'an empty key',
      good.replace('Be kind.', ''),
      /^billing\.yaml:4:9: prompt: Invalid input: expected string, received null/,
    ],
    [
      'a number for a text',
      good.replace('Hello.', '42'),
      /^billing\.yaml:3:11: greeting: .*expected string, received number/,
    ],
    [
      'a truth for a text',
      good.replace('Knows bills', 'yes\nx: true').replace('yes\nx: ', ''),
      /^billing\.yaml:2:14: description: .*received boolean/,
    ],
    [
      'a text for a list',
      `${good}tools: opening-hours\n`,
      /^billing\.yaml:5:8: tools: .*expected array, received string/,
    ],
    ['a text for a map', `${good}voice: Jenny\n`, /^billing\.yaml:5:8: voice: .*expected object, received string/],
    [
      'a bad name',
      good.replace('billing', 'Billing Desk'),
      /^billing\.yaml:1:7: name: use lower-case letters, digits and dashes/,
    ],
    [
      'another agent’s name',
      good.replace('billing', 'desk'),
      /^billing\.yaml:1:7: name is "desk" but the file is called billing/,
    ],
    [
      'a bad rate',
      `${good}voice:\n  rate: fast\n`,
      /^billing\.yaml:6:9: voice\.rate: write a percentage such as \+10%/,
    ],
    [
      'a bad locale',
      `${good}speech:\n  language: english\n`,
      /^billing\.yaml:6:13: speech\.language: write a locale such as en-US/,
    ],
    ['a number out of range', `${good}model:\n  temperature: 3\n`, /^billing\.yaml:6:16: model\.temperature: .*<=2/],
    [
      'an empty phrase',
      `${good}speech:\n  phrases:\n    - ok\n    - ''\n`,
      /^billing\.yaml:8:7: speech\.phrases\.1: .*>=1/,
    ],
    [
      'Jinja in the greeting',
      good.replace('Hello.', "'Hello {{ x }}'"),
      /^billing\.yaml:3:11: greeting is spoken as it stands/,
    ],
    [
      'Jinja in a hold word',
      `${good}hold:\n  words: [One moment., 'Wait {{ name }}.']\n`,
      /^billing\.yaml:6:24: hold\.words\.1 is spoken as it stands/,
    ],
    [
      'a mistyped policy',
      `${good}turns: { policy: grade }\n`,
      /^billing\.yaml:5:18: turns\.policy: did you mean graded\? Known: graded, eager, patient\.$/,
    ],
    [
      'a foreign expectation',
      `${good}turns: { expects: horoscope }\n`,
      /^billing\.yaml:5:19: turns\.expects: write one of anything, digits, email, address, spelling, yes-no\.$/,
    ],
    [
      'a mistyped key of turns',
      `${good}turns: { stopwords: [halt] }\n`,
      /^billing\.yaml:5:10: "stopwords" is no key of turns; did you mean stopWords\?/,
    ],
    [
      'a mistyped section',
      `${good}silenc: { afterMs: 2000 }\n`,
      /^billing\.yaml:5:1: "silenc" is no key of an agent; did you mean silence\?/,
    ],
    [
      'a silence that is too long',
      `${good}silence: { afterMs: 5000 }\n`,
      /^billing\.yaml:5:21: silence\.afterMs: .*<=4000/,
    ],
    ['a part of a millisecond', `${good}hold: { afterMs: 1500.5 }\n`, /^billing\.yaml:5:18: hold\.afterMs: .*int/],
    ['no re-prompt at all', `${good}silence: { reprompts: [] }\n`, /^billing\.yaml:5:23: silence\.reprompts: .*>=1/],
    [
      'a statement without words',
      `${good}mustBeHeard:\n  - Fees apply.\n  - '...'\n`,
      /^billing\.yaml:7:5: mustBeHeard\.1: write words that can be spoken/,
    ],
    ['an apology that is a number', `${good}apology: 1\n`, /^billing\.yaml:5:10: apology: .*expected string/],
    [
      'a silent greeting',
      good.replace('Hello.', '"👋"'),
      /^billing\.yaml:3:11: greeting: write words that can be spoken/,
    ],
    ['too many guesses', `${good}speculation: { tries: 4 }\n`, /^billing\.yaml:5:23: speculation\.tries: .*<=3/],
    ['a path as a tool', `${good}tools: [../../etc/passwd]\n`, /^billing\.yaml:5:9: tools\.0: use lower-case letters/],
    [
      'an unknown tool',
      `${good}tools:\n  - no-such\n`,
      /^billing\.yaml:6:5: Tool "no-such" has no file in tools\. Known: none\./,
    ],
    ['a tool twice', `${good}tools: [no, no]\n`, /^billing\.yaml:5:13: tool "no" is named a second time/m],
  ])('%s', async (_, text, message) => {
    expect((await problemsOf(text)).join('\n')).toMatch(message);
  });

  test('every mistake of a file is told at once', async () => {
    const problems = await problemsOf(
      'name: Billing\ndescription: 1\ngreeting: Hello.\ngreeting: Hi.\nprompt: "{{ caler.country }}"\nvoise: {}\ntools: [none-such]\n',
    );
    expect(problems.map(problem => problem.split(': ')[0])).toEqual([
      'billing.yaml:4:1',
      'billing.yaml:1:7',
      'billing.yaml:2:14',
      'billing.yaml:6:1',
      'billing.yaml:5:13',
      'billing.yaml:7:9',
    ]);
  });
});

describe('a prompt is refused', () => {
  const withPrompt = (prompt: string) =>
    `${good.replace('prompt: Be kind.\n', '')}prompt: |\n  You are kind.\n  ${prompt}\n`;

  test.each<[string, RegExp]>([
    [
      '{{ nobody }}',
      /^billing\.yaml:6:6: prompt uses "nobody", which has no value\. Known: agent, caller, call, facts, today\./,
    ],
    ['Hello {{ caler.country }}', /^billing\.yaml:6:12: prompt uses "caler", .*; did you mean caller\?/],
    ['{{ caller.contry }}', /^billing\.yaml:6:13: prompt uses "caller\.contry", .*; did you mean country\?/],
    ['{{ caller["contry"] }}', /prompt uses "caller\.contry"/],
    ['{% if agent.nme %}x{% endif %}', /^billing\.yaml:6:15: prompt uses "agent\.nme", .*; did you mean name\?/],
    ['{{ today | upper ~ tody }}', /prompt uses "tody"/],
    ['{% for x in xs %}{{ x }}{% endfor %}', /prompt uses "xs"/],
    ['{% for x in range(2) %}{{ x }}{% endfor %}{{ x }}', /prompt uses "x"/],
    ['{% set y = z %}', /prompt uses "z"/],
    ['{{ strftime_now("%Y") }}', /prompt uses "strftime_now"/],
    ['{{ today | shout }}', /^billing\.yaml:4:9: prompt does not render: Unknown StringValue filter: shout/],
    ['{{ today', /^billing\.yaml:4:9: prompt is no Jinja template/],
    ['{% if today %}', /^billing\.yaml:4:9: prompt is no Jinja template: a block is left open/],
  ])('%s', async (prompt, message) => {
    expect((await problemsOf(withPrompt(prompt))).join('\n')).toMatch(message);
  });

  test('that says nothing', async () => {
    expect(await problemsOf(good.replace('Be kind.', '"{# later #}"'))).toEqual([
      'billing.yaml:4:9: prompt renders to nothing',
    ]);
  });

  test.each<[string, string]>([
    ['{% set who = agent.name %}{{ who | upper }}', 'BILLING'],
    ['{% for i in range(3) if i > 0 %}{{ i }}{{ "." if loop.last else "," }}{% endfor %}', '1,2.'],
    ['{% macro hi(name, mark="!") %}Hi {{ name }}{{ mark }}{% endmacro %}{{ hi(agent.name) }}', 'Hi billing!'],
    ['{% if caller.country is defined and caller.country %}from {{ caller.country }}{% endif %}', 'from DE'],
    ['{{ agent["name"] }} {{ call.direction }}', 'billing in'],
    ['{{ facts.tier }}{{ facts.nobody_wrote_this }}', 'gold'],
  ])('but not %s', async (prompt, rendered) => {
    const { instructions, definition } = (await loadAgents(await folderOf(withPrompt(prompt)))).get('billing');
    const text = instructions({
      agent: definition,
      caller: { country: 'DE' },
      call: { id: '1', direction: 'in' },
      facts: { tier: 'gold' },
      today: 'x',
    });
    expect(text).toBe(`You are kind.\n${rendered}`);
  });
});

describe('a tool', () => {
  const uses = (name: string) => `${good}tools: [${name}]\n`;

  test('is found beside the agents, as .ts or as .js', async () => {
    const folder = await folderOf({
      'billing.yaml': `${good}tools: [from-source, from-build]\n`,
      'tools/from-source.ts': `${tool('from-source')}export type Seen = string;`,
      'tools/from-build.js': tool('from-build'),
    });
    const { tools } = (await loadAgents(folder)).get('billing');
    expect(tools.map(({ name }) => name)).toEqual(['from-source', 'from-build']);
  });

  test.each<[string, string, RegExp]>([
    [
      'exports no tool',
      'export const it = 1;',
      /^billing\.yaml:5:9: .*tools\/x\.js must export one tool .*exports none/,
    ],
    [
      'exports two',
      `${tool('x')}${tool('x')
        .replace(/import.*\n/g, '')
        .replace('it', 'that')}`,
      /exports 2\./,
    ],
    ['has another name', tool('y'), /defines a tool called "y"; name it "x"/],
    ['throws as it loads', 'throw new Error("no key");', /tools\/x\.js cannot be loaded: no key/],
    ['is no JavaScript', 'export const = 1;', /tools\/x\.js cannot be loaded/],
  ])('that %s is refused', async (_, source, message) => {
    expect((await problemsOf({ 'billing.yaml': uses('x'), 'tools/x.js': source })).join('\n')).toMatch(message);
  });

  test('that is unknown is answered with the known ones', async () => {
    const problems = await problemsOf({ 'billing.yaml': uses('abc'), 'tools/abd.ts': tool('abd') });
    expect(problems).toEqual(['billing.yaml:5:9: Tool "abc" has no file in tools. Known: abd.']);
  });
});
