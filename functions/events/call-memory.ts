import { factsId, storedFacts } from '../../contracts/call-facts.ts';
import { CallError } from '../../contracts/error.ts';
import type { Documents } from '../store.ts';
import type { Memory } from './event-handlers.ts';

/**
 * The facts of a call that handlers note for its agent: the document `memory` in the call's partition, kept for a day.
 * Handlers of different events, in different processes, each add theirs; of one name the last written stays.
 */
export interface CallMemory extends Memory {
  /** Writes what has been set since the last time. @returns just that, or undefined when there was nothing */
  keep(): Promise<Record<string, string> | undefined>;
}

const daySeconds = 86_400;
const factName = /^[A-Za-z][\w.-]{0,63}$/;
const longestValue = 1_000;
const mostFacts = 64;
/** Each lost race means that somebody else's write came through. */
const attempts = 8;

export function callMemory(documents: Pick<Documents, 'read' | 'write'>, callId: string): CallMemory {
  const fresh = new Map<string, string>();

  async function known(): Promise<{ facts: Record<string, string>; etag?: string }> {
    const document = await documents.read(callId, factsId);
    return document ? { facts: storedFacts.parse(document.fields).facts, etag: document.etag } : { facts: {} };
  }

  return {
    async get(name) {
      return fresh.get(name) ?? (await known()).facts[name];
    },

    set(name, value) {
      if (!factName.test(name)) throw new CallError('FACT_REFUSED', { reason: 'its name is not usable' });
      if (typeof value !== 'string' || value.length > longestValue)
        throw new CallError('FACT_REFUSED', {
          reason: `its value is not a text of at most ${longestValue} characters`,
        });
      fresh.set(name, value);
    },

    async keep() {
      if (fresh.size === 0) return undefined;
      const added = Object.fromEntries(fresh);
      for (let attempt = 1; attempt <= attempts; attempt += 1) {
        const { facts, etag } = await known();
        const all = { ...facts, ...added };
        if (Object.keys(all).length > mostFacts)
          throw new CallError('FACT_REFUSED', { reason: `a call has at most ${mostFacts}` });
        const document = { id: factsId, pk: callId, type: 'memory', ttl: daySeconds, facts: all };
        if ((await documents.write(document, etag)) === undefined) continue;
        fresh.clear();
        return added;
      }
      throw new CallError('STORE_UNAVAILABLE', { operation: 'remember', status: 412 });
    },
  };
}
