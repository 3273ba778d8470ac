import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect } from 'vitest';
import { type CallReport, plainWords } from '../commands/call-report.ts';
import { placeCall } from '../commands/phone-call.ts';
import { openRecords, type RecordStore } from '../commands/record-store.ts';
import { type System, startSystem } from '../commands/system.ts';
import { readWrittenCall } from '../commands/written-call.ts';
import { callIdOf } from '../contracts/call-id.ts';
import { type Caller, type CallerOptions, dial } from '../emulators/caller/caller.ts';
import type { Step } from '../emulators/caller/conversation.ts';

/** The whole system, offline, for the tests of one file: every program a process, every wire real. */
export interface Running {
  readonly system: System;
  readonly store: RecordStore;
  /** A call from dialling to its record. */
  call(steps: readonly Step[], from?: string, to?: string): Promise<CallReport>;
  /** A caller on the line, once sound can flow. */
  ring(options?: Partial<CallerOptions>): Promise<Caller>;
  /** What was written down, once the record is final. */
  written(caller: Caller, withinMs?: number): ReturnType<typeof readWrittenCall>;
  /** The media host's health, with its counters. */
  health(): Promise<{ status: string; calls: number; counters: Record<string, number> }>;
  /** Posts or puts JSON to a stand-in's admin. */
  admin(url: string | undefined, method: string, body: unknown): Promise<unknown>;
}

export function runningSystem(settings: Readonly<Record<string, string>> = {}): Running {
  let dir: string;
  let system: System;
  let store: RecordStore;

  beforeAll(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-test-'));
    system = await startSystem({ dir, settings: { LOG_LEVEL: 'warn', ...settings } });
    store = openRecords({ endpoint: system.cosmosUrl ?? '', key: system.settings['COSMOS_KEY'], database: 'voice' });
  }, 60_000);

  afterAll(async () => {
    store?.close();
    await system?.stop();
    await rm(dir, { recursive: true, force: true });
  }, 30_000);

  const line = () => (system.acsUrl ?? '').replace(/^http/, 'ws');
  return {
    get system() {
      return system;
    },
    get store() {
      return store;
    },
    call: (steps, from, to) => placeCall({ acsUrl: system.acsUrl ?? '', store, steps, from, to }),
    ring: async options => {
      const caller = await dial({ line: line(), ...options });
      await caller.mediaOpen();
      return caller;
    },
    written: (caller, withinMs = 5000) => readWrittenCall(store, callIdOf(caller.correlationId), withinMs),
    health: async () => (await fetch(`${system.mediaHostUrl}/api/v1/health`)).json() as ReturnType<Running['health']>,
    admin: async (url, method, body) => {
      const answer = await fetch(url ?? '', {
        method,
        headers: { 'content-type': 'application/json' },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      });
      if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${await answer.text()}`);
      return answer.json().catch(() => undefined);
    },
  };
}

/** The ear got just what the agent said, up to where it was cut. */
export function expectHeard({ turns }: CallReport): void {
  for (const { said, heard, agent } of turns) {
    expect(heard, `in answer to "${said}"`).not.toBe('');
    expect(plainWords(agent ?? ''), `in answer to "${said}"`).toContain(plainWords(heard));
    expect(plainWords(agent ?? '').startsWith(plainWords(heard)), `"${agent}" begins with "${heard}"`).toBe(true);
  }
}
