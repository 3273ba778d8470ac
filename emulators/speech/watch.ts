/** Closes sockets that have been idle, or open, for longer than the faults allow. */
import type { Faults } from './faults.ts';
import type { Sessions } from './sessions.ts';

const EVERY_MS = 20;

export function startWatch(sessions: Sessions, faults: Faults): { stop(): void } {
  const timer = setInterval(() => {
    const now = performance.now();
    for (const service of ['stt', 'tts'] as const) {
      if (!faults.peek(service, 'idleClose') && !faults.peek(service, 'maxAge')) continue;
      for (const { line, served } of sessions.open(service)) {
        const idleMs = served.busy() ? 0 : now - served.lastBusy();
        for (const [name, ms] of [
          ['idleClose', idleMs],
          ['maxAge', now - line.openedAt],
        ] as const) {
          const fault = faults.peek(service, name);
          if (!fault || ms < fault.afterMs) continue;
          faults.take(service, name);
          line.close(fault.code, fault.reason);
          break;
        }
      }
    }
  }, EVERY_MS);
  timer.unref();
  return { stop: () => clearInterval(timer) };
}
