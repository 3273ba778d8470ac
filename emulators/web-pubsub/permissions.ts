/** What a client may do with groups: roles of its token at first, then what the server grants and revokes. */

export const permissionNames = ['joinLeaveGroup', 'sendToGroup'] as const;
export type PermissionName = (typeof permissionNames)[number];

const prefix = 'webpubsub.';

export interface Permissions {
  /** Whether `group` is allowed, by its name or because any is. Without a group: whether any is. */
  allow(name: PermissionName, group?: string): boolean;
  grant(name: PermissionName, group?: string): void;
  /** Takes back exactly what was given: one group stays allowed where any is. */
  revoke(name: PermissionName, group?: string): void;
  shown(): string[];
}

/** @param roles as in the token; those that are no roles of this service mean nothing. */
export function permissionsOf(roles: readonly string[]): Permissions {
  const held = new Set(roles.filter(role => role.startsWith(prefix)).map(role => role.slice(prefix.length)));
  const right = (name: string, group?: string) => (group === undefined ? name : `${name}.${group}`);
  return {
    allow: (name, group) => held.has(name) || held.has(right(name, group)),
    grant: (name, group) => void held.add(right(name, group)),
    revoke: (name, group) => void held.delete(right(name, group)),
    shown: () => [...held].map(name => `${prefix}${name}`),
  };
}
