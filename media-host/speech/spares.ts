import { CallError } from '../../contracts/error.ts';
import type { Clock } from '../clock.ts';

/**
 * Warm spares: objects whose connection is already open, so that a call waits for no handshake, and never more of them
 * than the service allows. A spare that its service closed, or that waited too long, is thrown away and made anew.
 */
export interface Spares<T> {
  /**
   * The one this owner had before, or a warm one, or a fresh one. The next spare is made behind the scenes.
   * @throws CallError SPEECH_POOL_EXHAUSTED when all are in use and none comes back in time.
   */
  take(owner?: number): Promise<T>;
  /** Gives back one that is as good as new. */
  give(taken: T, owner?: number): void;
  /** Throws away one that was taken. */
  retire(taken: T): void;
  /** Makes a spare, whatever the count. @throws what kept it from connecting. */
  probe(): Promise<void>;
  readonly gauge: SparesGauge;
  close(): void;
}

export interface SparesGauge {
  inUse: number;
  spare: number;
  made: number;
  retired: number;
  /** Taken: by the owner who had it before, warm, made for the asking. Refused: none came free. */
  kept: number;
  warm: number;
  cold: number;
  refused: number;
}

/** A pool as it stands, for people who watch. */
export interface PoolGauge extends SparesGauge {
  what: 'recogniser' | 'synthesiser';
  /** 0 is the first address, 1 the fallback. */
  route: number;
  language?: string;
  /** Of recognisers: ms of callers' sound that was given up because none of it was read for too long. */
  droppedMs?: number;
}

export interface SparesOptions<T> {
  /** What they are, in an error's words. */
  what: string;
  make: () => Promise<T>;
  /** Opens the connection; a spare that cannot is discarded. */
  warm: (spare: T) => Promise<void>;
  alive: (spare: T) => boolean;
  discard: (spare: T) => void;
  /** How many should wait. Asked again and again. */
  count: () => number;
  /**
   * How many given back wait for their owners.
   * @default 8
   */
  keep?: number;
  /**
   * How many may be in use.
   * @default 200
   */
  most?: number;
  /**
   * How long `take` waits for one to come back.
   * @default 2000
   */
  waitMs?: number;
  /** @default 30000 */
  maxIdleMs?: number;
  clock: Clock;
}

const siftEveryMs = 5000;

interface Idle<T> {
  spare: T;
  since: number;
  owner: number | undefined;
}

export function createSpares<T>({
  what,
  make,
  warm,
  alive,
  discard,
  count,
  keep = 8,
  most = 200,
  waitMs = 2000,
  maxIdleMs = 30_000,
  clock,
}: SparesOptions<T>): Spares<T> {
  let idle: Idle<T>[] = [];
  let making = 0;
  let closed = false;
  let forgetSift: (() => void) | undefined;
  const waiting: (() => void)[] = [];
  const gauge: SparesGauge = { inUse: 0, spare: 0, made: 0, retired: 0, kept: 0, warm: 0, cold: 0, refused: 0 };

  const create = async (): Promise<T> => {
    const thing = await make();
    gauge.made++;
    return thing;
  };
  const drop = (spare: T) => {
    gauge.retired++;
    discard(spare);
  };
  const rest = (spare: T, owner?: number) => {
    if (closed || !alive(spare)) drop(spare);
    else idle.push({ spare, since: clock.now(), owner });
  };

  const sift = () => {
    const fresh: Idle<T>[] = [];
    for (const entry of idle) {
      if (alive(entry.spare) && clock.now() - entry.since < maxIdleMs) fresh.push(entry);
      else drop(entry.spare);
    }
    idle = fresh;
  };

  const probe = async () => {
    making++;
    let spare: T | undefined;
    try {
      spare = await create();
      await warm(spare);
      rest(spare);
    } catch (error) {
      if (spare !== undefined) drop(spare);
      throw error;
    } finally {
      making--;
    }
  };

  const refill = () => {
    // A service that is away must not be asked in a loop: the next `take` or the next sifting tries again.
    while (!closed && idle.length + making < count()) probe().catch(() => undefined);
  };

  /** Spares expire while nobody asks, so that whoever asks finds a fresh one. */
  const tend = () => {
    sift();
    refill();
    forgetSift = clock.after(siftEveryMs, tend);
  };

  const place = (): Promise<void> | undefined => {
    if (gauge.inUse < most) {
      gauge.inUse++;
      return undefined;
    }
    return new Promise((resolve, reject) => {
      const come = () => {
        forget();
        resolve();
      };
      const forget = clock.after(waitMs, () => {
        waiting.splice(waiting.indexOf(come), 1);
        gauge.refused++;
        reject(new CallError('SPEECH_POOL_EXHAUSTED', { what, most, waitMs }));
      });
      waiting.push(come);
    });
  };

  /** The place goes to whoever waited longest, before anybody else can take it. */
  const leave = () => {
    const come = waiting.shift();
    if (come) come();
    else gauge.inUse--;
  };

  const pick = (owner: number | undefined): Idle<T> | undefined => {
    const own = owner === undefined ? -1 : idle.findIndex(entry => entry.owner === owner);
    // Another's is taken last, so that it is still there when that one speaks again.
    const free = own === -1 ? idle.findIndex(entry => entry.owner === undefined) : own;
    const entry = idle.splice(Math.max(0, free), 1)[0];
    if (entry) gauge[own === -1 ? 'warm' : 'kept']++;
    return entry;
  };

  tend();
  return {
    take: async owner => {
      const free = place();
      if (free) await free;
      sift();
      const entry = pick(owner);
      setImmediate(refill);
      if (entry) return entry.spare;
      gauge.cold++;
      try {
        return await create();
      } catch (error) {
        leave();
        throw error;
      }
    },
    give: (taken, owner) => {
      if (idle.length >= Math.max(keep, count())) drop(taken);
      else rest(taken, owner);
      leave();
    },
    retire: taken => {
      drop(taken);
      leave();
    },
    probe,
    get gauge() {
      return { ...gauge, spare: idle.length };
    },
    close: () => {
      closed = true;
      forgetSift?.();
      for (const { spare } of idle) drop(spare);
      idle = [];
    },
  };
}
