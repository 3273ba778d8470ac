import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { Database } from '../database.ts';
import { LocalQueues } from './local-queue.ts';

let dataDir: string;
let db: Database;

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'local-queue-'));
  db = new Database(dataDir);
});

afterEach(() => {
  db.close();
  rmSync(dataDir, { recursive: true });
});

test('a taken message is hidden until it is released, and then counts its next delivery', async () => {
  const queues = new LocalQueues(db);
  await queues.send('jobs', 'x');
  const [message] = await queues.receive('jobs', 16, 60_000);
  expect(message).toMatchObject({ text: 'x', dequeueCount: 1 });
  expect(await queues.receive('jobs', 16, 60_000)).toEqual([]);
  await queues.release('jobs', message!, 0);
  expect(await queues.receive('jobs', 16, 60_000)).toMatchObject([{ dequeueCount: 2 }]);
});

test('an old pop receipt removes nothing', async () => {
  const queues = new LocalQueues(db);
  await queues.send('jobs', 'x');
  const [first] = await queues.receive('jobs', 1, 0);
  const [second] = await queues.receive('jobs', 1, 0);
  await queues.remove('jobs', first!);
  expect(await queues.receive('jobs', 1, 0)).toHaveLength(1);
  await queues.remove('jobs', second!);
  expect(await queues.receive('jobs', 1, 0)).toHaveLength(1);
});

test('what a killed host had taken is delivered again by the next one', async () => {
  const killed = new LocalQueues(db);
  await killed.send('jobs', 'x');
  await killed.receive('jobs', 1, 600_000);
  const next = new LocalQueues(db);
  expect(await next.receive('jobs', 1, 600_000)).toMatchObject([{ text: 'x', dequeueCount: 2 }]);
});

test('a listener hears of messages for its queue only', async () => {
  const queues = new LocalQueues(db);
  let arrivals = 0;
  queues.onArrival('jobs', () => {
    arrivals += 1;
  });
  await queues.send('others', 'x');
  expect(arrivals).toBe(0);
  await queues.send('jobs', 'x');
  expect(arrivals).toBe(1);
});
