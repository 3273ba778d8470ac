import type { TestResult } from './run-test.ts';

/** What many tests show together. Pure. */
export interface Figures {
  tests: number;
  passed: number;
  /** `precision`: of the tools that ran in turns which say what they expect, the share that was; `recall`: the share of those expected that ran. */
  tools: { expected: number; ran: number; precision: number; recall: number };
  /** Of the turns that say who is to have the caller at their end, the share in which it was so. */
  handoffs: { expected: number; right: number; accuracy: number };
  /** From the caller's last sound to the agent's first, ms; absent where nothing was measured. */
  reply?: { turns: number; p50: number; p95: number };
  wallMs: number;
}

export interface TestFigures {
  name: string;
  promise: string;
  scenario: string;
  mode: TestResult['mode'];
  runs: number;
  passed: number;
  /** Enough of its runs did. */
  ok: boolean;
  problems: readonly string[];
  wallMs: number;
}

/** @param passRates of tests that need not always pass, by name */
export function testFigures(results: readonly TestResult[], passRates: ReadonlyMap<string, number>): TestFigures[] {
  const groups = Map.groupBy(results, ({ name, mode }) => `${mode} ${name}`);
  return [...groups.values()].flatMap(runs => {
    const [first] = runs;
    if (!first) return [];
    const { name, promise, scenario, mode } = first;
    const passed = runs.filter(({ problems }) => problems.length === 0).length;
    const wanted = mode === 'real' ? (passRates.get(name) ?? 1) : 1;
    return {
      ...{ name, promise, scenario, mode, runs: runs.length, passed, ok: passed / runs.length >= wanted },
      problems: [...new Set(runs.flatMap(({ problems }) => problems))],
      wallMs: Math.round(runs.reduce((ms, { wallMs }) => ms + wallMs, 0)),
    };
  });
}

/** @param timed the mode whose replies are timed */
export function figuresOf(
  results: readonly TestResult[],
  tests: readonly TestFigures[],
  timed: TestResult['mode'],
): Figures {
  const turns = results.flatMap(({ mode, turns: all }) => all.map(turn => ({ ...turn, mode })));
  const asked = turns.filter(({ expected }) => expected.tools !== undefined);
  const expected = sum(asked.map(turn => turn.expected.tools?.length ?? 0));
  const ran = sum(asked.map(({ outcome }) => outcome.tools.length));
  const met = sum(asked.map(turn => overlap(turn.expected.tools ?? [], turn.outcome.tools)));
  const placed = turns.filter(turn => turn.expected.agent !== undefined);
  const right = placed.filter(turn => turn.expected.agent === turn.outcome.agent).length;
  const waits = turns
    .flatMap(({ mode, outcome }) => (mode === timed ? (outcome.replyMs ?? []) : []))
    .sort((a, b) => a - b);
  return {
    tests: tests.length,
    passed: tests.filter(({ ok }) => ok).length,
    tools: { expected, ran, precision: share(met, ran), recall: share(met, expected) },
    handoffs: { expected: placed.length, right, accuracy: share(right, placed.length) },
    ...(waits.length > 0 && { reply: { turns: waits.length, p50: nearest(waits, 0.5), p95: nearest(waits, 0.95) } }),
    wallMs: Math.round(sum(results.map(({ wallMs }) => wallMs))),
  };
}

/** How many of `wanted` are among `all`, each counted as often as it is there. */
function overlap(wanted: readonly string[], all: readonly string[]): number {
  const left = [...all];
  return wanted.filter(name => {
    const at = left.indexOf(name);
    if (at !== -1) left.splice(at, 1);
    return at !== -1;
  }).length;
}

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Nothing out of nothing is all of it. */
const share = (part: number, whole: number): number => (whole === 0 ? 1 : part / whole);

const nearest = (sorted: readonly number[], p: number): number => sorted[Math.ceil(p * sorted.length) - 1] ?? 0;
