import type { AcsEvent } from '../acs/acs-event.ts';
import type { CallMessage } from '../call-message.ts';
import { failure } from '../log.ts';
import { claim } from './claims.ts';
import { runCustoms } from './custom-run.ts';
import type { EventDesk } from './event-desk.ts';
import type { Delivery } from './process-events.ts';

/**
 * One event meets its handlers: the house's own first, and they decide whether it must be delivered again; then those an
 * operator has added, whose failures are told and not repeated.
 */
export interface Handling {
  outcome: 'processed' | 'ignored' | 'retry';
  /** Custom handlers on their way; never rejects. */
  customs?: Promise<'processed' | 'failed'>;
}

export async function handleEvent(
  event: AcsEvent,
  callId: string,
  desk: EventDesk,
  delivery: Delivery,
): Promise<Handling> {
  const { handled, handlers, control, documents, counters } = desk;
  const { log, now } = delivery;
  const key = `${callId}:${event.id}`;
  const about = { callId, type: event.name };

  const outcome = await byTheHouse();
  const customs = handlers.customs(event);
  // A call nobody knows here has no agent to remember anything for.
  if (customs.length === 0 || outcome === 'ignored') return { outcome };
  const begun = handled.running<'processed' | 'failed'>(key, 'customs');
  if (begun) return { outcome, customs: begun };
  const names = customs.map(({ name }) => name);
  try {
    const ask = () => claim(documents, callId, event.id, names, now);
    const mine = await handled.once(key, 'claim', ask, () => false);
    const run = () => runCustoms(desk, customs, mine, event, callId, log);
    const all = mine.names.length === names.length;
    return { outcome, customs: handled.once(key, 'customs', run, ended => all && ended === 'processed') };
  } catch (error) {
    log.error('event.handlers-not-claimed', { ...about, ...failure(error) });
    return { outcome: 'retry' };
  }

  async function byTheHouse(): Promise<Handling['outcome']> {
    let worst: Handling['outcome'] = 'processed';
    const tell = (message: CallMessage) => delivery.tell(callId, message);
    for (const { name, handle } of handlers.defaults(event)) {
      try {
        const run = () => handle({ event, callId, tell, control, counters });
        const result = await handled.once(key, name, run, ended => ended === 'done');
        if (result === 'gone' && worst === 'processed') worst = 'ignored';
      } catch (error) {
        log.error('event.to-be-retried', { ...about, subject: name, ...failure(error) });
        worst = 'retry';
      }
    }
    return worst;
  }
}
