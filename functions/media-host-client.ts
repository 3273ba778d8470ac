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
}

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

  return {
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
