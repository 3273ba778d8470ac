import type { Database } from '../database.ts';
import type { HistoryEvent } from './history.ts';

/*
 * The tables of the Durable engine and the statements on them. Callers put what belongs together into one
 * transaction of the database; nothing here decides anything. Times are milliseconds since 1970.
 */

export type RuntimeStatus = 'Pending' | 'Running' | 'Suspended' | 'Completed' | 'Failed' | 'Terminated';

export interface Instance {
  instanceId: string;
  executionId: string;
  name: string;
  version: string | null;
  /** JSON text. */
  input: string | null;
  output: string | null;
  customStatus: string | null;
  status: RuntimeStatus;
  createdAt: number;
  updatedAt: number;
  parentInstanceId: string | null;
  parentExecutionId: string | null;
  /** The parent's decision that this instance answers. */
  parentDecision: number | null;
}

/** What waits for an orchestration or entity. Timers are messages that are due later. */
export interface InboxRow {
  id: number;
  instanceId: string;
  /** The execution it is for; null means whichever is current. */
  executionId: string | null;
  dueAt: number;
  /** JSON text. */
  message: string;
}

export interface WorkRow {
  id: number;
  instanceId: string;
  executionId: string;
  decision: number;
  name: string;
  input: string | null;
}

export interface EntityRow {
  entityId: string;
  present: number;
  state: string | null;
  lockedBy: string | null;
  updatedAt: number;
}

const terminal = new Set<RuntimeStatus>(['Completed', 'Failed', 'Terminated']);

export function isTerminal(status: RuntimeStatus): boolean {
  return terminal.has(status);
}

export class DurableStore {
  readonly db: Database;

  constructor(db: Database) {
    this.db = db;
    db.schema(`
      CREATE TABLE IF NOT EXISTS instances (
        instanceId TEXT PRIMARY KEY, executionId TEXT NOT NULL, name TEXT NOT NULL, version TEXT, input TEXT,
        output TEXT, customStatus TEXT, status TEXT NOT NULL, createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL,
        parentInstanceId TEXT, parentExecutionId TEXT, parentDecision INTEGER);
      CREATE TABLE IF NOT EXISTS history (
        instanceId TEXT NOT NULL, seq INTEGER NOT NULL, event TEXT NOT NULL, PRIMARY KEY (instanceId, seq)
      ) WITHOUT ROWID;
      CREATE TABLE IF NOT EXISTS inbox (
        id INTEGER PRIMARY KEY AUTOINCREMENT, instanceId TEXT NOT NULL, executionId TEXT, dueAt INTEGER NOT NULL,
        message TEXT NOT NULL);
      CREATE INDEX IF NOT EXISTS inboxByInstance ON inbox (instanceId, dueAt, id);
      CREATE INDEX IF NOT EXISTS inboxByDue ON inbox (dueAt);
      CREATE TABLE IF NOT EXISTS work (
        id INTEGER PRIMARY KEY AUTOINCREMENT, instanceId TEXT NOT NULL, executionId TEXT NOT NULL,
        decision INTEGER NOT NULL, name TEXT NOT NULL, input TEXT);
      CREATE INDEX IF NOT EXISTS workByInstance ON work (instanceId);
      CREATE TABLE IF NOT EXISTS entities (
        entityId TEXT PRIMARY KEY, present INTEGER NOT NULL, state TEXT, lockedBy TEXT, updatedAt INTEGER NOT NULL);
    `);
  }

  instance(instanceId: string): Instance | undefined {
    return this.db.get<Instance>('SELECT * FROM instances WHERE instanceId = ?', instanceId);
  }

  putInstance(row: Instance): void {
    this.db.run(
      `INSERT OR REPLACE INTO instances (instanceId, executionId, name, version, input, output, customStatus, status,
         createdAt, updatedAt, parentInstanceId, parentExecutionId, parentDecision)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      row.instanceId,
      row.executionId,
      row.name,
      row.version,
      row.input,
      row.output,
      row.customStatus,
      row.status,
      row.createdAt,
      row.updatedAt,
      row.parentInstanceId,
      row.parentExecutionId,
      row.parentDecision,
    );
  }

  history(instanceId: string): HistoryEvent[] {
    return this.db
      .all<{ event: string }>('SELECT event FROM history WHERE instanceId = ? ORDER BY seq', instanceId)
      .map(row => JSON.parse(row.event) as HistoryEvent);
  }

  appendHistory(instanceId: string, from: number, events: readonly HistoryEvent[]): void {
    events.forEach((event, index) => {
      const text = JSON.stringify({ ...event, IsPlayed: true });
      this.db.run('INSERT INTO history (instanceId, seq, event) VALUES (?, ?, ?)', instanceId, from + index, text);
    });
  }

  dropHistory(instanceId: string): void {
    this.db.run('DELETE FROM history WHERE instanceId = ?', instanceId);
  }

  /** @returns the id of the message */
  post(message: Omit<InboxRow, 'id' | 'message'> & { message: unknown }): number {
    return this.db.run(
      'INSERT INTO inbox (instanceId, executionId, dueAt, message) VALUES (?, ?, ?, ?)',
      message.instanceId,
      message.executionId,
      message.dueAt,
      JSON.stringify(message.message),
    ).lastInsertRowid;
  }

  /** Messages due at `now`, oldest first. */
  due(instanceId: string, now: number): InboxRow[] {
    return this.db.all<InboxRow>(
      'SELECT * FROM inbox WHERE instanceId = ? AND dueAt <= ? ORDER BY dueAt, id',
      instanceId,
      now,
    );
  }

  dropMessages(ids: Iterable<number>): void {
    for (const id of ids) this.db.run('DELETE FROM inbox WHERE id = ?', id);
  }

  /** Drops everything that waits for one execution, including its timers. */
  dropExecution(instanceId: string, executionId: string): void {
    this.db.run('DELETE FROM inbox WHERE instanceId = ? AND executionId = ?', instanceId, executionId);
    this.db.run('DELETE FROM work WHERE instanceId = ? AND executionId = ?', instanceId, executionId);
  }

  /** Drops all that waits for an instance that has ended. */
  dropWaiting(instanceId: string): void {
    this.db.run('DELETE FROM inbox WHERE instanceId = ?', instanceId);
    this.db.run('DELETE FROM work WHERE instanceId = ?', instanceId);
  }

  /** Removes every trace of an instance; a running activity's answer will find nobody. */
  purge(instanceId: string): boolean {
    this.dropHistory(instanceId);
    this.dropWaiting(instanceId);
    return this.db.run('DELETE FROM instances WHERE instanceId = ?', instanceId).changes > 0;
  }

  instancesWithDueMessages(now: number): string[] {
    return this.db
      .all<{ instanceId: string }>('SELECT DISTINCT instanceId FROM inbox WHERE dueAt <= ?', now)
      .map(row => row.instanceId);
  }

  nextDueAfter(now: number): number | undefined {
    return (
      this.db.get<{ dueAt: number | null }>('SELECT min(dueAt) AS dueAt FROM inbox WHERE dueAt > ?', now)?.dueAt ??
      undefined
    );
  }

  addWork(work: Omit<WorkRow, 'id'>): number {
    return this.db.run(
      'INSERT INTO work (instanceId, executionId, decision, name, input) VALUES (?, ?, ?, ?, ?)',
      work.instanceId,
      work.executionId,
      work.decision,
      work.name,
      work.input,
    ).lastInsertRowid;
  }

  work(id: number): WorkRow | undefined {
    return this.db.get<WorkRow>('SELECT * FROM work WHERE id = ?', id);
  }

  pendingWork(): number[] {
    return this.db.all<{ id: number }>('SELECT id FROM work ORDER BY id').map(row => row.id);
  }

  /** @returns false when the work is no longer wanted */
  finishWork(id: number): boolean {
    return this.db.run('DELETE FROM work WHERE id = ?', id).changes > 0;
  }

  /** Instances in order of creation, those created at or after `from` and at or before `to`. */
  instances(filter: { prefix: string; from: number; to: number }): Instance[] {
    return this.db.all<Instance>(
      'SELECT * FROM instances WHERE createdAt >= ? AND createdAt <= ? AND substr(instanceId, 1, ?) = ? ORDER BY createdAt, instanceId',
      filter.from,
      filter.to,
      filter.prefix.length,
      filter.prefix,
    );
  }

  entities(filter: { prefix: string; from: number; to: number }): EntityRow[] {
    return this.db.all<EntityRow>(
      'SELECT * FROM entities WHERE present = 1 AND updatedAt >= ? AND updatedAt <= ? AND substr(entityId, 1, ?) = ? ORDER BY entityId',
      filter.from,
      filter.to,
      filter.prefix.length,
      filter.prefix,
    );
  }

  entity(entityId: string): EntityRow {
    const row = this.db.get<EntityRow>('SELECT * FROM entities WHERE entityId = ?', entityId);
    return row ?? { entityId, present: 0, state: null, lockedBy: null, updatedAt: 0 };
  }

  /** Entities whose lock an orchestration holds. */
  lockedBy(instanceId: string): { entityId: string }[] {
    return this.db.all('SELECT entityId FROM entities WHERE lockedBy = ?', instanceId);
  }

  putEntity(row: EntityRow): void {
    if (!row.present && row.lockedBy === null) {
      this.db.run('DELETE FROM entities WHERE entityId = ?', row.entityId);
      return;
    }
    this.db.run(
      'INSERT OR REPLACE INTO entities (entityId, present, state, lockedBy, updatedAt) VALUES (?, ?, ?, ?, ?)',
      row.entityId,
      row.present,
      row.state,
      row.lockedBy,
      row.updatedAt,
    );
  }
}
