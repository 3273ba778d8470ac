import { controlKeyHeader, conversationOverPath } from '../contracts/media.ts';
import type { Clock } from './clock.ts';
import type { Metrics } from './observe/metrics.ts';

/** What this host asks of the control plane, which alone may end a call. */
export interface ControlPlaneClient {
  /** The conversation is over and the caller is to be hung up. Asked again until it is done; never throws. */
  conversationOver(callId: string): void;
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
    try {
      const reply = await fetch(base + conversationOverPath(callId), {
        method: 'POST',
        headers: { 'content-type': 'application/json', [controlKeyHeader]: CONTROL_KEY },
        body: '{"by":"agent","reason":"conversation-over"}',
        signal: AbortSignal.timeout(patienceMs),
      });
      await reply.arrayBuffer();
      // 404 and 409: the call has ended without us.
      return reply.ok || reply.status === 404 || reply.status === 409;
    } catch (error) {
      if (error instanceof TypeError || (error instanceof DOMException && error.name === 'TimeoutError')) return false;
      throw error;
    }
  };

  const attempt = (callId: string, n: number): void => {
    const pause = pausesMs[n];
    if (pause === undefined) {
      metrics.count('hang-ups-unheard');
      return;
    }
    clock.after(pause, () => {
      ask(callId).then(
        done => {
          if (!done) attempt(callId, n + 1);
        },
        () => attempt(callId, n + 1),
      );
    });
  };

  return { conversationOver: callId => attempt(callId, 0) };
}
