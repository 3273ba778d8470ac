import { answeredDecision, EventType, type HistoryEvent, historyEvent } from './history.ts';
import type { InstanceMessage } from './outbox.ts';
import type { InboxRow, Instance } from './store.ts';

/*
 * Decides which waiting messages enter an episode. Messages of another execution and second answers to one decision are
 * dropped; while an instance is suspended its messages wait in the inbox, in order.
 */

export interface Taken {
  /** Inbox ids that the episode's commit deletes. */
  consumed: number[];
  events: HistoryEvent[];
  suspended: boolean;
  /** True when the orchestrator has something to see. */
  runs: boolean;
  /** True when due messages were left for the next episode. */
  more: boolean;
  /** Reason of a terminate request; the instance ends with it. */
  terminated?: string | null;
}

export function takeMessages(instance: Instance, rows: readonly InboxRow[], history: readonly HistoryEvent[]): Taken {
  const answered = new Set(history.map(answeredDecision).filter(id => id !== undefined));
  let begun = history.some(event => event.EventType === EventType.ExecutionStarted);
  const taken: Taken = {
    consumed: [],
    events: [],
    suspended: instance.status === 'Suspended',
    runs: false,
    more: false,
  };
  for (const row of rows) {
    if (row.executionId !== null && row.executionId !== instance.executionId) {
      taken.consumed.push(row.id);
      continue;
    }
    const message = JSON.parse(row.message) as InstanceMessage;
    if (message.kind === 'event') {
      if (taken.suspended) continue;
      taken.consumed.push(row.id);
      const { event } = message;
      if (event.EventType === EventType.ExecutionStarted) {
        if (!begun) taken.events.unshift(event);
        begun = true;
      } else {
        const decision = answeredDecision(event);
        if (decision !== undefined && answered.has(decision)) continue;
        if (decision !== undefined) answered.add(decision);
        taken.events.push(event);
      }
      taken.runs = true;
      continue;
    }
    taken.consumed.push(row.id);
    if (message.kind === 'terminate') return { ...taken, terminated: message.reason };
    const suspends = message.kind === 'suspend';
    if (suspends === taken.suspended) continue;
    taken.suspended = suspends;
    const reason = { Reason: message.reason };
    taken.events.push(historyEvent(suspends ? 'ExecutionSuspended' : 'ExecutionResumed', row.dueAt, reason));
    if (!suspends) {
      // What waited while suspended is older than what follows: the next episode takes all of it in order.
      taken.more = true;
      break;
    }
  }
  return taken;
}
