import { setTimeout as wait } from 'node:timers/promises';
import {
  type CallerMemory,
  callerMemory,
  callerMemoryId,
  callerPartition,
  knowsNothing,
  merged,
  noMemory,
} from '../../contracts/caller-memory.ts';
import { CallError } from '../../contracts/error.ts';
import type { Documents } from '../store.ts';

/**
 * The documents in which callers are remembered, one for each. Calls of one caller may end at the same moment: each
 * merges what it has into what it finds, and begins again where another was faster.
 */
export interface CallerMemories {
  /** Undefined where nothing is remembered. */
  of(callerHash: string): Promise<CallerMemory | undefined>;
  /** Writes nothing where all of it is known. */
  add(callerHash: string, left: CallerMemory): Promise<void>;
  /** Forgets what is as old or older, also what somebody has yet to write. @param at epoch milliseconds */
  forget(callerHash: string, at: number): Promise<void>;
}

/** Each lost race means that somebody else's write came through. */
const tries = 12;
const longestPauseMs = 40;
const hourSeconds = 3600;
/** A wish to forget outlives the longest call, and whoever has yet to write of it. */
const leastHours = 48;

/** @param hours a memory lasts from its last change on */
export function callerMemories(documents: Pick<Documents, 'read' | 'write'>, hours: number): CallerMemories {
  const stored = async (callerHash: string) => {
    const document = await documents.read(callerPartition(callerHash), callerMemoryId);
    if (!document) return undefined;
    // What cannot be read keeps nobody from being forgotten.
    const memory = callerMemory.safeParse(document.fields).data;
    return { memory, ver: Number(document.fields['ver'] ?? 0), etag: document.etag };
  };

  const add = async (callerHash: string, left: CallerMemory): Promise<void> => {
    for (let attempt = 1; attempt <= tries; attempt += 1) {
      const before = await stored(callerHash);
      const known = merged(noMemory, before?.memory ?? noMemory);
      const memory = merged(known, left);
      if (JSON.stringify(memory) === JSON.stringify(known)) return;
      const ttl = (memory.forgottenAt === undefined ? hours : Math.max(hours, leastHours)) * hourSeconds;
      const place = { id: callerMemoryId, pk: callerPartition(callerHash), type: 'caller', ttl };
      const document = { ...place, ver: (before?.ver ?? 0) + 1, ...memory };
      if ((await documents.write(document, before?.etag)) !== undefined) return;
      await wait(Math.random() * longestPauseMs * attempt);
    }
    throw new CallError('STORE_UNAVAILABLE', { operation: 'remember-caller', status: 412 });
  };

  return {
    add,
    of: async callerHash => {
      const memory = (await stored(callerHash))?.memory;
      return memory === undefined || knowsNothing(memory) ? undefined : memory;
    },
    forget: (callerHash, at) => add(callerHash, { ...noMemory, forgottenAt: at }),
  };
}
