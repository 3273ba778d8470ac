import type { Clock } from '../clock.ts';

/**
 * Which of several addresses of a service to use: the first that is well. One that fails twice in a row rests; it is
 * tried behind the scenes until it answers, so that no caller pays for finding out, and is used again from then on.
 */
export interface Routes {
  /** @param avoid one that failed just now: another is chosen where there is one. */
  choose(avoid?: number): number;
  worked(route: number): void;
  failed(route: number): void;
  close(): void;
}

export interface RoutesOptions {
  count: number;
  /** Tries whether the address answers. */
  probe: (route: number) => Promise<void>;
  clock: Clock;
  random: () => number;
  /** Rest before the first probe; it doubles with each that fails. */
  restMs?: number;
  mostRestMs?: number;
}

const failuresToRest = 2;

interface Route {
  /** In a row. */
  failures: number;
  resting: boolean;
}

export function createRoutes({
  count,
  probe,
  clock,
  random,
  restMs = 5000,
  mostRestMs = 60_000,
}: RoutesOptions): Routes {
  const routes: Route[] = Array.from({ length: count }, () => ({ failures: 0, resting: false }));
  const forgets = new Map<number, () => void>();
  let closed = false;

  const rest = (at: number, ms: number) => {
    const jittered = Math.round(ms * (0.7 + 0.6 * random()));
    const later = () => {
      probe(at).then(
        () => {
          const route = routes[at];
          // One failure after this sends it to rest again: that it connects is not that it serves.
          if (route) Object.assign(route, { failures: failuresToRest - 1, resting: false });
        },
        () => {
          if (!closed) rest(at, Math.min(mostRestMs, ms * 2));
        },
      );
    };
    forgets.set(at, clock.after(jittered, later));
  };

  return {
    choose: avoid => {
      const well = routes.findIndex(({ resting }, at) => !resting && at !== avoid);
      // All rest: another than the one that failed just now, or the only one.
      return well !== -1
        ? well
        : Math.max(
            0,
            routes.findIndex((_, at) => at !== avoid),
          );
    },
    worked: at => {
      const route = routes[at];
      if (route) route.failures = 0;
    },
    failed: at => {
      const route = routes[at];
      // With one address there is nothing to choose.
      if (!route || route.resting || count === 1) return;
      route.failures++;
      if (route.failures < failuresToRest) return;
      route.resting = true;
      rest(at, restMs);
    },
    close: () => {
      closed = true;
      for (const forget of forgets.values()) forget();
    },
  };
}
