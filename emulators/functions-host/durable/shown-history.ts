import { EventType, eventName, type HistoryEvent } from './history.ts';

/*
 * The history as the status endpoint shows it: one entry per finished thing, with the name and time of the decision
 * that asked for it, and event types as words.
 */

const brackets = new Set<number>([EventType.OrchestratorStarted, EventType.OrchestratorCompleted]);
const decisions = new Set<number>([
  EventType.TaskScheduled,
  EventType.TimerCreated,
  EventType.SubOrchestrationInstanceCreated,
]);

export function shownHistory(history: readonly HistoryEvent[], withOutput: boolean): Record<string, unknown>[] {
  const asked = new Map(history.filter(event => decisions.has(event.EventType)).map(event => [event.EventId, event]));
  const answered = new Set<number>();
  const shown: Record<string, unknown>[] = [];
  for (const event of history) {
    if (brackets.has(event.EventType) || decisions.has(event.EventType)) continue;
    const decision = asked.get(event.TaskScheduledId ?? event.TimerId ?? -1);
    if (decision) answered.add(decision.EventId);
    shown.push(show(event, decision, withOutput));
  }
  // What has no answer yet is shown as the decision itself.
  for (const [id, event] of asked) {
    if (!answered.has(id))
      shown.push({ EventType: eventName(event), Timestamp: event.Timestamp, Name: event.Name, FireAt: event.FireAt });
  }
  return shown;
}

function show(event: HistoryEvent, decision: HistoryEvent | undefined, withOutput: boolean): Record<string, unknown> {
  const entry: Record<string, unknown> = { EventType: eventName(event), Timestamp: event.Timestamp };
  if (event.EventType === EventType.ExecutionStarted) entry['FunctionName'] = event.Name;
  if (event.EventType === EventType.EventRaised) entry['Name'] = event.Name;
  if (event.EventType === EventType.TimerFired) entry['FireAt'] = event.FireAt;
  if (event.EventType === EventType.ExecutionCompleted) entry['OrchestrationStatus'] = event['OrchestrationStatus'];
  if (decision) {
    entry['ScheduledTime'] = decision.Timestamp;
    if (decision.Name) entry['FunctionName'] = decision.Name;
  }
  if (event['Reason'] !== undefined) entry['Reason'] = event['Reason'];
  if (withOutput) {
    if (event.Result !== undefined) entry['Result'] = event.Result === null ? null : JSON.parse(event.Result);
    if (event.Input !== undefined) entry['Input'] = event.Input;
  }
  return entry;
}
