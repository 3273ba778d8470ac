/**
 * Warm spares: objects whose connection is already open, so that a call waits for no handshake. A spare that its
 * service closed, or that waited too long, is thrown away and made anew.
 */
export interface Spares<T> {
  /** A warm one, or a fresh one when none is left. The next spare is made behind the scenes. */
  take(): Promise<T>;
  /** Gives back one that is as good as new. */
  give(spare: T): void;
  /** How many wait. */
  readonly waiting: number;
  close(): void;
}

export interface SparesOptions<T> {
  make: () => Promise<T>;
  /** Opens the connection; a spare that cannot is discarded. */
  warm: (spare: T) => Promise<void>;
  alive: (spare: T) => boolean;
  discard: (spare: T) => void;
  count: number;
  /** @default 30000 */
  maxIdleMs?: number;
  now?: () => number;
}

export function createSpares<T>({
  make,
  warm,
  alive,
  discard,
  count,
  maxIdleMs = 30_000,
  now = Date.now,
}: SparesOptions<T>): Spares<T> {
  let idle: { spare: T; since: number }[] = [];
  let making = 0;
  let closed = false;

  const drop = (entry: { spare: T }) => discard(entry.spare);

  const sift = () => {
    const fresh = idle.filter(entry => alive(entry.spare) && now() - entry.since < maxIdleMs);
    for (const entry of idle) if (!fresh.includes(entry)) drop(entry);
    idle = fresh;
  };

  const refill = () => {
    while (!closed && idle.length + making < count) {
      making++;
      make().then(
        async spare => {
          try {
            await warm(spare);
            making--;
            if (closed || !alive(spare)) discard(spare);
            else idle.push({ spare, since: now() });
          } catch {
            // A service that is away must not be asked in a loop: the next `take` tries again.
            making--;
            discard(spare);
          }
        },
        () => void making--,
      );
    }
  };

  refill();
  return {
    take: async () => {
      sift();
      const entry = idle.shift();
      setImmediate(refill);
      return entry ? entry.spare : make();
    },
    give: spare => {
      if (closed || !alive(spare) || idle.length >= count * 4) discard(spare);
      else idle.push({ spare, since: now() });
    },
    get waiting() {
      return idle.length;
    },
    close: () => {
      closed = true;
      idle.forEach(drop);
      idle = [];
    },
  };
}
