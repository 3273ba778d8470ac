import type { RegisteredFunction } from '../core-module.ts';
import type { Database } from '../database.ts';
import { type Invoker, triggerOf } from '../invocation.ts';
import type { Log } from '../log.ts';
import { expandSettings } from '../settings.ts';
import { nextOccurrence, parseSchedule, type Schedule } from './ncrontab.ts';

/*
 * Timer triggers. The schedule's state is kept, so that an occurrence missed while the host was down runs once at the
 * next start with isPastDue; two runs of one timer never overlap.
 */

const longestTimeoutMs = 2 ** 31 - 1;

/** Schedules shorter than this are not remembered, as on Azure. */
const monitoredIntervalMs = 60_000;

interface ScheduleStatus {
  Last: string;
  LastUpdated: string;
  Next: string;
}

export interface TimerOptions {
  db: Database;
  invoker: Invoker;
  log: Log;
  /** @default Date.now */
  now?: () => number;
}

export class TimerTrigger {
  readonly functionName: string;
  #options: TimerOptions;
  #fn: RegisteredFunction;
  #schedule: Schedule;
  #monitored: boolean;
  #runOnStartup: boolean;
  #timeout: NodeJS.Timeout | undefined;
  #running: Promise<void> = Promise.resolve();
  #stopped = false;

  /** @throws when the schedule cannot be read */
  constructor(fn: RegisteredFunction, options: TimerOptions) {
    const trigger = triggerOf(fn);
    this.functionName = fn.metadata.name;
    this.#fn = fn;
    this.#options = options;
    try {
      this.#schedule = parseSchedule(expandSettings(String(trigger['schedule'] ?? '')));
    } catch (error) {
      throw new Error(`Timer "${this.functionName}": ${(error as Error).message}`, { cause: error });
    }
    this.#monitored = trigger['useMonitor'] !== false && this.#interval() >= monitoredIntervalMs;
    this.#runOnStartup = trigger['runOnStartup'] === true;
    options.db.schema('CREATE TABLE IF NOT EXISTS timers (functionName TEXT PRIMARY KEY, status TEXT NOT NULL)');
  }

  start(): void {
    const missed = Date.parse(this.#status()?.Next ?? '') < this.#now();
    if (this.#monitored && missed) void this.#run(true);
    else if (this.#runOnStartup) void this.#run(false);
    this.#arm(this.#now());
  }

  /** Runs it once, outside its schedule. */
  runNow(): void {
    void this.#run(false);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timeout);
    await this.#running;
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #interval(): number {
    const first = nextOccurrence(this.#schedule, this.#now()) ?? Number.POSITIVE_INFINITY;
    return (nextOccurrence(this.#schedule, first) ?? Number.POSITIVE_INFINITY) - first;
  }

  #arm(after: number): void {
    const next = nextOccurrence(this.#schedule, after);
    if (next === undefined || this.#stopped) return;
    this.#remember({ next });
    this.#sleepUntil(next);
  }

  #sleepUntil(at: number): void {
    const delayMs = Math.min(Math.max(at - this.#now(), 1), longestTimeoutMs);
    this.#timeout = setTimeout(() => {
      if (this.#now() < at) {
        this.#sleepUntil(at);
        return;
      }
      // Occurrences that pass while it runs are skipped, not piled up.
      void this.#run(false).then(() => this.#arm(Math.max(at, this.#now())));
    }, delayMs);
  }

  #run(isPastDue: boolean): Promise<void> {
    this.#running = this.#running.then(async () => {
      const status = this.#status() ?? { Last: zero, LastUpdated: zero, Next: zero };
      const info = {
        Schedule: { AdjustForDST: true },
        ScheduleStatus: this.#monitored ? status : null,
        IsPastDue: isPastDue,
      };
      const result = await this.#options.invoker.invoke(this.#fn, { trigger: { json: JSON.stringify(info) } });
      this.#remember({ last: this.#now() });
      if (!result.ok) {
        const message = result.error.stack ?? result.error.message;
        this.#options.log({ level: 'error', category: 'host', functionName: this.functionName, message });
      }
    });
    return this.#running;
  }

  #status(): ScheduleStatus | undefined {
    const row = this.#options.db.get<{ status: string }>(
      'SELECT status FROM timers WHERE functionName = ?',
      this.functionName,
    );
    return row && (JSON.parse(row.status) as ScheduleStatus);
  }

  #remember(change: { next?: number; last?: number }): void {
    if (!this.#monitored) return;
    const status: ScheduleStatus = this.#status() ?? { Last: zero, LastUpdated: zero, Next: zero };
    if (change.next !== undefined) status.Next = new Date(change.next).toISOString();
    if (change.last !== undefined) status.Last = new Date(change.last).toISOString();
    status.LastUpdated = new Date(this.#now()).toISOString();
    this.#options.db.run(
      'INSERT OR REPLACE INTO timers (functionName, status) VALUES (?, ?)',
      this.functionName,
      JSON.stringify(status),
    );
  }
}

/** How .NET prints a time that was never set. */
const zero = '0001-01-01T00:00:00';
