import type { ControlChannel } from '../control-channel.ts';
import type { Counters } from '../counters.ts';
import type { Documents } from '../store.ts';
import { type EventHandlers, eventHandlers } from './event-handlers.ts';
import { Handled } from './handled.ts';

/** What events are handled with: made once per process, and so are the lists of handlers. */
export interface EventDesk {
  handlers: EventHandlers;
  handled: Handled;
  /** Of the calls' partitions: what handlers remember, and which have run. */
  documents: Pick<Documents, 'read' | 'write'>;
  control: ControlChannel;
  counters: Counters;
  /** How long a delivery waits for custom handlers; they go on afterwards. */
  patienceMs: number;
}

/** @param handlers those of functions/events/custom.ts and the house's own, unless given */
export function eventDesk({
  handlers = eventHandlers(),
  patienceMs = 100,
  ...reach
}: Pick<EventDesk, 'documents' | 'control' | 'counters'> & Partial<EventDesk>): EventDesk {
  return { handled: new Handled(), ...reach, handlers, patienceMs };
}
