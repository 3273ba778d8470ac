import { randomUUID } from 'node:crypto';
import type { Database } from '../database.ts';
import type { QueueMessage, QueueService } from './queue-service.ts';

/*
 * Queues built into the host, for machines without Azurite: same visibility and dequeue rules, kept in the host's own
 * file, and the trigger hears of an arrival at once.
 */

const weekMs = 7 * 86_400_000;

interface Row {
  id: string;
  text: string;
  popReceipt: string;
  dequeueCount: number;
  insertedAt: number;
  visibleAt: number;
}

export class LocalQueues implements QueueService {
  #db: Database;
  #listeners = new Map<string, Set<() => void>>();

  constructor(db: Database) {
    this.#db = db;
    db.schema(`CREATE TABLE IF NOT EXISTS queueMessages (
      seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, queue TEXT NOT NULL, text TEXT NOT NULL,
      popReceipt TEXT NOT NULL, dequeueCount INTEGER NOT NULL, insertedAt INTEGER NOT NULL, visibleAt INTEGER NOT NULL)`);
    // Nobody but this host reads, so what a killed one had taken is free again.
    db.run('UPDATE queueMessages SET visibleAt = insertedAt');
  }

  receive(queue: string, count: number, visibilityMs: number): Promise<QueueMessage[]> {
    const now = Date.now();
    const taken = this.#db.transaction(() => {
      this.#db.run('DELETE FROM queueMessages WHERE insertedAt < ?', now - weekMs);
      const rows = this.#db.all<Row>(
        'SELECT * FROM queueMessages WHERE queue = ? AND visibleAt <= ? ORDER BY seq LIMIT ?',
        queue,
        now,
        count,
      );
      for (const row of rows) {
        row.popReceipt = randomUUID();
        row.dequeueCount += 1;
        row.visibleAt = now + visibilityMs;
        this.#db.run(
          'UPDATE queueMessages SET popReceipt = ?, dequeueCount = ?, visibleAt = ? WHERE id = ?',
          row.popReceipt,
          row.dequeueCount,
          row.visibleAt,
          row.id,
        );
      }
      return rows;
    });
    return Promise.resolve(taken.map(toMessage));
  }

  remove(_queue: string, { id, popReceipt }: QueueMessage): Promise<void> {
    this.#db.run('DELETE FROM queueMessages WHERE id = ? AND popReceipt = ?', id, popReceipt);
    return Promise.resolve();
  }

  release(queue: string, { id, popReceipt }: QueueMessage, delayMs: number): Promise<void> {
    const at = Date.now() + delayMs;
    this.#db.run('UPDATE queueMessages SET visibleAt = ? WHERE id = ? AND popReceipt = ?', at, id, popReceipt);
    if (delayMs === 0) this.#announce(queue);
    return Promise.resolve();
  }

  send(queue: string, text: string): Promise<void> {
    const now = Date.now();
    this.#db.run(
      'INSERT INTO queueMessages (id, queue, text, popReceipt, dequeueCount, insertedAt, visibleAt) VALUES (?, ?, ?, ?, 0, ?, ?)',
      randomUUID(),
      queue,
      text,
      '',
      now,
      now,
    );
    this.#announce(queue);
    return Promise.resolve();
  }

  onArrival(queue: string, listener: () => void): void {
    this.#listeners.set(queue, (this.#listeners.get(queue) ?? new Set()).add(listener));
  }

  #announce(queue: string): void {
    for (const listener of this.#listeners.get(queue) ?? []) listener();
  }
}

function toMessage(row: Row): QueueMessage {
  return {
    id: row.id,
    popReceipt: row.popReceipt,
    text: row.text,
    dequeueCount: row.dequeueCount,
    insertedAt: new Date(row.insertedAt).toISOString(),
    expiresAt: new Date(row.insertedAt + weekMs).toISOString(),
    nextVisibleAt: new Date(row.visibleAt).toISOString(),
  };
}
