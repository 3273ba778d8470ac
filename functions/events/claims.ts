import { createHash, randomUUID } from 'node:crypto';
import { z } from 'zod';
import { CallError } from '../../contracts/error.ts';
import type { Documents } from '../store.ts';

/**
 * Which custom handlers have had an event, for all processes: the document `handled:<event id>` in the call's partition,
 * kept for a day. A handler is claimed before it runs and struck off when it has run, so it runs in one process at a
 * time and never again once it has succeeded. A claim whose process died lapses; then the event's next delivery runs the
 * handler again. Events without custom handlers have no such document.
 */
export interface Claim {
  /** The handlers that may run now; the others have run, or are running elsewhere. */
  names: readonly string[];
  /** Says which of them have succeeded; the others may be claimed again. */
  settle(succeeded: readonly string[]): Promise<void>;
}

/** What a handler may take; a claim lasts a little longer than all of its handlers may. */
export const handlerMs = 60_000;
const spareMs = 30_000;
const daySeconds = 86_400;
const attempts = 8;

/** By handler: who claimed it, and the epoch milliseconds at which the claim lapses; 0 when the handler has succeeded. */
const stored = z.object({ handlers: z.record(z.string(), z.object({ by: z.string(), until: z.number() })) });
type Handlers = z.infer<typeof stored>['handlers'];

export async function claim(
  documents: Pick<Documents, 'read' | 'write'>,
  callId: string,
  eventId: string,
  wanted: readonly string[],
  now: number,
): Promise<Claim> {
  const id = `handled:${/^[\w-]{1,200}$/.test(eventId) ? eventId : createHash('sha256').update(eventId).digest('hex')}`;
  // A write that came through although its answer was lost is met again as somebody else's, but for this name.
  const by = randomUUID();
  const isFree = ({ by: owner, until }: Handlers[string]): boolean => until !== 0 && (until <= now || owner === by);
  const marked = (names: readonly string[], until: number): Handlers =>
    Object.fromEntries(names.map(name => [name, { by, until }]));

  let names: string[] = [];
  await change('claim', handlers => {
    names = wanted.filter(name => handlers[name] === undefined || isFree(handlers[name]));
    return names.length === 0 ? undefined : { ...handlers, ...marked(names, now + names.length * handlerMs + spareMs) };
  });
  return {
    names,
    settle: succeeded =>
      change('settle', handlers => {
        const others = Object.entries(handlers).filter(([name]) => !names.includes(name));
        return { ...Object.fromEntries(others), ...marked(succeeded, 0) };
      }),
  };

  async function change(operation: string, next: (handlers: Handlers) => Handlers | undefined): Promise<void> {
    // Most events are claimed once, so the first look is spared: making the document fails when it is there.
    let blind = operation === 'claim';
    for (let attempt = 1; attempt <= attempts; attempt += 1) {
      const known = blind ? undefined : await documents.read(callId, id);
      blind = false;
      const handlers = next(known ? stored.parse(known.fields).handlers : {});
      if (!handlers) return;
      const document = { id, pk: callId, type: 'handled', ttl: daySeconds, handlers };
      if ((await documents.write(document, known?.etag)) !== undefined) return;
    }
    throw new CallError('STORE_UNAVAILABLE', { operation, status: 412 });
  }
}
