import { controlKeyHeader, conversationOverPath } from '../contracts/media.ts';
import type { Clock } from './clock.ts';
import type { Metrics } from './observe/metrics.ts';

/** What this host asks of the control plane, which alone may end a call. */
export interface ControlPlaneClient {
  /**
   * The conversation is over and the caller is to be hung up. Asked again until it is done; never throws.
   * @param unheard told when nobody listened to the last try: the caller is still on a silent line.
   */
  conversationOver(callId: string, unheard: () => void): void;
}

const pausesMs = [0, 500, 2000, 5000] as const;
const patienceMs = 2000;

export function controlPlaneClient(
  { BASE_URL, CONTROL_KEY }: { BASE_URL: string; CONTROL_KEY: string },
  clock: Clock,
  metrics: Metrics,
): ControlPlaneClient {
  const base = BASE_URL.replace(/\/+$/, '');

  const ask = async (callId: string): Promise<boolean> => {
    const patience = new AbortController();
    const forgetPatience = clock.after(patienceMs, () => patience.abort());
    try {
      const reply = await fetch(base + conversationOverPath(callId), {
        method: 'POST',
        headers: { 'content-type': 'application/json', [controlKeyHeader]: CONTROL_KEY },
        body: '{"by":"agent","reason":"conversation-over"}',
        signal: patience.signal,
      });
      await reply.arrayBuffer();
      // 404 and 409: the call has ended without us.
      return reply.ok || reply.status === 404 || reply.status === 409;
    } finally {
      forgetPatience();
    }
  };

  const attempt = (callId: string, unheard: () => void, n: number): void => {
    const pause = pausesMs[n];
    if (pause === undefined) {
      metrics.count('hang-ups-unheard');
      unheard();
      return;
    }
    const again = () => attempt(callId, unheard, n + 1);
    clock.after(pause, () => {
      // Whatever kept the question from being answered, asking again is all that can be done.
      ask(callId).then(done => (done ? undefined : again()), again);
    });
  };

  return { conversationOver: (callId, unheard) => attempt(callId, unheard, 0) };
}
