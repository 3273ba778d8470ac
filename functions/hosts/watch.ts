import type { DurableClient } from 'durable-functions';
import { type CallMessage, tell } from '../call-message.ts';
import type { ControlPlane } from '../control-plane.ts';
import { failure, type Log } from '../log.ts';
import { type Host, lostCalls, toBeNoticed } from './host.ts';
import type { HostTable } from './host-table.ts';

/**
 * Notices media hosts that have fallen silent and tells each of their calls. A call is told under an id that names host
 * and last beat, so that however many processes notice, it counts once.
 */
export type TellCall = (callId: string, message: CallMessage) => Promise<unknown>;

const atOnce = 20;

/** Looks now. Whoever looked had something else to do, so a look that fails is logged and not more. */
export async function watchHosts(
  { hosts, counters }: Pick<ControlPlane, 'hosts' | 'counters'>,
  client: DurableClient,
  log: Log,
): Promise<void> {
  try {
    const told = await noticeSilence(hosts, (callId, message) => tell(client, callId, message), Date.now(), log);
    counters.hosts.callsLost += told;
  } catch (error) {
    log.error('hosts.not-watched', failure(error));
  }
}

/** @returns how many calls were told */
export async function noticeSilence(hosts: HostTable, tell: TellCall, now: number, log: Log): Promise<number> {
  const all = await hosts.list(now);
  let told = 0;
  for (const silent of toBeNoticed(all, now)) {
    if (await hosts.notice(silent, now))
      told += await tellCalls(hosts, silent, lostCalls(silent, all, now), tell, now, log);
  }
  return told;
}

async function tellCalls(
  hosts: HostTable,
  { hostId, beat, ...silent }: Host,
  calls: readonly string[],
  tell: TellCall,
  now: number,
  log: Log,
): Promise<number> {
  const message: CallMessage = { id: `host-lost:${hostId}:${beat}`, from: 'us', type: 'host-lost', hostId, at: now };
  let told = 0;
  for (let from = 0; from < calls.length; from += atOnce) {
    const results = await Promise.allSettled(calls.slice(from, from + atOnce).map(callId => tell(callId, message)));
    told += results.filter(({ status }) => status === 'fulfilled').length;
    for (const result of results)
      if (result.status === 'rejected') log.warn('host.call-not-told', failure(result.reason));
  }
  log.warn('host.lost', { subject: hostId, count: told, ms: now - silent.heardAt });
  // Not settled, the silence is noticed again: a call told twice counts once.
  if (told === calls.length) await hosts.settle({ hostId, beat, ...silent });
  return told;
}
