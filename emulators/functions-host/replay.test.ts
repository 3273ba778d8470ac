import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DurableProbe } from './probe.ts';
import { buildSampleApp, type SampleApp } from './sample-app.ts';
import type { SpawnedHost } from './spawn-host.ts';

/** Recorded histories against today's code: the same code decides the same, changed code is told apart. */

let app: SampleApp;
let host: SpawnedHost;
let durable: DurableProbe;

beforeAll(async () => {
  app = buildSampleApp();
  host = await app.start();
  durable = new DurableProbe(host);
});

afterAll(async () => {
  await host.kill();
  app.remove();
});

test('every recorded episode replays to the same decisions in a fresh process', async () => {
  await Promise.all([
    durable.run('sequence'),
    durable.run('encodings', 'x'),
    durable.run('fanOut', ['a', 'b', 'c']),
    durable.run('retries', { key: 'once', failures: 1 }),
    durable.run('retries', { key: 'always', failures: 9 }),
    durable.run('approval', { withinMs: 30 }),
    durable.run('parent'),
    durable.run('countdown', { left: 3, seen: [] }),
    durable.run('guids'),
    durable.run('misspelt'),
    durable.run('signalsThenCalls'),
    durable.run('lockedTransfer', { from: 'a', to: 'b', amount: 1 }),
    durable.start('longTimer'),
  ]);
  const suspended = await durable.start('approval', { withinMs: 60_000 });
  await durable.call('POST', `instances/${suspended}/suspend`);
  await durable.until(suspended, ({ runtimeStatus }) => runtimeStatus === 'Suspended');
  await durable.call('POST', `instances/${suspended}/resume`);
  await durable.raise(suspended, 'answer', 1);
  await durable.ended(suspended);

  const { status, result } = replayCheck({});
  expect(result.differences).toEqual([]);
  expect(result.episodes).toBeGreaterThan(40);
  expect(status).toBe(0);
});

test('the replay gate notices changed code', async () => {
  const id = await durable.start('changing');
  await durable.until(id, ({ runtimeStatus }) => runtimeStatus === 'Running');
  await durable.raise(id, 'go');
  await durable.ended(id);
  const { status, result } = replayCheck({ SAMPLE_VARIANT: 'other-activity' });
  expect(status).toBe(1);
  expect(result.differences.map(difference => difference.instanceId)).toContain(id);
});

describe.concurrent('a running instance meets changed code', () => {
  test.each([
    ['other-activity', 'history holds TaskScheduled 0 "hello", but today\'s code decides activity 0 "show"'],
    ['timer-instead', 'history holds TaskScheduled 0 "hello", but today\'s code decides timer 0'],
    ['removed', 'history holds TaskScheduled 0 "hello", but today\'s code makes no such decision'],
    ['added', 'today\'s code decides activity 1 "show" where history shows that it did not'],
  ])('%s: the instance fails and says what differs', async (variant, difference) => {
    using own = buildSampleApp();
    const before = await own.start();
    const id = await new DurableProbe(before).start('changing');
    await new DurableProbe(before).until(id, waitsForEvent(own));
    await before.stop();
    await using after = await own.start({ env: { SAMPLE_VARIANT: variant } });
    const durable = new DurableProbe(after);
    await durable.raise(id, 'go');
    const { runtimeStatus, output } = await durable.ended(id);
    expect(runtimeStatus).toBe('Failed');
    expect(output).toContain('Non-Deterministic workflow detected');
    expect(output).toContain(difference);
  });
});

/** "changing" waits once its activity has been answered in history. */
function waitsForEvent(own: SampleApp): () => boolean {
  let since = 0;
  return () => {
    if (own.journal().some(({ what }) => what === 'hello before')) since ||= Date.now();
    return since > 0 && Date.now() - since > 50;
  };
}

function replayCheck(env: Record<string, string>): {
  status: number | null;
  result: { episodes: number; differences: { instanceId: string }[] };
} {
  const script = path.join(import.meta.dirname, 'replay-check.ts');
  const checked = spawnSync(process.execPath, [script, '--app', app.appDir, '--data', app.dataDir], {
    env: { ...process.env, ...app.env, ...env },
    encoding: 'utf8',
  });
  if (checked.stdout === '') throw new Error(checked.stderr);
  return { status: checked.status, result: JSON.parse(checked.stdout) };
}
