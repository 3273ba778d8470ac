import { randomUUID } from 'node:crypto';
import type { Engine } from './engine.ts';
import { historyEvent } from './history.ts';
import { type Instance, isTerminal, type RuntimeStatus } from './store.ts';

/*
 * What a client may ask of orchestrations and entities. Every request is a message in the store, so that it survives
 * a crash the moment it is answered.
 */

/** A request that cannot be served; `status` is the HTTP status the management API answers with. */
export class ClientError extends Error {
  override name = 'ClientError';
  readonly status: 400 | 404 | 409 | 410;

  constructor(status: 400 | 404 | 409 | 410, message: string) {
    super(message);
    this.status = status;
  }
}

export interface StartRequest {
  name: string;
  instanceId?: string;
  version?: string | null;
  /** JSON text. */
  input: string | null;
}

/** @returns the instance id */
export function startOrchestration(engine: Engine, request: StartRequest): string {
  const refusal = engine.refusal('orchestrator', request.name);
  if (refusal) throw new ClientError(400, refusal);
  const instanceId = request.instanceId ?? randomUUID().replaceAll('-', '');
  if (instanceId.length > 100 || instanceId.startsWith('@') || /[/\\#?\p{Cc}]/u.test(instanceId)) {
    throw new ClientError(400, 'Instance ids have 1 to 100 characters, do not begin with @ and hold none of / \\ # ?.');
  }
  return engine.commit((outbox, now) => {
    const former = engine.store.instance(instanceId);
    if (former && !isTerminal(former.status)) {
      throw new ClientError(
        409,
        `An Orchestration instance with the status ${former.status} already exists: "${instanceId}".`,
      );
    }
    engine.store.purge(instanceId);
    outbox.newInstance({
      instanceId,
      executionId: randomUUID().replaceAll('-', ''),
      name: request.name,
      version: request.version ?? null,
      input: request.input,
      output: null,
      customStatus: null,
      status: 'Pending',
      createdAt: now,
      updatedAt: now,
      parentInstanceId: null,
      parentExecutionId: null,
      parentDecision: null,
    });
    return instanceId;
  });
}

/** Starts the same orchestrator with the same input again. */
export function restartOrchestration(engine: Engine, instanceId: string, withNewInstanceId: boolean): string {
  const former = engine.store.instance(instanceId);
  if (!former) throw new ClientError(400, `There is no instance "${instanceId}" to restart.`);
  const { name, version, input } = former;
  return startOrchestration(engine, { name, version, input, ...(withNewInstanceId ? {} : { instanceId }) });
}

/** @param input JSON text, or null when the event carries nothing */
export function raiseEvent(engine: Engine, instanceId: string, name: string, input: string | null): Promise<void> {
  return engine.together.add((outbox, now) => {
    expectRunning(engine, instanceId);
    const event = historyEvent('EventRaised', now, { Name: name, Input: input });
    outbox.toInstance(instanceId, null, { kind: 'event', event });
  });
}

export function control(
  engine: Engine,
  instanceId: string,
  kind: 'terminate' | 'suspend' | 'resume',
  reason: string | null,
): void {
  expectRunning(engine, instanceId);
  engine.commit(outbox => outbox.toInstance(instanceId, null, { kind, reason }));
}

export function signalEntity(
  engine: Engine,
  entity: { name: string; key: string },
  operation: string,
  input: string | null,
): void {
  const refusal = engine.refusal('entity', entity.name);
  if (refusal) throw new ClientError(400, refusal);
  engine.commit(outbox => {
    const message = { op: operation, signal: true, id: randomUUID(), ...(input === null ? {} : { input }) };
    outbox.toEntity(`@${entity.name.toLowerCase()}@${entity.key}`, { kind: 'op', message });
  });
}

/** Removes one instance with its history. */
export function purgeInstance(engine: Engine, instanceId: string): boolean {
  return engine.commit(() => engine.store.purge(instanceId));
}

export interface InstanceFilter {
  prefix?: string;
  from?: number;
  to?: number;
  statuses?: ReadonlySet<string>;
}

export function findInstances(engine: Engine, filter: InstanceFilter): Instance[] {
  const { prefix = '', from = 0, to = Number.MAX_SAFE_INTEGER, statuses } = filter;
  return engine.store.instances({ prefix, from, to }).filter(instance => !statuses || statuses.has(instance.status));
}

/** Removes ended instances; running ones stay, whatever the filter says. */
export function purgeInstances(engine: Engine, filter: InstanceFilter): number {
  const ended = findInstances(engine, filter).filter(({ status }) => isTerminal(status));
  engine.commit(() => {
    for (const { instanceId } of ended) engine.store.purge(instanceId);
  });
  return ended.length;
}

/** @throws ClientError 404 for an unknown instance */
export function knownInstance(engine: Engine, instanceId: string): Instance {
  const instance = engine.store.instance(instanceId);
  if (!instance) throw new ClientError(404, `No instance with ID '${instanceId}' found.`);
  return instance;
}

/** Statuses under which the status endpoint answers 202. */
export function isUnderway(status: RuntimeStatus): boolean {
  return !isTerminal(status);
}

function expectRunning(engine: Engine, instanceId: string): void {
  const { status } = knownInstance(engine, instanceId);
  if (isTerminal(status)) throw new ClientError(410, `Instance '${instanceId}' has ended: it is ${status}.`);
}
