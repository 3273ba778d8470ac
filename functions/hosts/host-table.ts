import type { Heartbeat } from '../../contracts/control.ts';
import { CallError } from '../../contracts/error.ts';
import type { Documents } from '../store.ts';
import { type Host, heard, host } from './host.ts';

/**
 * The hosts that all processes of the control plane know of, kept where all can read them: a beat comes to any process,
 * and each must be able to notice that none comes.
 */
export interface HostTable {
  /** `older`: a later beat of this host was there already. */
  hear(beat: Heartbeat, now: number): Promise<'taken' | 'older'>;
  /** As they were at most a second ago. */
  list(now: number): Promise<readonly Host[]>;
  /** Notes who tells the host's calls. @returns false when it beats again, or somebody else has begun */
  notice(silent: Host, now: number): Promise<boolean>;
  /** All its calls know. */
  settle(silent: Host): Promise<void>;
}

/** Seconds after which a host that is heard of no more is forgotten. */
const ttl = 60;
const pk = 'hosts';
const idOf = (hostId: string): string => `host:${hostId}`;
const staleAfterMs = 1_000;
const races = 8;

export function hostTable(documents: Documents): HostTable {
  let last: { at: number; hosts: Promise<readonly Host[]> } | undefined;

  const save = async (changed: Host, etag?: string): Promise<boolean> => {
    last = undefined;
    const document = { ...changed, id: idOf(changed.hostId), pk, type: 'host', ttl };
    return (await documents.write(document, etag)) !== undefined;
  };

  /** Changes the host as it stands; `change` gives undefined where there is nothing to change. */
  const update = async (hostId: string, change: (known?: Host) => Host | undefined): Promise<boolean> => {
    for (let race = 0; race < races; race += 1) {
      const stored = await documents.read(pk, idOf(hostId));
      const changed = change(stored && host.parse(stored.fields));
      if (!changed) return false;
      if (await save(changed, stored?.etag)) return true;
    }
    throw new CallError('STORE_UNAVAILABLE', { operation: 'update-host', status: 412 });
  };

  const read = async (): Promise<readonly Host[]> => {
    const found = await documents.query("SELECT * FROM c WHERE c.type = 'host'", {}, pk);
    return found.map(each => host.parse(each)).sort((a, b) => a.hostId.localeCompare(b.hostId));
  };

  return {
    hear: async (beat, now) => ((await update(beat.hostId, known => heard(known, beat, now))) ? 'taken' : 'older'),

    list: async now => {
      if (!last || now - last.at > staleAfterMs) {
        const reading = { at: now, hosts: read() };
        last = reading;
        reading.hosts.catch(() => {
          if (last === reading) last = undefined;
        });
      }
      return last.hosts;
    },

    notice: (silent, now) =>
      update(silent.hostId, known =>
        known && known.beat === silent.beat && known.noticedAt === silent.noticedAt && !known.told
          ? { ...known, noticedAt: now }
          : undefined,
      ),

    settle: async silent => {
      await update(silent.hostId, known =>
        known && known.beat === silent.beat && !known.told ? { ...known, told: true } : undefined,
      );
    },
  };
}
