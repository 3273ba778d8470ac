import { z } from 'zod';
import type { Heartbeat } from '../../contracts/control.ts';

/** A media host as its heartbeats tell it. Pure: who is fresh, silent or full is a question of what was told and when. */

/** Three beats of 2 s missed. */
export const silentAfterMs = 6_000;
/** Whoever noticed a silence and died over it gives way to the next one. */
export const noticeLeaseMs = 5_000;

export const host = z.object({
  hostId: z.string(),
  beat: z.number().int(),
  places: z.number().int(),
  calls: z.array(z.string()),
  draining: z.boolean(),
  loopP99Ms: z.number(),
  /** Epoch milliseconds at which the beat came. */
  heardAt: z.number().int(),
  /** Somebody has begun to tell the host's calls of its silence, and when. */
  noticedAt: z.number().int().optional(),
  /** All of its calls have been told. */
  told: z.boolean().default(false),
});
export type Host = z.infer<typeof host>;

export type HostState = 'fresh' | 'draining' | 'silent';

/** A beat that is no later than the last one changes nothing; a later one forgets that the host was silent. */
export function heard(known: Host | undefined, beat: Heartbeat, now: number): Host | undefined {
  if (known && known.beat >= beat.beat) return undefined;
  return { ...beat, heardAt: now, told: false };
}

export function stateOf({ heardAt, draining }: Host, now: number): HostState {
  if (now - heardAt > silentAfterMs) return 'silent';
  return draining ? 'draining' : 'fresh';
}

/** Free places that a new call may hope for; the host alone gives them. */
export function roomOf(one: Host, now: number): number {
  return stateOf(one, now) === 'fresh' ? Math.max(0, one.places - one.calls.length) : 0;
}

/** Silent hosts whose calls nobody is telling at this moment. */
export function toBeNoticed(hosts: readonly Host[], now: number): Host[] {
  return hosts.filter(
    one =>
      stateOf(one, now) === 'silent' &&
      !one.told &&
      (one.noticedAt === undefined || now - one.noticedAt > noticeLeaseMs),
  );
}

/** Nothing says that the call has a host: its own does not beat, and no other one carries it. */
export function isMissed(hostId: string, callId: string, hosts: readonly Host[], now: number): boolean {
  return !hosts.some(one => stateOf(one, now) !== 'silent' && (one.hostId === hostId || one.calls.includes(callId)));
}

/** The calls that were lost with a host: those that no other host has taken over. */
export function lostCalls(lost: Host, hosts: readonly Host[], now: number): string[] {
  const carried = new Set(hosts.filter(one => stateOf(one, now) !== 'silent').flatMap(one => one.calls));
  return lost.calls.filter(callId => !carried.has(callId));
}
