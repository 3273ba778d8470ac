import { timingSafeEqual } from 'node:crypto';
import type { HttpRequest, HttpResponseInit } from '@azure/functions';
import type { DurableClient } from 'durable-functions';
import { controlKeyHeader } from '../contracts/media.ts';
import type { ControlPlane } from './control-plane.ts';
import type { Log } from './log.ts';
import { problem } from './problem.ts';

/** What answers a request. */
export type Door = (
  plane: ControlPlane,
  request: HttpRequest,
  client: DurableClient,
  log: Log,
) => Promise<HttpResponseInit>;

/** A door for our own media host: whoever does not show CONTROL_KEY learns nothing. */
export function withControlKey(key: string, door: Door): Door {
  const expected = Buffer.from(key);
  return async (plane, request, client, log) => {
    const given = Buffer.from(request.headers.get(controlKeyHeader) ?? '');
    if (given.length === expected.length && timingSafeEqual(given, expected)) {
      return door(plane, request, client, log);
    }
    log.warn('control-key.refused', {});
    return problem(401, `Show CONTROL_KEY in the header ${controlKeyHeader}.`);
  };
}

/** The same, for a door in a table of routes: the key is that of the plane it is opened with. */
export const forMediaHost =
  (door: Door): Door =>
  (plane, request, client, log) =>
    withControlKey(plane.settings.CONTROL_KEY, door)(plane, request, client, log);
