import {
  type EffectAsk,
  effectReply,
  effectsPath,
  type Heartbeat,
  handoffPath,
  heartbeatPath,
} from '../../contracts/control.ts';
import { CallError } from '../../contracts/error.ts';
import type { HandoffAsk } from '../../contracts/handoff.ts';
import { controlKeyHeader, conversationOverPath } from '../../contracts/media.ts';
import type { Clock } from '../clock.ts';
import type { Metrics } from '../observe/metrics.ts';
import { pause } from '../pause.ts';

/** What this host asks of the control plane, which alone may end a call, reach a person or change the world. */
export interface ControlPlaneClient {
  /**
   * The conversation is over and the caller is to be hung up. Asked again until it is done; never throws.
   * @param unheard told when nobody listened to the last try: the caller is still on a silent line.
   * @param reason of the agent's, for the record; what is no plain word, and may be somebody's, is left out
   */
  conversationOver(callId: string, unheard: () => void, reason?: string): void;
  /**
   * A person is to be found for the caller. Asked again until it is heard; never throws.
   * @param refused told once when it will not be done: `status` is the control plane's answer, 0 where none came.
   */
  askForPerson(callId: string, ask: HandoffAsk, refused: (status: number) => void): void;
  /** Nobody needs to be found any more. Asked again until it is heard; never throws. */
  cancelPerson(callId: string): void;
  /** Says once what this host carries. @throws Error when it was not heard */
  heartbeat(beat: Heartbeat): Promise<void>;
  /**
   * Has an effect carried out. However often it is asked for with one key, it happens once, and its result is the same.
   * @throws CallError EFFECT_ABANDONED when nobody can tell how it ended, TOOL_… when it will not be done
   */
  effect(callId: string, ask: EffectAsk, signal: AbortSignal): Promise<unknown>;
}

/** Pauses before each try, ms. */
const pausesMs = [0, 500, 2000, 5000] as const;
const patienceMs = 2000;
const plainReason = /^[a-z]+(-[a-z]+){0,5}$/;
/** A control plane that has not finished an effect says when to ask again; this is how often where it does not. */
const effectAgainMs = 500;

export function controlPlaneClient(
  { BASE_URL, CONTROL_KEY }: { BASE_URL: string; CONTROL_KEY: string },
  clock: Clock,
  metrics: Metrics,
): ControlPlaneClient {
  const base = BASE_URL.replace(/\/+$/, '');

  const send = async (method: string, path: string, body?: string, signal?: AbortSignal): Promise<Response> => {
    const patience = new AbortController();
    const forgetPatience = clock.after(patienceMs, () => patience.abort());
    const both = signal ? AbortSignal.any([patience.signal, signal]) : patience.signal;
    try {
      const reply = await fetch(base + path, {
        method,
        headers: { 'content-type': 'application/json', [controlKeyHeader]: CONTROL_KEY },
        ...(body !== undefined && { body }),
        signal: both,
      });
      const text = await reply.text();
      // Read whole here, so that patience covers the body too.
      return new Response(text === '' || reply.status === 204 ? null : text, reply);
    } finally {
      forgetPatience();
    }
  };

  /** Asks until somebody answers in a way that `settled` takes, or all tries are spent. */
  const untilHeard = (
    ask: () => Promise<Response>,
    settled: (status: number) => boolean,
    done: (status: number) => void,
  ): void => {
    const attempt = (n: number, last: number): void => {
      const pause = pausesMs[n];
      if (pause === undefined) {
        done(last);
        return;
      }
      clock.after(pause, () => {
        // Whatever kept the question from being answered, asking again is all that can be done.
        ask().then(
          ({ status }) => (settled(status) ? done(status) : attempt(n + 1, status)),
          () => attempt(n + 1, 0),
        );
      });
    };
    attempt(0, 0);
  };

  const succeeded = (status: number) => status >= 200 && status < 300;
  /** 404 and 409: the call has ended without us. */
  const overAnyway = (status: number) => succeeded(status) || status === 404 || status === 409;
  /** Refused, and not for the moment only. */
  const final = (status: number) => status < 500 && status !== 0 && status !== 408 && status !== 429;

  return {
    conversationOver: (callId, unheard, wanted = '') => {
      const reason = plainReason.test(wanted) ? wanted : 'conversation-over';
      untilHeard(
        () => send('POST', conversationOverPath(callId), JSON.stringify({ by: 'agent', reason })),
        overAnyway,
        status => {
          if (overAnyway(status)) return;
          metrics.count('hang-ups-unheard');
          unheard();
        },
      );
    },
    askForPerson: (callId, ask, refused) => {
      const body = JSON.stringify(ask);
      untilHeard(
        () => send('POST', handoffPath(callId), body),
        final,
        status => {
          if (succeeded(status)) return;
          metrics.count('handoffs-refused');
          refused(status);
        },
      );
    },
    cancelPerson: callId =>
      untilHeard(
        () => send('DELETE', handoffPath(callId)),
        final,
        status => {
          if (!overAnyway(status)) metrics.count('cancellations-unheard');
        },
      ),
    heartbeat: async beat => {
      const { ok, status } = await send('POST', heartbeatPath, JSON.stringify(beat));
      if (!ok) throw new Error(`the control plane answered a heartbeat with ${status}`);
    },
    effect: async (callId, ask, signal) => {
      let request: () => Promise<Response> = () => send('POST', effectsPath(callId), JSON.stringify(ask), signal);
      let status = 0;
      for (let tries = 0; tries < pausesMs.length; ) {
        await pause(clock, pausesMs[tries] ?? 0, signal);
        const reply = await request().catch((error: unknown) => {
          if (signal.aborted) throw error;
          return undefined;
        });
        status = reply?.status ?? 0;
        if (reply && status === 202) {
          const location = reply.headers.get('location');
          if (location) request = () => send('GET', pathOf(location, base), undefined, signal);
          await pause(clock, retryAfterMs(reply) ?? effectAgainMs, signal);
        } else if (reply && succeeded(status)) return await resultOf(reply, ask.tool);
        else if (final(status)) throw refusalOf(ask.tool, status);
        else tries++;
      }
      throw new CallError('EFFECT_ABANDONED', { tool: ask.tool, status });
    },
  };
}

function refusalOf(tool: string, status: number): CallError {
  if (status === 403) return new CallError('TOOL_NOT_ALLOWED', { tool, needs: 'facts' });
  return new CallError('TOOL_FAILED', { tool, reason: status });
}

/** Only ever on the control plane itself, whatever host the answer names. */
const pathOf = (location: string, base: string): string => {
  const { pathname, search } = new URL(location, base);
  return pathname + search;
};

async function resultOf(reply: Response, tool: string): Promise<unknown> {
  const told = effectReply.safeParse(await reply.json().catch(() => undefined));
  if (told.data?.status === 'done') return told.data.result;
  throw new CallError('EFFECT_ABANDONED', { tool, status: reply.status });
}

function retryAfterMs(reply: Response): number | undefined {
  const seconds = Number(reply.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? Math.min(5000, seconds * 1000) : undefined;
}
