/** Publishing: to all, a group, a user or a connection. It is 202 whoever is there to hear it. */
import { type Filter, FilterError, parseFilter } from '../filter.ts';
import type { Target } from '../hub.ts';
import { type Content, contentOfBody, messageOf } from '../message.ts';
import { type Asked, accepted, named, type Operations, type Reply } from './operation.ts';
import { badRequest, RestError } from './rest-error.ts';

const longestTtlSeconds = 300;

export const sendOperations: Operations = {
  'POST /:send': asked => send(asked, { to: 'all' }),
  'POST /groups/{}/:send': asked => send(asked, { to: 'group', name: named(asked, 0) }),
  'POST /users/{}/:send': asked => send(asked, { to: 'user', name: named(asked, 0) }),
  'POST /connections/{}/:send': asked => send(asked, { to: 'connection', name: named(asked, 0) }),
};

function send(asked: Asked, target: Target): Reply {
  const { service, hub, query } = asked;
  const sender =
    target.to === 'group' ? ({ from: 'group', group: target.name } as const) : ({ from: 'server' } as const);
  const message = messageOf(sender, contentOf(asked), expiryOf(query, Date.now()));
  const how = { excluded: query.getAll('excluded'), filter: filterOf(query.get('filter')) };
  const fault = service.faults.take('publish');
  const copies = { lost: 0, delivered: 1, twice: 2 }[fault?.message ?? 'delivered'];
  if (copies > 0) service.publish(hub, target, message, 'server', how, copies);
  if (fault && fault.status !== 202) {
    throw new RestError(fault.status, 'Fault', 'A fault was set.', fault.retryAfterSeconds);
  }
  return accepted;
}

function contentOf({ contentType, body }: Asked): Content {
  let content: Content | undefined;
  try {
    content = contentOfBody(contentType, body);
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest('The body is not JSON.');
    throw error;
  }
  if (content) return content;
  const known = 'application/json, text/plain, application/octet-stream';
  throw new RestError(415, 'UnsupportedMediaType', `Send one of ${known}.`);
}

/** When the message is no longer worth delivering again, wall clock ms; 0 seconds means never. */
function expiryOf(query: URLSearchParams, nowMs: number): number | undefined {
  const seconds = Number(query.get('messageTtlSeconds') ?? 0);
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > longestTtlSeconds) {
    throw badRequest(`messageTtlSeconds is a whole number from 0 to ${longestTtlSeconds}.`);
  }
  return seconds === 0 ? undefined : nowMs + seconds * 1000;
}

/** @throws RestError 400 */
export function filterOf(text: string | null | undefined): Filter | undefined {
  if (text === null || text === undefined || text === '') return undefined;
  try {
    return parseFilter(text);
  } catch (error) {
    if (error instanceof FilterError) throw badRequest(`The filter is wrong: ${error.message}`);
    throw error;
  }
}
