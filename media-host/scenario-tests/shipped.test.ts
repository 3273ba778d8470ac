import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { findTests } from '../../agents/loader/found-tests.ts';
import { loadAgents } from '../../agents/loader/load.ts';
import { figuresOf, testFigures } from './figures.ts';
import { runTest, type TestResult } from './run-test.ts';

/** The tests of the agents of this house, `agents/tests/*.yaml`, in text and with all their sound. */
const folder = join(import.meta.dirname, '../../agents');
const agents = await loadAgents(folder);
const found = await findTests(folder, agents);
const results: TestResult[] = [];

for (const mode of ['text', 'audio'] as const)
  describe(mode, () => {
    test.each(found.map(each => [each.test.promise, each] as const))('%s', async (_, each) => {
      const result = await runTest({ folder, agents }, each, mode);
      results.push(result);
      expect(result.problems).toEqual([]);
    });
  });

test('there are thirty at least, in every scenario, and no two promise the same', () => {
  expect(found.length).toBeGreaterThanOrEqual(30);
  expect(new Set(found.map(each => each.test.scenario))).toEqual(new Set(['support', 'banking', 'clinic']));
  expect(new Set(found.map(each => each.test.promise)).size).toBe(found.length);
});

afterAll(() => {
  const { tools, handoffs, reply, wallMs } = figuresOf(results, testFigures(results, new Map()), 'audio');
  console.log(
    `${found.length} scenario tests in text and audio in ${(wallMs / 1000).toFixed(1)} s: tools ${tools.expected}, ` +
      `precision ${tools.precision.toFixed(2)}, recall ${tools.recall.toFixed(2)}; handoffs ${handoffs.expected}, ` +
      `accuracy ${handoffs.accuracy.toFixed(2)}; replies p50 ${reply?.p50}, p95 ${reply?.p95} ms`,
  );
});
