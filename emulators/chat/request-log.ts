/** What the stand-in saw and did, one record for each request, for tests and for people to read. */
import type { Asked, ItemKind, ToolOutput } from './asked.ts';
import { hex } from './seeded-id.ts';
import type { Usage } from './tokens.ts';
import type { Trouble } from './trouble.ts';

/** Older records are forgotten. */
const mostRecords = 1000;

export type RequestRecord = {
  /** From 1. */
  number: number;
  /** ISO time of arrival. */
  at: string;
  path: string;
  /** HTTP status; 0 before any was sent. */
  status: number;
  /**
   * `aborted`: the client left before the end. `killed`: the script cut the socket. `refused`: answered with an HTTP error.
   * `completed` says that all was written, whatever the last event told.
   */
  outcome: 'open' | 'completed' | 'aborted' | 'killed' | 'refused';
  api?: 'responses' | 'chat';
  model?: string;
  stream?: boolean;
  /** The first 12 hex digits of the SHA-256 of the first system text: tells which agent asked. */
  agent?: string;
  roles?: ItemKind[];
  turn?: number;
  lastUser?: string;
  /** Names of the tools offered. */
  tools?: string[];
  toolOutputs?: ToolOutput[];
  promptCacheKey?: string;
  store?: boolean;
  /** The rule that answered, or `default`. */
  rule?: string;
  fault?: Trouble;
  usage?: Usage;
  /** Text and arguments written so far, in the order they were sent. */
  sent: string;
  deltasSent: number;
  /** From the request to the first delta written, ms. */
  firstDeltaMs?: number;
  /** From the request to the client's going away, ms; only when it was `aborted`. */
  abortedAfterMs?: number;
  /** From the request to the end of the response, ms. */
  endedAfterMs?: number;
  /** `message` of an error answered instead. */
  error?: string;
};

export function describe(record: RequestRecord, asked: Asked): void {
  record.api = asked.api;
  record.model = asked.model;
  record.stream = asked.stream;
  record.agent = hex(12, asked.agent);
  record.roles = asked.roles;
  record.turn = asked.turn;
  record.lastUser = asked.lastUser;
  record.tools = asked.offered.map(tool => tool.name);
  record.toolOutputs = asked.toolOutputs;
  record.promptCacheKey = asked.promptCacheKey;
  record.store = asked.store;
}

/** One line for a person watching. */
export function summaryOf(record: RequestRecord): string {
  const { number, api, model, rule, status, outcome, deltasSent, firstDeltaMs, endedAfterMs, error } = record;
  const first = firstDeltaMs === undefined ? '' : `, first after ${firstDeltaMs} ms`;
  const told = error ? `: ${error}` : '';
  return `#${number} ${api ?? '-'} ${model ?? '-'} rule ${rule ?? '-'}: ${status} ${outcome} after ${endedAfterMs} ms, ${deltasSent} deltas${first}${told}`;
}

export function createRequestLog() {
  let records: RequestRecord[] = [];
  let count = 0;
  let open = 0;
  let waiting: (() => void)[] = [];
  return {
    open(path: string): RequestRecord {
      count += 1;
      open += 1;
      const record: RequestRecord = {
        number: count,
        at: new Date().toISOString(),
        path,
        status: 0,
        sent: '',
        deltasSent: 0,
        outcome: 'open',
      };
      records.push(record);
      if (records.length > mostRecords) records.shift();
      return record;
    },
    closed(): void {
      open -= 1;
      if (open > 0) return;
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    all: (): readonly RequestRecord[] => records,
    /** Resolves when no request is being answered. */
    idle(): Promise<void> {
      return open === 0 ? Promise.resolve() : new Promise(resolve => waiting.push(resolve));
    },
    clear(): void {
      records = [];
    },
  };
}

export type RequestLog = ReturnType<typeof createRequestLog>;
