import { describe, expect, test } from 'vitest';
import { DurableProbe, eventually } from './probe.ts';
import { buildSampleApp, type SampleApp } from './sample-app.ts';
import type { SpawnedHost } from './spawn-host.ts';

/** SIGKILL at every kind of waiting point: the next host goes on, and what was completed does not run again. */

const uninterrupted = { one: 'ONE', two: 'TWO', three: ['X', 'Y', 'Z'], event: 'now', child: 'PQ', last: 'LAST' };
const labels = ['one', 'two', 'x', 'y', 'z', 'p', 'q', 'last'];

/** One app whose host dies and comes back. */
class Mortal {
  readonly app: SampleApp = buildSampleApp();
  host: SpawnedHost | undefined;

  async start(): Promise<DurableProbe> {
    this.host = await this.app.start();
    return new DurableProbe(this.host);
  }

  async killAndStart(): Promise<DurableProbe> {
    await this.host?.kill();
    return this.start();
  }

  count(what: string): number {
    return this.app.journal().filter(entry => entry.what === what).length;
  }

  counts(phase: 'begin' | 'end', of = labels): number[] {
    return of.map(label => this.count(`${phase} ${label}`));
  }

  seen(what: string): Promise<boolean> {
    return eventually(what, () => this.count(what) > 0);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.host?.kill();
    this.app.remove();
  }
}

/** Goes on until the journey waits, sends the event, and gives the output. */
async function finish(durable: DurableProbe, id: string): Promise<unknown> {
  await durable.until(id, ({ customStatus }) => customStatus === 'waiting');
  await durable.raise(id, 'go', 'now');
  return (await durable.ended(id)).output;
}

const eachOnce = labels.map(() => 1);

describe.concurrent('a host that is killed', () => {
  test('between two activities repeats only the one that ran', async ({ expect }) => {
    await using mortal = new Mortal();
    let durable = await mortal.start();
    const id = await durable.start('journey');
    await mortal.seen('begin two');
    durable = await mortal.killAndStart();
    expect(await finish(durable, id)).toEqual(uninterrupted);
    expect(mortal.counts('end')).toEqual(eachOnce);
    expect(mortal.counts('begin', ['one', 'two'])).toEqual([1, 2]);
  });

  test('inside a fan-out repeats the fan-out and nothing before', async ({ expect }) => {
    await using mortal = new Mortal();
    let durable = await mortal.start();
    const id = await durable.start('journey');
    await mortal.seen('begin z');
    durable = await mortal.killAndStart();
    expect(await finish(durable, id)).toEqual(uninterrupted);
    expect(mortal.counts('end')).toEqual(eachOnce);
    expect(mortal.counts('begin', ['one', 'two', 'x', 'y', 'z'])).toEqual([1, 1, 2, 2, 2]);
  });

  test('while it waits for an event and a timer repeats nothing', async ({ expect }) => {
    await using mortal = new Mortal();
    let durable = await mortal.start();
    const id = await durable.start('journey');
    await durable.until(id, ({ customStatus }) => customStatus === 'waiting');
    durable = await mortal.killAndStart();
    expect(await finish(durable, id)).toEqual(uninterrupted);
    expect(mortal.counts('begin')).toEqual(eachOnce);
  });

  test('right after it accepted an event, and twice while a timer runs, loses neither', async ({ expect }) => {
    await using mortal = new Mortal();
    let durable = await mortal.start();
    const id = await durable.start('journey');
    await durable.until(id, ({ customStatus }) => customStatus === 'waiting');
    expect((await durable.raise(id, 'go', 'now')).status).toBe(202);
    await mortal.killAndStart();
    durable = await mortal.killAndStart();
    expect((await durable.ended(id)).output).toEqual(uninterrupted);
    expect(mortal.counts('begin', ['one', 'two', 'x', 'y', 'z'])).toEqual([1, 1, 1, 1, 1]);
  });

  test('inside a child lets child and parent go on', async ({ expect }) => {
    await using mortal = new Mortal();
    let durable = await mortal.start();
    const id = await durable.start('journey');
    const finished = finish(durable, id).catch(() => 'the host was killed');
    await mortal.seen('begin q');
    await mortal.host!.kill();
    await finished;
    durable = await mortal.start();
    expect((await durable.ended(id)).output).toEqual(uninterrupted);
    expect(mortal.counts('end')).toEqual(eachOnce);
  });

  test('the moment it accepted a start runs the instance', async ({ expect }) => {
    await using mortal = new Mortal();
    const id = await (await mortal.start()).start('fanOut', ['only']);
    const durable = await mortal.killAndStart();
    expect((await durable.ended(id)).output).toBe('ONLY');
  });

  test('while an orchestration holds a lock keeps the lock for it', async ({ expect }) => {
    await using mortal = new Mortal();
    let durable = await mortal.start();
    const id = await durable.start('lockedTransfer', { from: 'a', to: 'b', amount: 3 });
    await mortal.seen('begin transfer');
    durable = await mortal.killAndStart();
    expect((await durable.ended(id)).runtimeStatus).toBe('Completed');
    expect(await (await durable.call('GET', 'entities/counter/b')).json()).toBe(3);
  });
});

test('a graceful stop finishes what runs and keeps the rest', async () => {
  await using mortal = new Mortal();
  let durable = await mortal.start();
  const id = await durable.start('journey');
  await mortal.seen('begin two');
  expect(await mortal.host!.stop()).toBe(0);
  expect(mortal.count('end two')).toBe(1);
  expect(mortal.count('appTerminate')).toBe(1);
  durable = await mortal.start();
  expect(await finish(durable, id)).toEqual(uninterrupted);
  expect(mortal.counts('begin')).toEqual(eachOnce);
});
