/**
 * What the durable management API tells of an orchestration. It shows a history as Azure does: a decision and its end
 * are one entry, and the brackets of episodes are left out.
 */
export interface DurableApi {
  status(instanceId: string): Promise<Status | undefined>;
  history(instanceId: string): Promise<ShownHistory>;
}

export interface Status {
  runtimeStatus: string;
  /** The life of the call, as the orchestration last folded it. */
  life: Life;
}

export interface Life {
  phase?: string;
  participants?: { sequence: number };
}

export interface ShownHistory {
  /** Activities and timers asked for: what a durable call is paid by. */
  actions: number;
  raised: number;
  /** Events kept: a decision and its end are two. */
  events: number;
  /** What it was told: each began an episode, or came together with another that did. */
  arrivals: number;
}

interface Shown {
  EventType: string;
  /** Of the decision that this is the end of. */
  ScheduledTime?: string;
}

export function durableApi(functionsUrl: string, key: string): DurableApi {
  const ask = async <T>(instanceId: string, query: string): Promise<T | undefined> => {
    const path = `/runtime/webhooks/durabletask/instances/${instanceId}?showInput=false&${query}code=${key}`;
    const answer = await fetch(functionsUrl + path);
    const text = await answer.text();
    if (answer.status === 404) return undefined;
    if (!answer.ok) throw new Error(`The durable management API answered ${answer.status}: ${text}`);
    return JSON.parse(text) as T;
  };
  return {
    status: async instanceId => {
      const found = await ask<{ runtimeStatus: string; customStatus: unknown }>(instanceId, '');
      return found && { runtimeStatus: found.runtimeStatus, life: lifeOf(found.customStatus) };
    },
    history: async instanceId => {
      const found = await ask<{ historyEvents: Shown[] }>(instanceId, 'showHistory=true&');
      const shown = found?.historyEvents ?? [];
      const ended = shown.filter(({ ScheduledTime }) => ScheduledTime !== undefined).length;
      const raised = shown.filter(({ EventType }) => EventType === 'EventRaised').length;
      const started = shown.filter(({ EventType }) => EventType === 'ExecutionStarted').length;
      return {
        actions: shown.filter(({ EventType }) => /^(Task|Timer|SubOrchestration)/.test(EventType)).length,
        events: shown.length + ended,
        arrivals: started + raised + ended,
        raised,
      };
    },
  };
}

const lifeOf = (status: unknown): Life => (typeof status === 'object' && status !== null ? (status as Life) : {});
