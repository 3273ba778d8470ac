import type { TypedData } from '../core-module.ts';
import { triggerName } from '../invocation.ts';
import { jsonText } from './action.ts';
import type { Engine } from './engine.ts';
import { type HistoryEvent, historyEvent } from './history.ts';
import { callHttp } from './http-activity.ts';
import { httpActivity } from './id-walk.ts';
import type { WorkRow } from './store.ts';

/*
 * Runs one scheduled activity and posts its answer. The work row falls in the same transaction as the answer appears,
 * so an activity runs again after a crash in between: at least once, as on Azure.
 */

export async function runActivity(engine: Engine, workId: number): Promise<void> {
  const work = engine.store.work(workId);
  if (!work) return;
  const outcome = await perform(engine, work);
  engine.commit((outbox, now) => {
    if (!engine.store.finishWork(workId)) return;
    const event = historyEvent(outcome.type, now, { TaskScheduledId: work.decision, ...outcome.members });
    outbox.toInstance(work.instanceId, work.executionId, { kind: 'event', event });
  });
}

type Outcome = { type: 'TaskCompleted' | 'TaskFailed'; members: Partial<HistoryEvent> };

async function perform(engine: Engine, work: WorkRow): Promise<Outcome> {
  if (work.name === httpActivity) return builtInHttp(work);
  const fn = engine.functions.activity.get(work.name);
  if (!fn) return failed(work.name, new Error(engine.refusal('activity', work.name)));
  const trigger: TypedData | undefined = work.input === null ? undefined : { string: work.input };
  const metadata: Record<string, TypedData> = { instanceId: { string: work.instanceId } };
  if (trigger) {
    metadata[triggerName(fn)] = trigger;
    metadata['data'] = trigger;
  }
  const result = await engine.invoke(fn, trigger, metadata);
  if (!result.ok) return failed(work.name, result.error);
  return { type: 'TaskCompleted', members: { Result: resultText(result.returnValue) } };
}

async function builtInHttp(work: WorkRow): Promise<Outcome> {
  try {
    const answer = await callHttp(JSON.parse(work.input ?? '{}'));
    return { type: 'TaskCompleted', members: { Result: JSON.stringify(answer) } };
  } catch (error) {
    return failed(work.name, error as Error);
  }
}

function failed(name: string, error: Error): Outcome {
  const details = failureDetails(error);
  const message = details?.['ErrorMessage'] ?? error.message;
  return {
    type: 'TaskFailed',
    members: {
      Reason: `Activity function '${name}' failed: ${message}`,
      Details: error.stack ?? error.message,
      ...(details ? { FailureDetails: details } : {}),
    },
  };
}

/** An app with an ExceptionPropertiesProvider puts the error's type and properties into its message, as JSON. */
function failureDetails(error: Error): Record<string, unknown> | undefined {
  if (!error.message.startsWith('{')) return undefined;
  try {
    const told = JSON.parse(error.message) as Record<string, unknown>;
    if (typeof told['errorType'] !== 'string') return undefined;
    return {
      ErrorType: told['errorType'],
      ErrorMessage: told['errorMessage'],
      StackTrace: told['stackTrace'],
      IsNonRetriable: told['isNonRetriable'] === true,
      Properties: told['properties'],
      InnerFailure: null,
    };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** JSON text of an activity's return value. */
function resultText(value: TypedData | undefined): string | null {
  if (value?.json !== undefined) return value.json;
  if (value?.bytes !== undefined) return JSON.stringify(Buffer.from(value.bytes).toString('base64'));
  return jsonText(value?.string ?? value?.int ?? value?.double);
}
