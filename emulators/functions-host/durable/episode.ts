import { jsonText } from './action.ts';
import { decide } from './decisions.ts';
import { continueAsNew, end, terminate } from './endings.ts';
import type { Engine } from './engine.ts';
import { historyEvent } from './history.ts';
import { takeMessages } from './message-intake.ts';
import { replay } from './replay.ts';
import { type Instance, isTerminal } from './store.ts';

/*
 * One episode: take an instance's due messages, replay the orchestrator over its history plus them, and commit all that
 * follows in one transaction. A crash before the commit leaves the messages where they were, so the episode runs again.
 */

export async function runEpisode(engine: Engine, instanceId: string): Promise<void> {
  const { store } = engine;
  const rows = store.due(instanceId, engine.now());
  if (rows.length === 0) return;
  const instance = store.instance(instanceId);
  if (!instance || isTerminal(instance.status)) {
    engine.commit(() => store.dropMessages(rows.map(row => row.id)));
    return;
  }
  const history = store.history(instanceId);
  const taken = takeMessages(instance, rows, history);
  // A clock that was set back must not make history run backwards.
  const at = Math.max(engine.now(), Date.parse(history.at(-1)?.Timestamp ?? '1970-01-01'));
  const fresh = [historyEvent('OrchestratorStarted', at), ...taken.events];

  if (taken.terminated !== undefined) {
    engine.commit((outbox, now) => {
      store.dropMessages(taken.consumed);
      terminate(
        engine,
        outbox,
        instance,
        { reason: taken.terminated ?? null, events: fresh, from: history.length },
        now,
      );
    });
    return;
  }
  if (!taken.runs) {
    engine.commit(() => {
      store.dropMessages(taken.consumed);
      if (taken.events.length === 0) return;
      store.appendHistory(instanceId, history.length, [...fresh, historyEvent('OrchestratorCompleted', at)]);
      store.putInstance({ ...instance, status: taken.suspended ? 'Suspended' : 'Running', updatedAt: at });
    });
    if (!taken.suspended) engine.wake(instanceId);
    return;
  }

  const whole = [...history, ...fresh];
  const { verdict, customStatus } = await replay(engine, instance, whole);
  engine.commit((outbox, now) => {
    if (store.instance(instanceId)?.executionId !== instance.executionId) return;
    store.dropMessages(taken.consumed);
    const next: Instance = {
      ...instance,
      status: taken.suspended ? 'Suspended' : 'Running',
      customStatus: customStatus === undefined ? instance.customStatus : jsonText(customStatus),
      updatedAt: now,
    };
    const decided = verdict.walked?.decisions.map(decision => decide(engine, outbox, next, decision, now)) ?? [];
    const events = [...fresh, ...decided];
    if (verdict.kind === 'continues-as-new') continueAsNew(engine, outbox, next, verdict, now);
    else if (verdict.kind === 'ends') end(engine, outbox, next, { ...verdict, events, from: history.length }, now);
    else {
      store.appendHistory(instanceId, history.length, [...events, historyEvent('OrchestratorCompleted', now)]);
      store.putInstance(next);
    }
    if (taken.more && verdict.kind !== 'ends') outbox.addressees.add(instanceId);
  });
}
