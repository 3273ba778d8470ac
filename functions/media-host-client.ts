import { type AdmissionRequest, admissionPath, admissionReply, controlKeyHeader } from '../contracts/media.ts';
import type { ControlSettings } from './settings.ts';

/** Asks the media host for a place before a call is answered: a caller is better told "busy" than left in silence. */
export interface MediaHost {
  admit(request: AdmissionRequest): Promise<Admission>;
  /** @throws when the media host does not answer, or answers that it takes no calls. */
  ready(): Promise<void>;
}

export type Admission =
  | { admitted: true; mediaUrl: string }
  | { admitted: false; reason: 'busy' | 'media-host-unreachable' };

const timeoutMs = 2_000;

export function mediaHost({ MEDIA_HOST_URL, CONTROL_KEY }: ControlSettings): MediaHost {
  const base = MEDIA_HOST_URL.replace(/^ws/, 'http').replace(/\/+$/, '');

  const ask = (request: AdmissionRequest): Promise<Response> =>
    fetch(`${base}${admissionPath}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', [controlKeyHeader]: CONTROL_KEY },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(timeoutMs),
    });

  return {
    async admit(request) {
      const body = await answered(() => ask(request));
      const reply = admissionReply.safeParse(body);
      if (!reply.success) return { admitted: false, reason: 'media-host-unreachable' };
      return reply.data.admitted
        ? { admitted: true, mediaUrl: reply.data.mediaUrl }
        : { admitted: false, reason: 'busy' };
    },

    async ready() {
      const reply = await fetch(`${base}/api/v1/health`, { signal: AbortSignal.timeout(timeoutMs) });
      await reply.arrayBuffer();
      if (!reply.ok) throw new Error(`The media host answered ${reply.status}.`);
    },
  };
}

/** A refused connection is tried once more, since the host may have closed one we kept; a timeout is not: the caller waits. */
async function answered(ask: () => Promise<Response>): Promise<unknown> {
  for (const last of [false, true]) {
    try {
      const reply = await ask();
      return await reply.json();
    } catch (error) {
      if (last || !(error instanceof TypeError)) return undefined;
    }
  }
  return undefined;
}
