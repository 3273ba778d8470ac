import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

/** docs/seeds.md says where each requirement is met and what shows it; these tests keep what it says true. */
const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

interface Row {
  id: string;
  requirement: string;
  where: string[];
  shownBy: string[];
  state: 'done' | 'partly' | 'planned';
  /** What lacks, or the place where it will live. */
  rest: string;
}

/** Rooms that planned work may be put into. */
const rooms = [
  ...['functions', 'media-host', 'contracts', 'agents', 'emulators'],
  ...['console', 'infra', 'bench', 'commands', 'docs'],
];

const quoted = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(match => match[1] ?? '');
const words = (text: string) => text.split(/\s+/).length;

function rowOf(line: string): Row {
  const cells = line.split('|').map(cell => cell.trim());
  const [, id = '', requirement = '', where = '', shownBy = '', said = ''] = cells;
  const [, state, rest = ''] = /^(done|partly|planned)(?:: (.+))?$/.exec(said) ?? [];
  if (cells.length !== 7 || state === undefined)
    throw new Error(`This row does not have five cells and a known state: ${line}`);
  return { id, requirement, where: quoted(where), shownBy: quoted(shownBy), state: state as Row['state'], rest };
}

const rows = read('docs/seeds.md')
  .split('\n')
  .filter(line => /^\| S-/.test(line))
  .map(rowOf);
const built = rows.filter(row => row.state !== 'planned');

const benchmarks = (/const benchmarks[^=]*=\s*\{([^}]*)\}/.exec(read('bench/main.ts'))?.[1] ?? '')
  .split(',')
  .map(entry => entry.split(':')[0]?.replace(/'/g, '').trim() ?? '');
const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };

/** What is wrong with a file or command a row names; undefined when it is there. */
function missing(name: string): string | undefined {
  const [, script, benchmark] = /^npm (?:run )?([a-z:-]+)(?: -- ([a-z-]+))?$/.exec(name) ?? [];
  if (script === undefined) return existsSync(path.join(root, name)) ? undefined : `${name} is not in the tree`;
  if (!(script in scripts)) return `package.json has no script "${script}"`;
  if (script === 'bench' && benchmark !== undefined && !benchmarks.includes(benchmark))
    return `bench/main.ts has no benchmark "${benchmark}"`;
  return undefined;
}

describe('the table of requirements', () => {
  test('has every requirement once, in order', () => {
    const all = Array.from({ length: 366 }, (_, i) => `S-${String(i + 1).padStart(3, '0')}`);
    expect(rows.map(row => row.id)).toEqual(all);
  });

  test('counts them rightly', () => {
    const of = (state: Row['state']) => rows.filter(row => row.state === state).length;
    const counted = `Of the ${rows.length}, ${of('done')} are done, ${of('partly')} partly, ${of('planned')} planned.`;
    expect(read('docs/seeds.md').split('\n')).toContain(counted);
  });

  test('says each in at most twelve words, and what lacks in at most ten', () => {
    expect(rows.filter(row => row.requirement === '' || words(row.requirement) > 12).map(row => row.id)).toEqual([]);
    const partly = rows.filter(row => row.state === 'partly');
    expect(partly.filter(row => row.rest === '' || words(row.rest) > 10).map(row => row.id)).toEqual([]);
  });

  test('names files, tests, benchmarks and scripts that exist', () => {
    const wrong = built.flatMap(row =>
      [...row.where, ...row.shownBy].map(missing).flatMap(problem => (problem ? [`${row.id}: ${problem}`] : [])),
    );
    expect(wrong).toEqual([]);
  });

  test('says where whatever is built can be read', () => {
    expect(built.filter(row => row.where.length === 0).map(row => row.id)).toEqual([]);
  });

  test('calls nothing done that no test, benchmark or command shows', () => {
    const shows = (name: string) => name.endsWith('.test.ts') || name.startsWith('npm ');
    const unshown = rows.filter(row => row.state === 'done' && (row.rest !== '' || !row.shownBy.some(shows)));
    expect(unshown.map(row => row.id)).toEqual([]);
  });

  test('puts planned work into rooms of the house', () => {
    const planned = rows.filter(row => row.state === 'planned');
    const astray = planned.filter(({ rest }) => !rooms.includes(rest.split('/')[0] ?? '') || !rest.includes('/'));
    expect(astray.map(row => `${row.id}: ${row.rest}`)).toEqual([]);
  });

  test('has the decision for each contradiction', () => {
    const decided = [...read('docs/seeds.md').matchAll(/^\| (C\d+) \|/gm)].map(match => match[1]);
    expect(decided).toEqual(Array.from({ length: 12 }, (_, i) => `C${i + 1}`));
  });
});

test.each([
  ['media-host/nowhere.ts', 'media-host/nowhere.ts is not in the tree'],
  ['npm run bench -- nothing', 'bench/main.ts has no benchmark "nothing"'],
  ['npm run nonsense', 'package.json has no script "nonsense"'],
  ['media-host/call.ts', undefined],
  ['npm run bench -- pacing', undefined],
  ['npm test', undefined],
])('the name "%s" is judged', (name, problem) => {
  expect(missing(name)).toBe(problem);
});
