import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { runningSystem } from './running-system.ts';

const agents = mkdtempSync(path.join(os.tmpdir(), 'switchboard-agents-'));
afterAll(() => rmSync(agents, { recursive: true, force: true }));
writeFileSync(
  path.join(agents, 'reception.yaml'),
  `
name: reception
description: Does not wait for long
greeting: Hello there.
prompt: Answer in one sentence.
turns: { maxSilences: 1 }
silence: { afterMs: 1500, reprompts: [Is anybody listening?], goodbye: We part here. }
`,
);

const it = runningSystem({ AGENTS_DIR: agents, SCENARIO: 'reception' });

test('a caller who says nothing is asked once more, told goodbye and hung up on; the record says that we ended it', async () => {
  const caller = await it.ring();
  await caller.hears('Is anybody listening', { timeoutMs: 15_000 });
  await caller.hears('We part here', { timeoutMs: 15_000 });
  expect(await caller.ended(10_000)).toMatchObject({ by: 'app' });
  expect(caller.agentUtterances.join(' ').match(/listening/gi)).toHaveLength(1);

  const { record } = await it.written(caller);
  expect(record).toMatchObject({ state: 'final', endedBy: 'agent', turnCount: 0, journal: { closed: true } });
  expect((await it.health()).counters).not.toHaveProperty('hang-ups-unheard');
});
