/** Who is there, sending them away, and tokens for those to come. */
import { signToken } from '../access-token.ts';
import type { Target } from '../hub.ts';
import { type Asked, emptied, exists, named, type Operations, type Reply } from './operation.ts';
import { badRequest } from './rest-error.ts';

const longestPage = 200;

export const presenceOperations: Operations = {
  'HEAD /connections/{}': asked => exists(asked.hub.connections.has(named(asked, 0))),
  'HEAD /groups/{}': asked => exists(asked.hub.groups.has(named(asked, 0))),
  'HEAD /users/{}': asked => exists(asked.hub.ofUser(named(asked, 0)).length > 0),
  'GET /groups/{}/connections': list,
  'DELETE /connections/{}': asked => close(asked, { to: 'connection', name: named(asked, 0) }),
  'POST /:closeConnections': asked => close(asked, { to: 'all' }),
  'POST /groups/{}/:closeConnections': asked => close(asked, { to: 'group', name: named(asked, 0) }),
  'POST /users/{}/:closeConnections': asked => close(asked, { to: 'user', name: named(asked, 0) }),
  'POST /:generateToken': generateToken,
};

function close({ service, hub, query }: Asked, target: Target): Reply {
  for (const connection of hub.reached(target, { excluded: query.getAll('excluded') })) {
    service.end(connection, query.get('reason') ?? '');
  }
  return emptied;
}

/** A page of a group; what it continues with is how many were told before. */
function list(asked: Asked): Reply {
  const { hub, query, origin } = asked;
  const group = named(asked, 0);
  const members = [...(hub.groups.get(group) ?? [])];
  const from = wholeNumber(query, 'continuationToken', 0);
  const end = Math.min(members.length, wholeNumber(query, 'top', members.length));
  const page = Math.max(1, Math.min(longestPage, wholeNumber(query, 'maxpagesize', longestPage)));
  const to = Math.min(end, from + page);
  const value = members.slice(from, to).map(({ id, userId }) => ({ connectionId: id, userId }));
  if (to >= end) return { status: 200, body: { value } };
  const more = new URLSearchParams(query);
  more.set('continuationToken', String(to));
  const path = `/api/hubs/${hub.name}/groups/${encodeURIComponent(group)}/connections`;
  return { status: 200, body: { value, nextLink: `${origin}${path}?${more}` } };
}

function generateToken({ service, hub, query, origin }: Asked): Reply {
  const now = Math.floor(Date.now() / 1000);
  const userId = query.get('userId');
  const token = signToken(
    {
      aud: `${origin}/client/hubs/${hub.name}`,
      iat: now,
      exp: now + wholeNumber(query, 'minutesToExpire', 60) * 60,
      ...(userId !== null && { sub: userId }),
      role: query.getAll('role'),
      'webpubsub.group': query.getAll('group'),
    },
    service.options.accessKey,
  );
  return { status: 200, body: { token } };
}

function wholeNumber(query: URLSearchParams, name: string, otherwise: number): number {
  const value = Number(query.get(name) ?? otherwise);
  if (!Number.isInteger(value) || value < 0) throw badRequest(`${name} is a whole number.`);
  return value;
}
