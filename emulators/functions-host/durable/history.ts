/*
 * The event vocabulary of an orchestration's history, as the extension hands it to durable-functions: PascalCase
 * members, numeric EventType, JSON values as text.
 */

export const EventType = {
  ExecutionStarted: 0,
  ExecutionCompleted: 1,
  ExecutionTerminated: 3,
  TaskScheduled: 4,
  TaskCompleted: 5,
  TaskFailed: 6,
  SubOrchestrationInstanceCreated: 7,
  SubOrchestrationInstanceCompleted: 8,
  SubOrchestrationInstanceFailed: 9,
  TimerCreated: 10,
  TimerFired: 11,
  OrchestratorStarted: 12,
  OrchestratorCompleted: 13,
  EventSent: 14,
  EventRaised: 15,
  ExecutionSuspended: 19,
  ExecutionResumed: 20,
} as const;

export interface HistoryEvent {
  EventType: number;
  /** Decision id; -1 for events that are no decision. */
  EventId: number;
  /** True once an earlier episode has shown the event to the orchestrator. */
  IsPlayed: boolean;
  /** ISO 8601, UTC. */
  Timestamp: string;
  Name?: string | null;
  Input?: string | null;
  Result?: string | null;
  TaskScheduledId?: number;
  TimerId?: number;
  FireAt?: string;
  InstanceId?: string;
  [member: string]: unknown;
}

/** An event as it enters a history; `at` is in milliseconds since 1970. */
export function historyEvent(
  type: keyof typeof EventType,
  at: number,
  members: Partial<HistoryEvent> = {},
): HistoryEvent {
  return {
    EventType: EventType[type],
    EventId: -1,
    IsPlayed: false,
    Timestamp: new Date(at).toISOString(),
    ...members,
  };
}

const names = new Map<number, string>(Object.entries(EventType).map(([name, number]) => [number, name]));

export function eventName(event: HistoryEvent): string {
  return names.get(event.EventType) ?? `event ${event.EventType}`;
}

/** The decision that `event` answers, or undefined when it answers none. */
export function answeredDecision(event: HistoryEvent): number | undefined {
  switch (event.EventType) {
    case EventType.TaskCompleted:
    case EventType.TaskFailed:
    case EventType.SubOrchestrationInstanceCompleted:
    case EventType.SubOrchestrationInstanceFailed:
      return event.TaskScheduledId;
    case EventType.TimerFired:
      return event.TimerId;
    default:
      return undefined;
  }
}
