import { randomUUID } from 'node:crypto';
import { type EntityMessage, entityInstanceId } from './action.ts';
import type { Engine } from './engine.ts';
import { historyEvent } from './history.ts';
import type { EntityInboxMessage, Outbox } from './outbox.ts';
import { type EntityRow, type InboxRow, isTerminal } from './store.ts';

/*
 * Runs an entity over its waiting messages, strictly in order. State, answers, signals and the consumed messages are
 * one transaction. While an orchestration holds the lock, everybody else's messages wait.
 */

interface OperationResult {
  isError: boolean;
  result?: string;
}

/** What durable-functions returns for a batch. */
interface BatchResult {
  entityExists: boolean;
  entityState?: string | null;
  results: OperationResult[];
  signals: { target: { name: string; key: string }; name: string; input?: string }[];
}

interface Waiting {
  row: InboxRow;
  kind: 'op' | 'release';
  message: EntityMessage;
}

export async function runEntity(engine: Engine, entityId: string): Promise<void> {
  for (;;) {
    const entity = engine.store.entity(entityId);
    const waiting = admitted(entity, engine.store.due(entityId, engine.now()));
    const first = waiting[0];
    if (!first) return;
    if (first.kind === 'release') release(engine, entity, first);
    else if (first.message.lockset) lock(engine, entity, first);
    else await runBatch(engine, entity, batchOf(waiting, engine.limits.entityBatch));
  }
}

function admitted(entity: EntityRow, rows: InboxRow[]): Waiting[] {
  const waiting = rows.map(row => ({ row, ...(JSON.parse(row.message) as EntityInboxMessage) }));
  if (entity.lockedBy === null) return waiting;
  return waiting.filter(({ message }) => message.parent === entity.lockedBy);
}

function batchOf(waiting: Waiting[], limit: number): Waiting[] {
  const end = waiting.findIndex(({ kind, message }) => kind === 'release' || message.lockset);
  return waiting.slice(0, Math.min(end < 0 ? waiting.length : end, limit));
}

function release(engine: Engine, entity: EntityRow, { row, message }: Waiting): void {
  engine.commit(() => {
    engine.store.dropMessages([row.id]);
    if (entity.lockedBy === message.parent) engine.store.putEntity({ ...entity, lockedBy: null });
  });
}

/** Takes the lock for this entity and passes the request on; the last entity of the set tells the orchestration. */
function lock(engine: Engine, entity: EntityRow, { row, message }: Waiting): void {
  engine.commit((outbox, now) => {
    engine.store.dropMessages([row.id]);
    const holder = engine.store.instance(message.parent!);
    if (!holder || isTerminal(holder.status) || holder.executionId !== message.parentExecution) return;
    engine.store.putEntity({ ...entity, lockedBy: message.parent! });
    const position = (message.pos ?? 0) + 1;
    const next = message.lockset![position];
    if (next) {
      outbox.toEntity(entityInstanceId(next), { kind: 'op', message: { ...message, pos: position } });
      return;
    }
    answer(outbox, message, '{}', now);
  });
}

async function runBatch(engine: Engine, entity: EntityRow, batch: Waiting[]): Promise<void> {
  const result = await invoke(engine, entity, batch);
  engine.commit((outbox, now) => {
    engine.store.dropMessages(batch.map(({ row }) => row.id));
    engine.store.putEntity({
      ...entity,
      present: result.entityExists ? 1 : 0,
      state: result.entityExists ? (result.entityState ?? null) : null,
      updatedAt: now,
    });
    batch.forEach(({ message }, index) => {
      if (message.signal) return;
      const { isError, result: text } = result.results[index]!;
      answer(outbox, message, JSON.stringify({ result: text, ...(isError ? { exceptionType: 'Error' } : {}) }), now);
    });
    for (const signal of result.signals) {
      const input = signal.input ? { input: signal.input } : {};
      outbox.toEntity(entityInstanceId(signal.target), {
        kind: 'op',
        message: { op: signal.name, signal: true, id: randomUUID(), ...input },
      });
    }
  });
}

async function invoke(engine: Engine, entity: EntityRow, batch: Waiting[]): Promise<BatchResult> {
  const split = entity.entityId.indexOf('@', 1);
  const name = entity.entityId.slice(1, split);
  const unchanged = { entityExists: entity.present === 1, entityState: entity.state, signals: [] };
  const fail = (text: string): BatchResult => {
    engine.log('error', `Entity ${entity.entityId} failed: ${text}`);
    return { ...unchanged, results: batch.map(() => ({ isError: true, result: JSON.stringify(text) })) };
  };
  const fn = engine.functions.entity.get(name);
  if (!fn) return fail(engine.refusal('entity', name)!);
  const input = {
    self: { name, key: entity.entityId.slice(split + 1) },
    exists: entity.present === 1,
    state: entity.state,
    batch: batch.map(({ message }) => ({
      name: message.op,
      input: message.input ?? null,
      isSignal: message.signal === true,
      id: message.id,
    })),
  };
  const called = await engine.invoke(fn, { string: JSON.stringify(input) });
  if (!called.ok) return fail(called.error.message);
  const result = JSON.parse(called.returnValue?.json ?? 'null') as BatchResult | null;
  if (result?.results?.length !== batch.length) {
    return fail(
      `it answered ${result?.results?.length ?? 0} of ${batch.length} operations. Call return() at most once per operation.`,
    );
  }
  return result;
}

function answer(outbox: Outbox, request: EntityMessage, input: string, now: number): void {
  const event = historyEvent('EventRaised', now, { Name: request.id, Input: input });
  outbox.toInstance(request.parent!, request.parentExecution ?? null, { kind: 'event', event });
}
