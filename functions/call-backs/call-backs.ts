import { z } from 'zod';
import { CallError } from '../../contracts/error.ts';
import type { Documents } from '../store.ts';

/**
 * The calls back that were promised, for people to see: one document each, kept for a week after its time. Neither the
 * number nor the caller's words are in it; both are in the input of its orchestration alone.
 */
export const callBack = z.object({
  id: z.string(),
  /** Of the call in which it was promised. */
  callId: z.string(),
  at: z.iso.datetime(),
  scenario: z.string().optional(),
  state: z
    .enum(['waiting', 'ringing', 'reached', 'given-up', 'failed', 'cancelled'])
    .describe('given-up: nobody answered; failed: it could not be placed'),
  tries: z.array(z.object({ at: z.iso.datetime(), callId: z.string().optional(), reached: z.boolean().optional() })),
});
export type CallBack = z.infer<typeof callBack>;
export type CallBackNews = Pick<CallBack, 'id' | 'state' | 'tries'>;

export const isEnded = ({ state }: CallBack): boolean => state !== 'waiting' && state !== 'ringing';

export interface CallBacks {
  /** Known already, it stays as it is. */
  promise(promised: Pick<CallBack, 'id' | 'callId' | 'at' | 'scenario'>, now: number): Promise<void>;
  /** Nothing follows its end. */
  note(news: CallBackNews): Promise<void>;
  find(id: string): Promise<CallBack | undefined>;
  /** The next first. @returns at most 200 */
  list(): Promise<CallBack[]>;
}

const partition = 'call-backs';
const keptMs = 7 * 86_400_000;
const mostListed = 200;
const tries = 5;

export function callBacksIn(documents: Documents): CallBacks {
  return {
    async promise(promised, now) {
      const ttl = Math.ceil((Date.parse(promised.at) - now + keptMs) / 1_000);
      await documents.write({ ...promised, pk: partition, type: 'call-back', ttl, state: 'waiting', tries: [] });
    },

    async note({ id, state, tries: tried }) {
      for (let attempt = 1; attempt <= tries; attempt += 1) {
        const stored = await documents.read(partition, id);
        if (!stored || isEnded(callBack.parse(stored.fields))) return;
        const { ttl } = z.object({ ttl: z.number() }).parse(stored.fields);
        const kept = { ...callBack.parse(stored.fields), pk: partition, type: 'call-back', ttl };
        if ((await documents.write({ ...kept, state, tries: tried }, stored.etag)) !== undefined) return;
      }
      throw new CallError('STORE_UNAVAILABLE', { operation: 'note-call-back', status: 412 });
    },

    async find(id) {
      const stored = await documents.read(partition, id);
      return stored && callBack.parse(stored.fields);
    },

    async list() {
      const found = await documents.query(`SELECT TOP ${mostListed} * FROM c WHERE c.type='call-back'`, {}, partition);
      return z
        .array(callBack)
        .parse(found)
        .sort((a, b) => (a.at < b.at ? -1 : 1));
    },
  };
}
