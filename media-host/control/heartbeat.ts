import type { Heartbeat } from '../../contracts/control.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../observe/metrics.ts';

/**
 * Says every two seconds what this host carries, so that a host that died is noticed by its silence. One beat is under
 * way at a time: a control plane that is slow gets the next one when it has answered, and the call never waits for any.
 */
export interface HeartbeatSender {
  /** Something changed that the control plane should know now. */
  now(): void;
  /** Says a last time what is carried, then no more. */
  close(): Promise<void>;
}

export interface HeartbeatOptions {
  clock: Clock;
  metrics: Metrics;
  /** What there is to say at this moment. */
  read(): Omit<Heartbeat, 'beat'>;
  send(beat: Heartbeat): Promise<void>;
  /** @default 2000 */
  everyMs?: number;
}

export function startHeartbeat({ clock, metrics, read, send, everyMs = 2000 }: HeartbeatOptions): HeartbeatSender {
  let beat = 0;
  let forget: (() => void) | undefined;
  let sending: Promise<void> | undefined;
  let urgent = false;
  let closed = false;

  const say = (): Promise<void> => {
    urgent = false;
    sending ??= send({ ...read(), beat: beat++ })
      .catch(() => metrics.count('heartbeats-unheard'))
      .then(() => {
        sending = undefined;
        if (urgent && !closed) void say();
      });
    return sending;
  };
  const tick = () => {
    forget = clock.after(everyMs, tick);
    void say();
  };
  tick();

  return {
    now: () => {
      if (closed) return;
      if (sending) urgent = true;
      else void say();
    },
    close: async () => {
      closed = true;
      forget?.();
      await sending;
      await say();
    },
  };
}
