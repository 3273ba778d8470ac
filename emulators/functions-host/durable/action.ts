/*
 * What durable-functions asks for: the action list of an orchestrator's answer (replay schema V4), and the decisions
 * that the host makes of it.
 */

export const ActionType = {
  CallActivity: 0,
  CallActivityWithRetry: 1,
  CallSubOrchestrator: 2,
  CallSubOrchestratorWithRetry: 3,
  ContinueAsNew: 4,
  CreateTimer: 5,
  WaitForExternalEvent: 6,
  CallEntity: 7,
  CallHttp: 8,
  SignalEntity: 9,
  ScheduledSignalEntity: 10,
  WhenAny: 11,
  WhenAll: 12,
  LockEntities: 13,
  ReleaseEntities: 14,
} as const;

export interface RetryOptions {
  firstRetryIntervalInMilliseconds: number;
  maxNumberOfAttempts: number;
  /** @default 1 */
  backoffCoefficient?: number;
  maxRetryIntervalInMilliseconds?: number;
  retryTimeoutInMilliseconds?: number;
}

export interface HttpCall {
  method: string;
  uri: string;
  content?: string;
  headers?: Record<string, string>;
  tokenSource?: unknown;
  asynchronousPatternEnabled?: boolean;
}

/** One action; which members are set depends on `actionType`. */
export interface Action {
  actionType: number;
  functionName?: string;
  input?: unknown;
  instanceId?: string;
  version?: string;
  retryOptions?: RetryOptions;
  fireAt?: string;
  isCanceled?: boolean;
  externalEventName?: string;
  operation?: string;
  httpRequest?: HttpCall;
  compoundActions?: Action[];
  lockSet?: { name: string; key: string }[];
  lockRequestId?: string;
}

/** What an orchestrator function returns, or puts behind the out-of-process label when it fails. */
export interface OrchestratorState {
  isDone: boolean;
  actions: Action[][];
  output?: unknown;
  error?: string;
  customStatus?: unknown;
  schemaVersion: number;
}

/** A decision has an id and appears in history; ids are given in the order of the walk. */
export type Decision =
  | { kind: 'activity'; id: number; name: string; input: string | null }
  | {
      kind: 'sub-orchestration';
      id: number;
      name: string;
      instanceId: string;
      input: string | null;
      version: string | null;
    }
  | { kind: 'timer'; id: number; fireAt: number }
  | {
      kind: 'message';
      id: number;
      target: string;
      eventName: 'op' | 'release';
      message: EntityMessage;
      dueAt?: number;
    };

/** Payload of a message to an entity; the names are those on the wire. */
export interface EntityMessage {
  op?: string;
  signal?: boolean;
  /** JSON text. */
  input?: string;
  /** Request id; the answer is an external event of this name. */
  id: string;
  parent?: string;
  parentExecution?: string;
  lockset?: { name: string; key: string }[];
  pos?: number;
}

/** Instance id of an entity: its name is not case-sensitive, its key is. */
export function entityInstanceId(entity: { name: string; key: string }): string {
  return `@${entity.name.toLowerCase()}@${entity.key}`;
}

/** JSON text of a value; undefined has none. */
export function jsonText(value: unknown): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value);
}

/**
 * Text of an activity's input. The library has encoded strings already; a boolean arrives as the string "True" or
 * "False" because the extension prints it.
 */
export function activityInput(input: unknown): string | null {
  if (typeof input === 'string') return input;
  if (typeof input === 'boolean') return input ? 'True' : 'False';
  return jsonText(input);
}
