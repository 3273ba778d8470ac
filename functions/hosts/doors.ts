import { z } from 'zod';
import { heartbeat } from '../../contracts/control.ts';
import { readBody } from '../calls/request-body.ts';
import type { Door } from '../doors.ts';
import { failure } from '../log.ts';
import { problem } from '../problem.ts';
import { type Host, roomOf, stateOf } from './host.ts';
import { watchHosts } from './watch.ts';

/** Where media hosts say what they carry, and where people read it. */

/** 5000 calls and the rest of a beat. */
const longestBeatBytes = 256 * 1024;

export const takeHeartbeat: Door = async (plane, request, client, log) => {
  const read = await readBody(request, heartbeat, longestBeatBytes);
  if ('refusal' in read) return read.refusal;
  try {
    const status = await plane.hosts.hear(read.body, Date.now());
    plane.counters.hosts.beats += 1;
    await watchHosts(plane, client, log);
    return { status: 200, jsonBody: { status } };
  } catch (error) {
    log.error('hosts.failed', { operation: 'heartbeat', ...failure(error) });
    return problem(503, 'The heartbeat could not be kept just now.');
  }
};

export const listHosts: Door = async (plane, _request, _client, log) => {
  try {
    const now = Date.now();
    return { status: 200, jsonBody: { hosts: (await plane.hosts.list(now)).map(host => shown(host, now)) } };
  } catch (error) {
    log.error('hosts.failed', { operation: 'list', ...failure(error) });
    return problem(503, 'The hosts could not be looked up just now.');
  }
};

/** As people see a host: how many calls, not which. */
export const shownHost = z.object({
  hostId: z.string(),
  state: z.enum(['fresh', 'draining', 'silent']),
  places: z.number().int(),
  calls: z.number().int(),
  room: z.number().int(),
  loopP99Ms: z.number(),
  heardAt: z.iso.datetime(),
});

function shown(host: Host, now: number): z.infer<typeof shownHost> {
  const { hostId, places, calls, loopP99Ms, heardAt } = host;
  return {
    hostId,
    state: stateOf(host, now),
    places,
    calls: calls.length,
    room: roomOf(host, now),
    loopP99Ms,
    heardAt: new Date(heardAt).toISOString(),
  };
}
