import { execFile } from 'node:child_process';
import path from 'node:path';
import { type Row, table } from './table.ts';

/** Has the scenario tests of a folder run by a program of their own, and tells what came of them. */
export interface TestOptions {
  folder: string;
  /** A part of the names of tests. @default all */
  only?: string | undefined;
  /** @default the models that the tests write */
  real?: boolean | undefined;
  repeat?: number | undefined;
  env: Readonly<Record<string, string | undefined>>;
}

/** As media-host/scenario-tests/main.ts prints it. */
export type Tested =
  | { skipped: string }
  | {
      tests: readonly {
        name: string;
        promise: string;
        scenario: string;
        mode: string;
        runs: number;
        passed: number;
        ok: boolean;
        problems: readonly string[];
        wallMs: number;
      }[];
      figures: {
        tests: number;
        passed: number;
        tools: { expected: number; ran: number; precision: number; recall: number };
        handoffs: { expected: number; right: number; accuracy: number };
        reply?: { turns: number; p50: number; p95: number };
        wallMs: number;
      };
    };

/** @throws Error with what the program said, where it could not run them */
export function runTests(
  root: string,
  { folder, only = '', real = false, repeat = 1, env }: TestOptions,
): Promise<Tested> {
  const program = path.join(root, 'media-host/scenario-tests/main.ts');
  const args = [program, '--dir', folder, '--only', only, '--repeat', String(repeat), ...(real ? ['--real'] : [])];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, args, { env, maxBuffer: 64 * 1024 * 1024 }, (error, stdout, stderr) => {
      if (error) return reject(new Error(stderr.trim() || error.message, { cause: error }));
      resolve(JSON.parse(stdout) as Tested);
    });
  });
}

export function testReport(tested: Tested): string {
  if ('skipped' in tested) return `Skipped: ${tested.skipped}`;
  const { tests, figures } = tested;
  const rows: Row[] = tests.map(({ ok, name, scenario, mode, runs, passed, wallMs }) => ({
    ...{ '': ok ? '✓' : '✗', test: name, scenario, mode, passed: `${passed}/${runs}`, ms: wallMs },
  }));
  const failed = tests.filter(({ ok }) => !ok);
  const { tools, handoffs, reply } = figures;
  return [
    table(rows),
    ...failed.map(({ name, mode, promise, problems }) =>
      ['', `✗ ${name} (${mode}): ${promise}`, ...problems.map(problem => `  ${problem}`)].join('\n'),
    ),
    '',
    `${figures.passed} of ${figures.tests} passed in ${(figures.wallMs / 1000).toFixed(1)} s`,
    `tools: precision ${percent(tools.precision)}, recall ${percent(tools.recall)} of ${tools.expected} expected`,
    `handoffs: ${percent(handoffs.accuracy)} of ${handoffs.expected} as expected`,
    ...(reply ? [`first sound of an answer: p50 ${reply.p50} ms, p95 ${reply.p95} ms, ${reply.turns} turns`] : []),
  ].join('\n');
}

export const allPassed = (tested: Tested): boolean => 'skipped' in tested || tested.tests.every(({ ok }) => ok);

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
