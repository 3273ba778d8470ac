import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { ChangeFeedStartFrom, CosmosClient } from '@azure/cosmos';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { connect } from './conformance-client.ts';
import { startCosmos } from './cosmos.ts';

let dir: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'cosmos-'));
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(dir, { recursive: true, force: true });
});

async function spawnCosmos(): Promise<{ child: ChildProcess; url: string; key: string }> {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, '--dir', dir, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.push(child);
  const [line] = (await once(createInterface({ input: child.stdout! }), 'line')) as [string];
  const { ready, url, key } = JSON.parse(line);
  expect(ready).toBe(true);
  return { child, url, key };
}

describe('a killed process', () => {
  test('loses no write it has acknowledged, and no batch in part', async () => {
    const { child, url, key } = await spawnCosmos();
    const client = new CosmosClient({ endpoint: url, key });
    const { database } = await client.databases.create({ id: 'voice' });
    const { container } = await database.containers.create({ id: 'calls', partitionKey: '/pk' });
    const acknowledged = new Map<string, number>();
    let running = true;
    const writer = async (name: number) => {
      for (let n = 0; running; n++) {
        const pk = `${name}-${n % 40}`;
        try {
          const resourceBody = { id: 'a', pk, n };
          if (n % 5 === 0) {
            const { code } = await container.items.batch(
              [
                { operationType: 'Upsert', resourceBody },
                { operationType: 'Upsert', resourceBody: { ...resourceBody, id: 'b' } },
              ],
              pk,
            );
            expect(code).toBe(200);
            acknowledged.set(`${pk} b`, n);
          } else await container.items.upsert(resourceBody);
          acknowledged.set(`${pk} a`, n);
        } catch (error) {
          if (running) throw error;
        }
      }
    };
    const writers = Array.from({ length: 8 }, (_, name) => writer(name));
    while (acknowledged.size < 200) await Promise.race([...writers, new Promise(resolve => setImmediate(resolve))]);
    running = false;
    child.kill('SIGKILL');
    await once(child, 'exit');
    client.dispose();
    await Promise.all(writers);

    const cosmos = await startCosmos({ dir });
    const reader = new CosmosClient({ endpoint: cosmos.url, key: cosmos.key });
    const stored = await reader.database('voice').container('calls').items.readAll<Stored>().fetchAll();
    const values = new Map(stored.resources.map(({ pk, id, n }) => [`${pk} ${id}`, n]));
    const lost = [...acknowledged].filter(([name, n]) => (values.get(name) ?? -1) < n);
    expect(lost).toEqual([]);
    for (const { pk, id, n } of stored.resources)
      if (id === 'b') expect(values.get(`${pk} a`)).toBeGreaterThanOrEqual(n);
    reader.dispose();
    await cosmos.close();
  });

  test('leaves a lock that the next one takes over', async () => {
    const { child } = await spawnCosmos();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lines: string[] = [];
    const cosmos = await startCosmos({ dir, log: line => lines.push(line) });
    expect(lines).toEqual([expect.stringContaining(`took over ${dir} from process ${child.pid}`)]);
    await cosmos.close();
  });
});

type Stored = { id: string; pk: string; n: number };

describe('a journal folder', () => {
  test('belongs to one process at a time', async () => {
    const { child } = await spawnCosmos();
    await expect(startCosmos({ dir })).rejects.toThrow(`in use by process ${child.pid}`);
    child.kill('SIGTERM');
    await once(child, 'exit');
    const cosmos = await startCosmos({ dir });
    await expect(startCosmos({ dir })).rejects.toThrow(`in use by process ${process.pid}`);
    await cosmos.close();
    await (await startCosmos({ dir })).close();
  });

  test('brings back documents, settings, etags and the order of the change feed', async () => {
    const read = async (fill: boolean) => {
      await using service = await connect({ dir });
      const container = await service.container({ defaultTtl: 3600 });
      if (fill) {
        for (const id of ['a', 'b', 'c', 'd']) await container.items.create({ id, pk: 'p', text: 'é\u2028' });
        await container.item('a', 'p').patch([{ op: 'set', path: '/n', value: 1 }]);
        await container.item('c', 'p').delete();
      }
      const changeFeedStartFrom = ChangeFeedStartFrom.Beginning();
      const { result, etag } = (await container.items
        .getChangeFeedIterator({ changeFeedStartFrom })
        .readNext()) as unknown as { result: { id: string }[]; etag: string };
      const { resources } = await container.items.readAll().fetchAll();
      const { resource } = await container.read();
      return { feed: result.map(({ id }) => id), etag, resources, resource };
    };
    const before = await read(true);
    expect(before.feed).toEqual(['b', 'd', 'a']);
    expect(await read(false)).toEqual(before);
  });

  test('with a torn last line starts without it and says so', async () => {
    {
      await using service = await connect({ dir });
      const container = await service.container();
      await container.items.create({ id: 'whole', pk: 'p' });
    }
    const path = join(dir, 'journal.jsonl');
    const whole = readFileSync(path, 'utf8');
    appendFileSync(path, '[{"op":"put","container":"AAAA');
    const lines: string[] = [];
    {
      await using service = await connect({ dir, log: line => lines.push(line) });
      const container = await service.container();
      expect((await container.item('whole', 'p').read()).statusCode).toBe(200);
      expect(lines).toEqual([expect.stringContaining('torn line')]);
      expect(readFileSync(path, 'utf8')).toBe(whole);
      await container.items.create({ id: 'next', pk: 'p' });
    }
    await using service = await connect({ dir });
    expect((await (await service.container()).items.readAll().fetchAll()).resources).toHaveLength(2);
  });

  test('with a broken line in the middle is refused, naming the line', async () => {
    await (await startCosmos({ dir })).close();
    writeFileSync(join(dir, 'journal.jsonl'), '[]\nrubbish\n[]\n');
    await expect(startCosmos({ dir })).rejects.toThrow('line 2');
    writeFileSync(join(dir, 'journal.jsonl'), '[]\n');
    await (await startCosmos({ dir })).close();
  });

  test('is compacted at start when most of it is history', async () => {
    const text = 'x'.repeat(500);
    const before = await (async () => {
      await using service = await connect({ dir });
      const container = await service.container();
      await container.items.create({ id: 'first', pk: 'p' });
      for (let n = 0; n < 300; n++) await container.items.upsert({ id: `d${n % 10}`, pk: 'p', n, text });
      await container.items.upsert({ id: 'first', pk: 'p', again: true });
      const gone = (await container.items.create({ id: 'gone', pk: 'p' })).resource?._rid;
      await container.item('gone', 'p').delete();
      const now = container.items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Now() });
      const { continuationToken } = await now.readNext();
      return { bytes: service.cosmos.stats().journalBytes, gone, continuationToken };
    })();
    const lines: string[] = [];
    const compacted = await startCosmos({ dir, log: line => lines.push(line) });
    expect(lines).toEqual([expect.stringContaining('compacted')]);
    expect(compacted.stats().journalBytes).toBeLessThan(before.bytes / 10);
    await compacted.close();

    await using service = await connect({ dir });
    const container = await service.container();
    const { resources } = await container.items.query('SELECT VALUE c.id FROM c').fetchAll();
    expect(resources).toEqual(['first', 'd0', 'd1', 'd2', 'd3', 'd4', 'd5', 'd6', 'd7', 'd8', 'd9']);
    const { resource } = await container.items.create({ id: 'new', pk: 'p' });
    expect(resource?._rid).not.toBe(before.gone);
    const resumed = ChangeFeedStartFrom.Continuation(before.continuationToken);
    const { result } = await container.items.getChangeFeedIterator({ changeFeedStartFrom: resumed }).readNext();
    expect(result.map(({ id }: { id: string }) => id)).toEqual(['new']);
    expect((await container.items.query('SELECT VALUE c._rid FROM c').fetchAll()).resources.at(-1)).toBe(
      resource?._rid,
    );
    const iterator = container.items.getChangeFeedIterator({ changeFeedStartFrom: ChangeFeedStartFrom.Beginning() });
    const feed = (await iterator.readNext()).result.map(({ id }: { id: string }) => id);
    expect(feed.slice(-2)).toEqual(['first', 'new']);
  });

  test('is emptied by a reset', async () => {
    {
      await using service = await connect({ dir });
      await service.container();
      service.cosmos.reset();
    }
    await using service = await connect({ dir });
    expect(service.cosmos.stats()).toMatchObject({ containers: 0, journalBytes: 0 });
  });

  test('may be flushed to disk with every write', async () => {
    {
      await using service = await connect({ dir, fsync: true });
      await (await service.container()).items.create({ id: 'a', pk: 'p' });
    }
    await using service = await connect({ dir });
    expect(service.cosmos.stats().documents).toBe(1);
  });
});
