import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync, type StatementSync } from 'node:sqlite';

/*
 * One SQLite file holds everything the host must remember. WAL with synchronous=NORMAL: a commit is in the kernel's
 * page cache when it returns, so SIGKILL loses nothing; only a power cut can lose the newest commits, and even that
 * leaves the file consistent. FULL would cost an fsync per episode and protect a laptop from nothing else.
 */

type Value = string | number | null;

export class Database {
  #db: DatabaseSync;
  #lock: DatabaseSync;
  #statements = new Map<string, StatementSync>();

  /** Opens or creates the data folder; a second host on the same folder is refused. */
  constructor(dataDir: string) {
    mkdirSync(dataDir, { recursive: true });
    this.#lock = takeLock(dataDir);
    this.#db = new DatabaseSync(path.join(dataDir, 'functions-host.sqlite'));
    this.#db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA busy_timeout = 2000;');
    // In pages of 4 KB. A checkpoint waits for the disk; by default there is one every few hundred messages.
    this.#db.exec('PRAGMA wal_autocheckpoint = 10000;');
  }

  schema(sql: string): void {
    this.#db.exec(sql);
  }

  run(sql: string, ...values: Value[]): { changes: number; lastInsertRowid: number } {
    const { changes, lastInsertRowid } = this.#statement(sql).run(...values);
    return { changes: Number(changes), lastInsertRowid: Number(lastInsertRowid) };
  }

  get<Row>(sql: string, ...values: Value[]): Row | undefined {
    return this.#statement(sql).get(...values) as Row | undefined;
  }

  all<Row>(sql: string, ...values: Value[]): Row[] {
    return this.#statement(sql).all(...values) as Row[];
  }

  /** All of `work` or nothing. `work` must be synchronous; transactions do not nest. */
  transaction<Result>(work: () => Result): Result {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      this.run('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    this.#statements.clear();
    this.#db.close();
    this.#lock.close();
  }

  #statement(sql: string): StatementSync {
    const known = this.#statements.get(sql);
    if (known) return known;
    const statement = this.#db.prepare(sql);
    this.#statements.set(sql, statement);
    return statement;
  }
}

/** The lock is a file lock of the operating system, so it falls with the process that held it. */
function takeLock(dataDir: string): DatabaseSync {
  const lock = new DatabaseSync(path.join(dataDir, 'host.lock'));
  try {
    lock.exec('BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock.close();
    throw new Error(`Another host is using ${dataDir}. Stop it, or choose another --data folder.`, { cause: error });
  }
}
