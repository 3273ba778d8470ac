import { z } from 'zod';
import { CallError } from '../contracts/error.ts';
import {
  type AdmissionReply,
  type AdmissionRequest,
  admissionPath,
  admissionReply,
  controlKeyHeader,
} from '../contracts/media.ts';
import { roomOf } from './hosts/host.ts';
import type { HostTable } from './hosts/host-table.ts';
import type { Circuit } from './resilience/circuit.ts';
import { answering } from './resilience/patience.ts';
import { persist } from './resilience/persist.ts';
import type { ControlSettings } from './settings.ts';

/** Asks the media host for a place before a call is answered: a caller is better told "busy" than left in silence. */
export interface MediaHost {
  admit(request: AdmissionRequest): Promise<Admission>;
  /** @throws when the media host does not answer, or answers that it takes no calls. */
  ready(): Promise<void>;
  /** Whether the host of this id answers; behind the one address others may answer in its place. */
  answers(hostId: string): Promise<boolean>;
}

/** Whatever its status: who says "not ready" lives. */
const health = z.object({ hostId: z.string() });

export type Admission =
  | { admitted: true; mediaUrl: string; hostId: string }
  | { admitted: false; reason: 'busy' | 'media-host-unreachable'; error?: unknown };

export interface MediaHostOptions {
  settings: Pick<ControlSettings, 'MEDIA_HOST_URL' | 'CONTROL_KEY'>;
  hosts: Pick<HostTable, 'list'>;
  circuit: Circuit;
}

const requestMs = 2_000;
/** All attempts together; the caller listens to the ringing tone. */
const patienceMs = 3_000;
/** Behind one address there may be many hosts; a full one is not the last word while others say they have room. */
const mostHosts = 3;
/** A host that lives answers its health within this, ms; one that does not is asked once more. */
const signOfLifeMs = 1_000;
const mostUnanswered = 2;
/** Of all answers together: those of other hosts say nothing of this one. */
const mostAsked = 6;

export function mediaHost({ settings, hosts, circuit }: MediaHostOptions): MediaHost {
  const { MEDIA_HOST_URL, CONTROL_KEY } = settings;
  const base = MEDIA_HOST_URL.replace(/^ws/, 'http').replace(/\/+$/, '');

  const post = async (request: AdmissionRequest, patience: AbortSignal): Promise<AdmissionReply> => {
    const reply = await fetch(`${base}${admissionPath}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [controlKeyHeader]: CONTROL_KEY },
      body: JSON.stringify(request),
      signal: AbortSignal.any([patience, AbortSignal.timeout(requestMs)]),
    });
    if (!reply.ok) {
      await reply.arrayBuffer();
      throw new CallError('MEDIA_HOST_UNAVAILABLE', { operation: 'admission', status: reply.status });
    }
    return admissionReply.parse(await reply.json());
  };

  /** Asking twice for one call takes one place, so a question whose answer was lost is asked again. */
  const ask = (request: AdmissionRequest, patience: AbortSignal) =>
    circuit.run(() => persist(() => post(request, patience), answering, patience));

  /** Whether a host that has not said "full" yet believes it has room. */
  const othersHaveRoom = async (full: ReadonlySet<string>): Promise<boolean> => {
    const now = Date.now();
    return (await hosts.list(now)).some(host => !full.has(host.hostId) && roomOf(host, now) > 0);
  };

  /** Who is at the address now; undefined: nobody answered in time. */
  const whoAnswers = async (): Promise<string | undefined> => {
    try {
      const reply = await fetch(`${base}/api/v1/health/live`, { signal: AbortSignal.timeout(signOfLifeMs) });
      return health.safeParse(await reply.json()).data?.hostId;
    } catch {
      // Whatever it was: no host has answered.
      return undefined;
    }
  };

  const askFor = async (hostId: string): Promise<boolean> => {
    let unanswered = 0;
    for (let asked = 0; asked < mostAsked && unanswered < mostUnanswered; asked += 1) {
      const who = await whoAnswers();
      if (who === hostId) return true;
      if (who === undefined) unanswered += 1;
    }
    return false;
  };
  /** All calls of one host ask at once. */
  const asking = new Map<string, Promise<boolean>>();

  return {
    answers(hostId) {
      const under = asking.get(hostId) ?? askFor(hostId).finally(() => asking.delete(hostId));
      asking.set(hostId, under);
      return under;
    },

    async admit(request) {
      const patience = AbortSignal.timeout(patienceMs);
      const full = new Set<string>();
      try {
        for (let asked = 0; asked < mostHosts; asked += 1) {
          const { admitted, mediaUrl, hostId } = await ask(request, patience);
          if (admitted) return { admitted, mediaUrl, hostId };
          full.add(hostId);
          if (!(await othersHaveRoom(full))) break;
        }
        return { admitted: false, reason: 'busy' };
      } catch (error) {
        return { admitted: false, reason: full.size > 0 ? 'busy' : 'media-host-unreachable', error };
      }
    },

    async ready() {
      const reply = await fetch(`${base}/api/v1/health`, { signal: AbortSignal.timeout(requestMs) });
      await reply.arrayBuffer();
      if (!reply.ok) throw new CallError('MEDIA_HOST_UNAVAILABLE', { operation: 'health', status: reply.status });
    },
  };
}
