import { utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { phrasesOf } from '../../contracts/agent-phrases.ts';
import { agentPage, toolFile, writtenFolders } from '../testing/written-folder.ts';
import { loadAgents } from './load.ts';

const written = writtenFolders();
const { folderOf, problemsOf } = written;
afterAll(written.remove);

const ours = join(import.meta.dirname, '..');
const never = { callId: '', signal: AbortSignal.abort(), now: () => 0 };
const good = agentPage('billing');

describe('a folder of agents', () => {
  test('the agents and scenarios of this repository load, and their prompts render whole', async () => {
    const agents = await loadAgents(ours);
    expect(agents.get('reception').tools.map(({ functionName }) => functionName)).toContain('opening_hours');
    const about = { caller: { country: '' }, facts: {}, today: 'Friday, 20 November 2026' };
    for (const name of agents.scenarios)
      for (const { definition, version, instructions } of agents.scenario(name).agents.values()) {
        expect(version).toMatch(/^[0-9a-f]{12}$/);
        for (const visit of ['first', 'again'] as const)
          for (const direction of ['in', 'out'] as const) {
            const text = instructions({ ...about, agent: definition, call: { id: '1', direction }, visit });
            expect(text.length).toBeGreaterThan(100);
            expect(text).not.toMatch(/\{[{%#]|[%#}]\}|undefined|\[object/);
          }
      }
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
    expect(problems.join('\n')).toMatch(
      /desk\.yaml:5:9: Tool "ghost" is not built in and has no file in tools\. Known: call-back, .*talk-to-person\./,
    );
    expect(problems.join('\n')).toMatch(/other\.yaml:1:8: this is not usable YAML/);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    ['without agents', {}, /holds no agent: add a file/],
    [
      'with the wrong ending',
      { 'billing.yml': good },
      /holds billing\.yml: call it billing\.yaml, or it is overlooked/,
    ],
  ])('a folder %s is refused', async (_, files, message) => {
    expect((await problemsOf(files)).join('\n')).toMatch(message);
  });

  test('a folder that is not there names the setting', async () => {
    await expect(loadAgents(join(ours, 'nowhere'))).rejects.toThrow(/not a folder that can be read.*AGENTS_DIR/);
  });
});

describe('a tool', () => {
  const uses = (name: string) => `${good}tools: [${name}]\n`;

  test('is found beside the agents, as .ts or as .js', async () => {
    const folder = await folderOf({
      'billing.yaml': `${good}tools: [from-source, from-build]\n`,
      'tools/from-source.ts': `${toolFile('from-source')}export type Seen = string;`,
      'tools/from-build.js': toolFile('from-build'),
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
      `${toolFile('x')}${toolFile('x')
        .replace(/import.*\n/g, '')
        .replace('it', 'that')}`,
      /exports 2\./,
    ],
    ['has another name', toolFile('y'), /defines a tool called "y"; name it "x"/],
    ['throws as it loads', 'throw new Error("no key");', /tools\/x\.js cannot be loaded: no key/],
    ['is no JavaScript', 'export const = 1;', /tools\/x\.js cannot be loaded/],
  ])('that %s is refused', async (_, source, message) => {
    expect((await problemsOf({ 'billing.yaml': uses('x'), 'tools/x.js': source })).join('\n')).toMatch(message);
  });

  test('that is unknown is answered with the known ones', async () => {
    const problems = await problemsOf({ 'billing.yaml': uses('abc'), 'tools/abd.ts': toolFile('abd') });
    expect(problems).toEqual([
      'billing.yaml:5:9: Tool "abc" is not built in and has no file in tools; did you mean abd?',
    ]);
  });

  test('that is built in needs no file', async () => {
    const { tools } = (await loadAgents(await folderOf(uses('end-call')))).get('billing');
    expect(tools.map(({ functionName }) => functionName)).toEqual(['end_call']);
  });

  test.each<[string, Record<string, string>, RegExp]>([
    [
      'has the name of a built-in',
      { 'tools/end-call.ts': toolFile('end-call') },
      /^tools\/end-call\.ts:1:1: "end-call" is built in; give this file and its tool another name\.$/,
    ],
    [
      'is called as handoffs are',
      { 'tools/hand-off.ts': toolFile('hand-off') },
      /^tools\/hand-off\.ts:1:1: "hand-off"/,
    ],
    [
      'is there as .js and as .ts',
      { 'tools/x.ts': toolFile('x'), 'tools/x.js': toolFile('x') },
      /^tools\/x\.ts:1:1: tool "x" is also in tools\/x\.js; keep one of them\.$/,
    ],
  ])('whose file %s is refused, used or not', async (_, files, message) => {
    expect((await problemsOf({ 'billing.yaml': good, ...files })).join('\n')).toMatch(message);
  });

  test('is read again when it has changed, if asked for', async () => {
    const folder = await folderOf({ 'billing.yaml': uses('x'), 'tools/x.js': toolFile('x', 'one') });
    const answer = async (fresh: boolean) =>
      (await loadAgents(folder, { fresh })).get('billing').tools[0]?.run({}, never);
    expect(await answer(false)).toBe('one');
    await writeFile(join(folder, 'tools/x.js'), toolFile('x', 'two'));
    await utimes(join(folder, 'tools/x.js'), 1, 1);
    expect(await answer(false)).toBe('one');
    expect(await answer(true)).toBe('two');
  });
});
