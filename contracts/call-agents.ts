import type { CallEvent } from './call-event.ts';
import type { HandoffRecord } from './handoff.ts';

/** Who had the caller, as the record of a call tells it: one agent after the other, and every handoff. */

/** One handoff, in the order of the call. Between agents nobody has to be asked. */
export interface CallHandoff extends Pick<HandoffRecord, 'at' | 'reason' | 'asked' | 'outcome'> {
  seq: number;
  kind: 'agent' | 'human';
  from: string;
  /** An agent, or `person`. */
  to: string;
  ok: boolean;
  /** To persons. */
  mode?: HandoffRecord['mode'];
  /** Between agents: whether the caller was told. */
  announced?: boolean;
}

type AgentChanged = Extract<CallEvent, { type: 'agent-changed' }>;

/** Handoffs, and not what only changed the language. */
const changesOf = (events: readonly CallEvent[]): AgentChanged[] =>
  events.filter((event): event is AgentChanged => event.type === 'agent-changed' && event.kind !== 'language');

const isoOf = (at: number): string => new Date(at).toISOString();

/** By agent, the version of its page that spoke last. */
export const agentVersionsOf = (events: readonly CallEvent[]): Record<string, string> =>
  Object.fromEntries(
    events.flatMap(event => {
      if (event.type === 'media-opened') return [[event.agent, event.agentVersion]];
      return event.type === 'agent-changed' ? [[event.to, event.version]] : [];
    }),
  );

/** Who had the caller, one after the other; words of who has left may be noted after the next one came. */
export function agentsOf(events: readonly CallEvent[]): string[] {
  if (changesOf(events).length === 0)
    return events.flatMap(event => (event.type === 'agent-spoke' ? [event.agent] : []));
  return events.flatMap(event => {
    if (event.type === 'media-opened') return [event.agent];
    return event.type === 'agent-changed' && event.kind !== 'language' ? [event.to] : [];
  });
}

export function handoffsOf(
  entryAgent: string,
  events: readonly CallEvent[],
  persons: readonly HandoffRecord[],
): CallHandoff[] {
  const changes = changesOf(events);
  const between = changes.map(({ at, from, to, reason, kind }) => ({
    ...{ kind: 'agent' as const, from, to, reason, at: isoOf(at), ok: true, announced: kind === 'announced' },
    ...{ asked: [], outcome: 'accepted' as const },
  }));
  const withPersons = persons.map(record => ({
    ...record,
    kind: 'human' as const,
    from: changes.findLast(({ at }) => isoOf(at) <= record.at)?.to ?? entryAgent,
    to: 'person',
    ok: record.outcome === 'accepted',
  }));
  const inOrder = [...between, ...withPersons].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return inOrder.map((handoff, seq) => ({ seq, ...handoff }));
}
