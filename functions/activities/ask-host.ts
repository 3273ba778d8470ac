import { z } from 'zod';
import { isMissed } from '../hosts/host.ts';
import type { HostTable } from '../hosts/host-table.ts';
import type { Log } from '../log.ts';
import type { MediaHost } from '../media-host-client.ts';

export const askHostInput = z.object({ hostId: z.string(), callId: z.string() });
export type AskHostInput = z.infer<typeof askHostInput>;

export interface HostAnswer {
  /** It neither beats nor answers, and no other host has the call. */
  silent: boolean;
}

export interface AskedHosts {
  hosts: Pick<HostTable, 'list'>;
  mediaHost: Pick<MediaHost, 'answers'>;
}

/** Whether a host whose beats are missed is gone for its call: a beat may have come since, and beats may be lost on the way. */
export async function askHost(
  { hosts, mediaHost }: AskedHosts,
  { hostId, callId }: AskHostInput,
  now: () => number,
  log: Log,
): Promise<HostAnswer> {
  const known = await hosts.list(now());
  const silent = isMissed(hostId, callId, known, now()) && !(await mediaHost.answers(hostId));
  log.info('host.asked', { callId, subject: hostId, status: silent ? 'silent' : 'lives' });
  return { silent };
}
