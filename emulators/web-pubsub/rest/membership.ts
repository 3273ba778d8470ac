/** Who is in which group, and who may do what there. */
import { z } from 'zod';
import { type PermissionName, permissionNames } from '../permissions.ts';
import { type Asked, connectionOf, done, emptied, exists, named, type Operations } from './operation.ts';
import { badRequest, notFound } from './rest-error.ts';
import { filterOf } from './send.ts';

const groupsByFilter = z.object({ groups: z.array(z.string().min(1).max(1024)), filter: z.string().nullish() });

export const membershipOperations: Operations = {
  'PUT /groups/{}/connections/{}': asked => {
    asked.hub.join(connectionOf(asked, named(asked, 1)), named(asked, 0));
    return done;
  },
  'DELETE /groups/{}/connections/{}': asked => {
    const connection = asked.hub.connections.get(named(asked, 1));
    if (connection) asked.hub.leave(connection, named(asked, 0));
    return emptied;
  },
  'DELETE /connections/{}/groups': asked => {
    const connection = asked.hub.connections.get(named(asked, 0));
    if (connection) asked.hub.leaveAll(connection);
    return emptied;
  },
  'PUT /users/{}/groups/{}': asked => {
    for (const connection of asked.hub.ofUser(named(asked, 0))) asked.hub.join(connection, named(asked, 1));
    return done;
  },
  'DELETE /users/{}/groups/{}': asked => {
    for (const connection of asked.hub.ofUser(named(asked, 0))) asked.hub.leave(connection, named(asked, 1));
    return emptied;
  },
  'DELETE /users/{}/groups': asked => {
    for (const connection of asked.hub.ofUser(named(asked, 0))) asked.hub.leaveAll(connection);
    return emptied;
  },
  'POST /:addToGroups': asked => {
    const { groups, chosen } = chosenBy(asked);
    for (const group of groups) for (const connection of chosen) asked.hub.join(connection, group);
    return done;
  },
  'POST /:removeFromGroups': asked => {
    const { groups, chosen } = chosenBy(asked);
    for (const group of groups) for (const connection of chosen) asked.hub.leave(connection, group);
    return done;
  },
  'PUT /permissions/{}/connections/{}': asked => {
    const { permissions } = connectionOf(asked, named(asked, 1));
    permissions.grant(permissionOf(asked), targetOf(asked));
    return done;
  },
  'DELETE /permissions/{}/connections/{}': asked => {
    asked.hub.connections.get(named(asked, 1))?.permissions.revoke(permissionOf(asked), targetOf(asked));
    return emptied;
  },
  'HEAD /permissions/{}/connections/{}': asked => {
    const permission = permissionOf(asked);
    return exists(asked.hub.connections.get(named(asked, 1))?.permissions.allow(permission, targetOf(asked)));
  },
};

function chosenBy(asked: Asked) {
  let read: unknown;
  try {
    read = JSON.parse(asked.body.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest('The body is not JSON.');
    throw error;
  }
  const parsed = groupsByFilter.safeParse(read);
  if (!parsed.success) throw badRequest('The body is not {"groups": [...], "filter": "..."}.');
  const { groups, filter } = parsed.data;
  return { groups, chosen: asked.hub.reached({ to: 'all' }, { filter: filterOf(filter) }) };
}

function permissionOf(asked: Asked): PermissionName {
  const name = permissionNames.find(known => known === named(asked, 0));
  if (!name) throw notFound('permission');
  return name;
}

const targetOf = ({ query }: Asked): string | undefined => query.get('targetName') ?? undefined;
