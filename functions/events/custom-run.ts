import { CallError } from '../../contracts/error.ts';
import type { AcsEvent } from '../acs/acs-event.ts';
import { failure, type Log } from '../log.ts';
import { callMemory } from './call-memory.ts';
import { type Claim, handlerMs } from './claims.ts';
import type { EventDesk } from './event-desk.ts';
import type { CustomHandler, Named } from './event-handlers.ts';

/**
 * Runs the claimed handlers one after the other and says which have succeeded. What a handler has noted is kept, and told
 * to the media host, when it has ended well: one that fails half way leaves no half of a memory.
 */
export async function runCustoms(
  { documents, control, counters }: EventDesk,
  handlers: readonly Named<CustomHandler>[],
  { names, settle }: Claim,
  event: AcsEvent,
  callId: string,
  log: Log,
): Promise<'processed' | 'failed'> {
  const succeeded: string[] = [];
  const about = { callId, type: event.name };
  for (const { name, handle } of handlers.filter(handler => names.includes(handler.name))) {
    try {
      const memory = callMemory(documents, callId);
      await inTime(async () => handle({ event, callId, memory }));
      const facts = await memory.keep();
      succeeded.push(name);
      if (facts) await remember(name, facts);
    } catch (error) {
      counters.callbacks.failed += 1;
      log.error('event.handler-failed', { ...about, subject: name, ...failure(error) });
    }
  }
  if (names.length > 0) await settled();
  return succeeded.length === names.length ? 'processed' : 'failed';

  /** The facts are kept whether or not the media host hears of them now. */
  async function remember(name: string, facts: Record<string, string>): Promise<void> {
    try {
      await control.tell(callId, { do: 'remember', id: `${event.id}.${name}`, at: event.at, facts });
    } catch (error) {
      log.warn('event.facts-untold', { ...about, subject: name, ...failure(error) });
    }
  }

  /** Where this fails the claim lapses, and handlers that have run may run again at the event's next delivery. */
  async function settled(): Promise<void> {
    try {
      await settle(succeeded);
    } catch (error) {
      log.error('event.claim-unsettled', { ...about, ...failure(error) });
    }
  }
}

async function inTime(work: () => Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new CallError('HANDLER_TIMED_OUT', { timeoutMs: handlerMs })), handlerMs);
  });
  try {
    await Promise.race([work(), tooLate]);
  } finally {
    clearTimeout(timer);
  }
}
