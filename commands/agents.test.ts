import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = path.join(import.meta.dirname, '..');
let home = '';
beforeAll(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'agents-'));
});
afterAll(() => rm(home, { recursive: true }));

function agents(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const env = { ...process.env, SWITCHBOARD_HOME: home };
  return new Promise(resolve => {
    execFile(
      process.execPath,
      [path.join(root, 'commands/agents.ts'), ...args],
      { env, cwd: home },
      (error, out, err) => resolve({ code: Number(error?.code ?? 0), out, err }),
    );
  });
}

test('the agents of this house are as they must be, are told as JSON, drawn, and their tests run', async () => {
  const { code, out, err } = await agents('--json', '--test', '--only', 'opening-hours');
  expect([code, err]).toEqual([0, '']);
  const told = JSON.parse(out);
  expect(told.scenarios.map(({ name }: { name: string }) => name).sort()).toEqual(['banking', 'clinic', 'support']);
  const edge = { from: 'reception', to: 'billing', kind: 'announced', needs: ['customer-id'] };
  expect(told.scenarios.flatMap((each: { handoffs: object[] }) => each.handoffs)).toContainEqual(
    expect.objectContaining(edge),
  );
  expect(told.tools).toContainEqual(
    expect.objectContaining({ name: 'block-card', effect: true, agents: ['card-desk'] }),
  );
  expect(told.tests).toBeGreaterThanOrEqual(30);
  expect(told.tested.figures).toMatchObject({ tests: 2, passed: 2, tools: { recall: 1 }, handoffs: { accuracy: 1 } });
  expect(await readFile(told.drawing, 'utf8')).toMatch(/^<svg /);
});

test('a folder with mistakes is refused, and all of them are told with their places', async () => {
  const folder = await mkdtemp(path.join(home, 'broken-'));
  await writeFile(
    path.join(folder, 'desk.yaml'),
    'name: desk\ndescription: x\ngreting: Hello.\nprompt: "{{ nobody }}"\n',
  );
  const { code, err } = await agents('--dir', folder);
  expect(code).toBe(1);
  expect(
    err
      .trim()
      .split('\n')
      .map(line => line.replace(`${folder}/`, '')),
  ).toEqual([
    expect.stringMatching(/^desk\.yaml:1:1: greeting is missing/),
    expect.stringMatching(/^desk\.yaml:3:1: "greting" is no key of an agent.*greeting/),
    expect.stringMatching(/^desk\.yaml:4:\d+: .*nobody/),
  ]);
});
