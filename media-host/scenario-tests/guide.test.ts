import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findTests } from '../../agents/loader/found-tests.ts';
import { loadAgents } from '../../agents/loader/load.ts';
import { runTest } from './run-test.ts';

/** docs/agents.md does what it says, and so does CONTRIBUTING.md: an agent is added, and reached, with YAML alone. */
const root = join(import.meta.dirname, '../..');
let home = '';
/** A copy of `agents/`, with what its files import beside it. */
let folder = '';

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'guide-'));
  folder = join(home, 'agents');
  await cp(join(root, 'agents'), folder, { recursive: true });
  for (const name of ['contracts', 'node_modules', 'package.json']) await symlink(join(root, name), join(home, name));
});
afterAll(() => rm(home, { recursive: true }));

const write = async (file: string, text: string) => {
  await mkdir(dirname(join(folder, file)), { recursive: true });
  await writeFile(join(folder, file), text);
};

async function problemsOf(name: string): Promise<string[]> {
  const agents = await loadAgents(folder);
  const found = (await findTests(folder, agents)).find(each => each.name === name);
  if (!found) throw new Error(`there is no test ${name}`);
  const results = [];
  for (const mode of ['text', 'audio'] as const) results.push(await runTest({ folder, agents }, found, mode));
  return results.flatMap(({ mode, problems }) => problems.map(problem => `${mode}: ${problem}`));
}

describe('the guide', () => {
  test('every file it shows is taken, and its test passes, in text and in sound', async () => {
    const guide = await readFile(join(root, 'docs/agents.md'), 'utf8');
    const files = [...guide.matchAll(/^`agents\/([\w/.-]+)`:[^\n]*\n\n```\w+\n([\s\S]*?)^```$/gm)];
    expect(files.map(([, file]) => file)).toEqual([
      ...['parcel-desk.yaml', 'courier.yaml', 'scenarios/parcels.yaml', 'tools/find-parcel.ts'],
      ...['data/parcels.json', 'tests/parcel-comes-later.yaml'],
    ]);
    expect(guide.match(/^```\w+$/gm)).toHaveLength(files.length);
    for (const [, file = '', text = ''] of files) await write(file, text);
    expect(await problemsOf('parcel-comes-later')).toEqual([]);
  });

  test('every command it names is there', async () => {
    const guide = await readFile(join(root, 'docs/agents.md'), 'utf8');
    const { scripts } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { scripts: object };
    const named = [...guide.matchAll(/npm run (\w+)/g)].map(([, script]) => script);
    expect(new Set(named)).toEqual(new Set(['agents', 'call', 'records']));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining([...new Set(named)]));
  });
});

test('an agent is added and reached with YAML alone', async () => {
  await write(
    'returns.yaml',
    'name: returns\ndescription: Takes back what callers do not want\ngreeting: This is returns.\nprompt: You take goods back.\ntools: [end-call]\n',
  );
  const support = await readFile(join(folder, 'scenarios/support.yaml'), 'utf8');
  await write(
    'scenarios/support.yaml',
    support
      .replace('human-handoff]', 'human-handoff, returns]')
      .replace(
        'handoffs:\n',
        'handoffs:\n  - { from: reception, to: returns, when: The caller wants to send something back }\n',
      ),
  );
  await write(
    'tests/returns.yaml',
    [
      'promise: Who wants to send something back gets to returns',
      'scenario: support',
      'turns:',
      '  - says: I want to send my router back.',
      '    model: [{ handOff: returns }, { say: Which router is it? }]',
      '    expect: { agent: returns, words: [This is returns, Which router] }',
    ].join('\n'),
  );
  expect(await problemsOf('returns')).toEqual([]);
  const args = [join(root, 'commands/agents.ts'), '--dir', folder, '--svg', join(home, 'agents.svg'), '--json'];
  const out = await new Promise<string>((resolve, reject) => {
    execFile(process.execPath, args, { cwd: home }, (error, stdout) => (error ? reject(error) : resolve(stdout)));
  });
  const told = JSON.parse(out) as { agents: { name: string; scenarios: string[] }[] };
  expect(told.agents).toContainEqual(expect.objectContaining({ name: 'returns', scenarios: ['support'] }));
  expect(await readFile(join(home, 'agents.svg'), 'utf8')).toContain('>returns<');
});
