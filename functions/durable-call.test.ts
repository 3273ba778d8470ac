import { mkdtemp, rm } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InvocationContext } from '@azure/functions';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { RegisteredFunction } from '../emulators/functions-host/core-module.ts';
import { Database } from '../emulators/functions-host/database.ts';
import { startOrchestration } from '../emulators/functions-host/durable/client.ts';
import { Engine } from '../emulators/functions-host/durable/engine.ts';
import { historyEvent } from '../emulators/functions-host/durable/history.ts';
import { DurableStore } from '../emulators/functions-host/durable/store.ts';
import { call } from './call.orchestrator.ts';
import type { ContinuedCall } from './call-control/continued.ts';
import { talking } from './call-control/testing/steered.ts';
import { type CallMessage, callEventName } from './call-message.ts';
import { keepTrigger } from './episode.ts';

/** The orchestration in the real library, on the stand-in's durable engine, whose clock stands still until it is told. */
const { createOrchestrator } = createRequire(import.meta.url)('durable-functions/lib/src/util/testingUtils.js') as {
  createOrchestrator(run: typeof call): (trigger: unknown, context: InvocationContext) => Promise<unknown>;
};

const at = Date.parse('2026-11-21T12:00:00Z');
let dir: string;
let db: Database;
let engine: Engine;
let now: number;
/** Contexts of the orders that were carried out. */
let carriedOut: string[];
/** When the carrier was asked to hang up, ms. */
let hungUpAt: number[];

beforeEach(async () => {
  dir = await mkdtemp(path.join(tmpdir(), 'switchboard-continued-'));
  db = new Database(dir);
  now = at;
  carriedOut = [];
  hungUpAt = [];
  const activities: Record<string, (input: { context: string }) => unknown> = {
    'look-up': () => ({ up: true, streaming: true }),
    'hang-up': () => {
      hungUpAt.push(now - at);
      throw new Error('The carrier is away.');
    },
    'carry-out': ({ context }) => {
      carriedOut.push(context);
      return { outcome: 'done' };
    },
  };
  const orchestrate = createOrchestrator(call);
  const run = async (name: string, input: unknown) => {
    if (name !== 'call') return activities[name]?.(input as never);
    const options = { trigger: { type: 'orchestrationTrigger', name: 'context' }, extraInputs: [], extraOutputs: [] };
    const context = new InvocationContext({ functionName: name, invocationId: 'i', options } as never);
    keepTrigger({ inputs: [input], invocationContext: context });
    return orchestrate(input, context);
  };
  engine = new Engine({
    store: new DurableStore(db),
    functions: { orchestrator: named('call'), activity: named('look-up', 'carry-out', 'hang-up'), entity: new Map() },
    invoke: async ({ metadata: { name } }, trigger) => {
      try {
        return {
          ok: true,
          returnValue: { json: JSON.stringify(await run(name, JSON.parse(trigger?.string ?? '{}'))) },
        };
      } catch (error) {
        return { ok: false, error: error as Error };
      }
    },
    limits: { orchestrators: 1, activities: 1, entities: 1, entityBatch: 1 },
    log: () => undefined,
    now: () => now,
  });
});
afterEach(async () => {
  await engine.stop();
  db.close();
  await rm(dir, { recursive: true, force: true });
});

function named(...names: string[]): Map<string, RegisteredFunction> {
  return new Map(
    names.map(name => {
      const bindings = { input: { type: 'activityTrigger', direction: 'in' } };
      return [name, { metadata: { name, bindings }, callback: () => undefined }];
    }),
  );
}

/** All of them come at one moment. */
function raise(...messages: CallMessage[]): void {
  engine.commit(outbox => {
    for (const message of messages) {
      const event = historyEvent('EventRaised', now, { Name: callEventName, Input: JSON.stringify(message) });
      outbox.toInstance('c', null, { kind: 'event', event });
    }
  });
}

const order = (id: string): CallMessage => ({
  id,
  from: 'us',
  type: 'ordered',
  order: { do: 'cancel-media' },
  at: now,
});
const chatter = (count: number): CallMessage[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ id: `p${i}`, from: 'acs', type: 'participants', sequence: i + 2, count: 2, at: now },
  }));

const execution = (): string => engine.store.instance('c')?.executionId ?? '';
const input = (): ContinuedCall => JSON.parse(engine.store.instance('c')?.input ?? '{}') as ContinuedCall;

/** Whoever was woken has done what there is to do now. */
async function settled(): Promise<void> {
  for (let quiet = 0; quiet < 5; ) {
    await new Promise(resolve => setImmediate(resolve));
    const waits = engine.store.due('c', now).length + engine.store.pendingWork().length;
    quiet = waits === 0 ? quiet + 1 : 0;
  }
}

/** A call that is up, and has been told so much that it goes on afresh in the next calm second. */
async function talkative(messages: number): Promise<void> {
  const { state } = talking();
  const start = {
    opening: {
      ...{ callId: 'c', direction: 'in', startedAt: at, callerHash: 'h', calleeId: '4:+15550100' },
      ...{ entryAgent: 'reception', mode: 'media', ttlSeconds: 86_400 },
    },
    ...{ mode: 'media', incomingCallContext: 'secret', mediaUrl: 'wss://media', maxCallMs: 3_600_000 },
  };
  const up = { ...state, begunAt: at, phaseSince: at, seenUpAt: at };
  startOrchestration(engine, {
    ...{ name: 'call', instanceId: 'c', input: JSON.stringify({ v: 1, start, state: up, seen: [] }) },
  });
  await settled();
  raise(...chatter(messages));
  await settled();
}

test('what comes in the very episode in which a call goes on afresh is acted on, once', async () => {
  await talkative(251);
  const before = execution();
  now += 1_500;
  raise(order('a'), order('b'), order('a'));
  await settled();
  expect(execution()).not.toBe(before);
  expect(input().unread?.map(({ id }) => id)).toEqual(['a', 'b', 'a']);
  expect(carriedOut).toEqual(['a', 'b']);
});

test('what comes between the decision and the fresh execution, or after it, is acted on, once', async () => {
  await talkative(251);
  const before = execution();
  now += 1_500;
  // The first begins the episode that decides; the others come while it is worked on.
  raise(order('a'));
  raise(order('b'));
  raise(order('c'), order('a'));
  await settled();
  raise(order('d'), order('c'));
  await settled();
  expect(execution()).not.toBe(before);
  expect(carriedOut).toEqual(['a', 'b', 'c', 'd']);
});

test('a call that is told more and more without a pause goes on afresh too, and reads all of it', async () => {
  await talkative(0);
  const before = execution();
  raise(...chatter(620), order('a'), ...chatter(620), order('b'));
  await settled();
  expect(execution()).not.toBe(before);
  expect(carriedOut).toEqual(['a', 'b']);
  expect(engine.store.instance('c')?.status).toBe('Running');
});

test('what the carrier does not answer is asked three times, 2 s apart', async () => {
  await talkative(0);
  raise({ id: 'over', from: 'us', type: 'hang-up-asked', by: 'agent', reason: 'done', at: now });
  await settled();
  for (let due = now; due < at + 8_000; due = engine.store.nextDueAfter(now) ?? Number.POSITIVE_INFINITY) {
    now = due;
    engine.wake('c');
    await settled();
  }
  expect(hungUpAt).toEqual([0, 2_000, 4_000]);
});
