/**
 * Posts callbacks to the app as the service does: one CloudEvent per request, a fresh JWT each, requests in parallel, in
 * no promised order. One thing is promised: nothing of a leg is posted after its `CallDisconnected`.
 */
import type { Alarms } from './alarms.ts';
import type { CloudEvent } from './cloud-event.ts';
import type { Courier } from './courier.ts';
import type { AcsFaults } from './faults.ts';
import type { Tokens } from './tokens.ts';

const tokenLifetimeS = 300;
const kept = 500;

export interface CallbackRecord {
  id: string;
  name: string;
  /** Status of every attempt; 0 is no answer. */
  statuses: number[];
}

/** The callbacks of one leg: what was posted, and whether more may be. */
export class CallbackLog {
  readonly records: CallbackRecord[] = [];
  sent = 0;
  failed = 0;
  /** After the last event of the leg nothing more may leave. */
  closed = false;
  /** Posts under way. */
  readonly flying = new Set<Promise<void>>();
  /** The event that waits for its successor, when neighbours are swapped. */
  held: (() => Promise<void>) | undefined;

  /** Status codes and how often each was answered. */
  statusCounts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const status of this.records.flatMap(record => record.statuses)) counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  }
}

export interface PostOptions {
  /** No event of this log is posted after this one. */
  last?: boolean;
  /** The exception: posted even after the last. */
  late?: boolean;
  /** Earliest moment, besides delay and jitter, ms. */
  afterMs?: number;
}

export interface CallbackPoster {
  post(log: CallbackLog, url: string, event: CloudEvent, options?: PostOptions): void;
}

export function createCallbackPoster(deps: {
  faults: AcsFaults;
  tokens: Tokens;
  courier: Courier;
  alarms: Alarms;
  log: (line: string) => void;
}): CallbackPoster {
  const { faults, tokens, courier, alarms } = deps;

  return {
    post(log, url, event, options = {}) {
      const name = event.type.slice(event.type.lastIndexOf('.') + 1);
      if (faults.callbackDrop.includes(name)) return;
      const record: CallbackRecord = { id: event.id, name, statuses: [] };
      const { last = false, late = false } = options;
      const launch = () => {
        const flight = fly(log, url, event, record, last, late).finally(() => log.flying.delete(flight));
        if (!last) log.flying.add(flight);
        return flight;
      };
      const wait = (options.afterMs ?? 0) + faults.callbackDelayMs + Math.random() * faults.callbackJitterMs;
      alarms.after(wait, () => {
        if (faults.callbackReorder && !last) swap(log, launch);
        else {
          if (last) void release(log);
          void launch();
        }
      });
    },
  };

  function swap(log: CallbackLog, launch: () => Promise<void>): void {
    const earlier = log.held;
    if (earlier) {
      log.held = undefined;
      void launch().then(earlier);
      return;
    }
    log.held = launch;
    alarms.after(200, () => {
      if (log.held === launch) void release(log);
    });
  }

  async function release(log: CallbackLog): Promise<void> {
    const { held } = log;
    log.held = undefined;
    await held?.();
  }

  async function fly(
    log: CallbackLog,
    url: string,
    event: CloudEvent,
    record: CallbackRecord,
    last: boolean,
    late: boolean,
  ): Promise<void> {
    if (log.closed && !late) return;
    if (last) {
      log.closed = true;
      await Promise.race([Promise.all(log.flying), pause(250)]);
    }
    log.records.push(record);
    if (log.records.length > kept) log.records.shift();
    for (let copy = 0; copy <= faults.callbackDuplicates; copy++) {
      for (let attempt = 0; attempt <= faults.callbackRetries; attempt++) {
        if (attempt > 0) await pause(faults.callbackRetryMs);
        if (log.closed && !last && !late) return;
        if (await attemptOnce(log, url, event, record)) break;
      }
    }
  }

  async function attemptOnce(log: CallbackLog, url: string, event: CloudEvent, record: CallbackRecord) {
    const authorization = await tokens.authorization(tokenLifetimeS, faults.callbackToken);
    const headers = { 'content-type': 'application/json', ...(authorization ? { authorization } : {}) };
    const answer = await courier.send('POST', url, headers, JSON.stringify([event]), faults.callbackTimeoutMs);
    record.statuses.push(answer.status);
    log.sent++;
    if (answer.status >= 200 && answer.status < 300) return true;
    log.failed++;
    deps.log(`callback ${record.name} answered ${answer.status || answer.error}`);
    return false;
  }

  function pause(ms: number): Promise<void> {
    return new Promise(resolve => alarms.after(ms, resolve));
  }
}
