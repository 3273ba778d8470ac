import type { InvocationResult } from '../invocation.ts';
import { type Action, jsonText, type OrchestratorState } from './action.ts';
import { NonDeterminism } from './decision-ledger.ts';
import type { Engine } from './engine.ts';
import { EventType, type HistoryEvent } from './history.ts';
import { ActionRefused, httpActivity, httpPollMs, type Walked, walk } from './id-walk.ts';
import type { Instance } from './store.ts';

/*
 * Shows an orchestrator a history and concludes what follows from its answer. Reads the store never and writes nothing,
 * so a recorded history can be replayed at any time to see whether today's code still agrees with it.
 */

const outOfProcessLabel = '\n\n$OutOfProcData$:';

/** What the orchestrator said. */
interface Answer {
  state: OrchestratorState;
  /** Set when it threw. */
  failure?: string;
}

/** What follows from it. */
export type Verdict =
  | { kind: 'goes-on'; walked: Walked }
  | { kind: 'continues-as-new'; walked: Walked; input: unknown }
  | { kind: 'ends'; walked?: Walked; status: 'Completed' | 'Failed'; output: string | null; details?: string };

/** What a replay needs of the engine. */
export type Replayer = Pick<Engine, 'functions' | 'invoke' | 'refusal' | 'log'>;

/**
 * @param history all events, the new ones with IsPlayed false
 * @returns the verdict, and the custom status the orchestrator has set, if any
 */
export async function replay(
  engine: Replayer,
  instance: Instance,
  history: readonly HistoryEvent[],
): Promise<{ verdict: Verdict; customStatus: unknown }> {
  const answer = await ask(engine, instance, history);
  return { verdict: judge(engine, instance, history, answer), customStatus: answer.state.customStatus };
}

async function ask(engine: Replayer, instance: Instance, history: readonly HistoryEvent[]): Promise<Answer> {
  const fn = engine.functions.orchestrator.get(instance.name);
  const nothing: OrchestratorState = { isDone: false, actions: [[]], schemaVersion: 3 };
  if (!fn) return { state: nothing, failure: engine.refusal('orchestrator', instance.name)! };
  const trigger = {
    history,
    input: instance.input === null ? null : JSON.parse(instance.input),
    instanceId: instance.instanceId,
    isReplaying: history.some(event => event.IsPlayed),
    parentInstanceId: instance.parentInstanceId,
    upperSchemaVersion: 1,
    upperSchemaVersionNew: 3,
    longRunningTimerIntervalDuration: '3.00:00:00',
    maximumShortTimerDuration: '6.00:00:00',
    defaultHttpAsyncRequestSleepTimeMillseconds: httpPollMs,
  };
  const result = await engine.invoke(fn, { string: JSON.stringify(trigger) });
  return readAnswer(result, nothing);
}

function readAnswer(result: InvocationResult, nothing: OrchestratorState): Answer {
  if (result.ok) {
    const state = JSON.parse(result.returnValue?.json ?? 'null') as OrchestratorState | null;
    if (Array.isArray(state?.actions)) return { state };
    return { state: nothing, failure: 'It returned no orchestrator state. Register it with df.app.orchestration().' };
  }
  const { message } = result.error;
  const label = message.indexOf(outOfProcessLabel);
  if (label < 0) return { state: nothing, failure: message };
  const state = JSON.parse(message.slice(label + outOfProcessLabel.length)) as OrchestratorState;
  return { state, failure: state.error ?? message.slice(0, label) };
}

function judge(engine: Replayer, instance: Instance, history: readonly HistoryEvent[], answer: Answer): Verdict {
  const failed = (text: string, walked?: Walked): Verdict => ({
    kind: 'ends',
    status: 'Failed',
    output: JSON.stringify(`Orchestrator function '${instance.name}' failed: ${text}`),
    details: text,
    ...(walked ? { walked } : {}),
  });
  let walked: Walked;
  try {
    walked = walk({
      instanceId: instance.instanceId,
      executionId: instance.executionId,
      history,
      actions: answer.state.actions[0] ?? [],
      refuse: (kind, name) => (name === httpActivity ? undefined : engine.refusal(kind, name)),
    });
  } catch (error) {
    if (error instanceof NonDeterminism) {
      return failed(
        `Non-Deterministic workflow detected: ${error.message} Was "${instance.name}" changed while this instance ran? Let running instances end before deploying such a change, or give the new code a new name.`,
      );
    }
    if (error instanceof ActionRefused) return failed(error.message);
    throw error;
  }
  warnOfReusedTimer(engine, instance, history, walked, answer.state.actions[0] ?? []);
  const { isDone, output } = answer.state;
  if (!isDone && answer.failure === undefined) return { kind: 'goes-on', walked };
  if (!walked.reachedEnd || walked.openTasks > 0) {
    engine.log(
      'warning',
      `Orchestrator "${instance.name}" (${instance.instanceId}) has returned but stays Running until ${walked.openTasks} open tasks end, as on Azure. Cancel timers that lost a Task.any.`,
    );
    return { kind: 'goes-on', walked };
  }
  if (answer.failure !== undefined) return failed(answer.failure, walked);
  if (walked.continueAsNew) return { kind: 'continues-as-new', walked, input: walked.continueAsNew.input };
  return { kind: 'ends', walked, status: 'Completed', output: jsonText(output) };
}

/**
 * A task yielded inside two compounds is scheduled twice, by the extension as here, while the library counts it once:
 * from then on results reach the wrong tasks (azure-functions-durable-js issue 574). Only timers give it away.
 */
function warnOfReusedTimer(
  engine: Replayer,
  instance: Instance,
  history: readonly HistoryEvent[],
  { decisions }: Walked,
  actions: readonly Action[],
): void {
  const given = cancelledTimers(actions);
  const known = new Set(
    history.flatMap(event =>
      event.EventType === EventType.TimerCreated && !given.has(event.FireAt) ? [event.FireAt] : [],
    ),
  );
  const twin = decisions.find(made => made.kind === 'timer' && known.has(new Date(made.fireAt).toISOString()));
  if (!twin) return;
  engine.log(
    'warning',
    `Orchestrator "${instance.name}" (${instance.instanceId}) made a second timer for the same moment. If it is one timer in two Task.any calls, results will reach the wrong tasks, as on Azure: make a new task for every Task.any.`,
  );
}

/** Moments of timers that were cancelled: whoever cancels one and makes another has not used one twice. */
function cancelledTimers(actions: readonly Action[]): Set<string | undefined> {
  const all = actions.flatMap(action => [action, ...(action.compoundActions ?? [])]);
  return new Set(
    all.flatMap(({ isCanceled, fireAt }) => (isCanceled && fireAt ? [new Date(fireAt).toISOString()] : [])),
  );
}
