import { randomUUID } from 'node:crypto';
import type { ControlPlane } from './control-plane.ts';
import type { Tapped } from './http-tap.ts';
import type { Post } from './posting.ts';

/** Callbacks of live calls as the ACS stand-in posted them, kept so that more of the same can be made. */
export interface Callbacks {
  /** To be given to the tap. */
  see(tapped: Tapped): void;
  /** The callback of this name that came to the call, once it has come. */
  of(callId: string, name: string): Promise<Callback>;
  /** The next callback of this name to the call, answered. */
  next(callId: string, name: string): Promise<Callback>;
}

export interface Callback {
  path: string;
  event: CloudEvent;
}

interface CloudEvent {
  id: string;
  type: string;
  data: { callConnectionId: string; sequenceNumber?: number };
}

const patienceMs = 10_000;

export function callbacksSeen(): Callbacks {
  const seen = new Map<string, Callback>();
  const waiting = new Map<string, (callback: Callback) => void>();
  const keyOf = (callId: string, name: string) => `${callId} ${name}`;
  const next = (callId: string, name: string): Promise<Callback> =>
    new Promise((resolve, reject) => {
      const late = () => reject(new Error(`ACS posted no ${name} within ${patienceMs} ms.`));
      const timer = setTimeout(late, patienceMs);
      waiting.set(keyOf(callId, name), callback => {
        clearTimeout(timer);
        resolve(callback);
      });
    });
  return {
    see: ({ path, body }) => {
      const callId = /\/calls\/([0-9a-f]{32})\/callbacks\//.exec(path)?.[1];
      if (callId === undefined) return;
      for (const event of JSON.parse(body) as CloudEvent[]) {
        const key = keyOf(callId, event.type.slice(event.type.lastIndexOf('.') + 1));
        const callback = { path, event };
        seen.set(key, callback);
        waiting.get(key)?.(callback);
        waiting.delete(key);
      }
    },
    next,
    of: async (callId, name) => seen.get(keyOf(callId, name)) ?? next(callId, name),
  };
}

/** `count` more of the callback, each with an id and a token of its own, as ACS sends them; sequences go on from `from`. */
export function another(
  plane: ControlPlane,
  { path, event }: Callback,
  { count, from = 0 }: { count: number; from?: number },
): Promise<Post[]> {
  const { sequenceNumber } = event.data;
  return Promise.all(
    Array.from({ length: count }, async (_, i) => {
      const data = { ...event.data, ...(sequenceNumber !== undefined && { sequenceNumber: from + i + 1 }) };
      const body = JSON.stringify([{ ...event, id: randomUUID(), data }]);
      return { url: plane.url + path, authorization: `Bearer ${await plane.mint()}`, body };
    }),
  );
}
