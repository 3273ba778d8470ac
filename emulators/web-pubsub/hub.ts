/** A hub: its connections, and which of them are in which group. A group is there as long as somebody is in it. */
import type { Connection } from './connection.ts';
import type { Filter } from './filter.ts';

export type Target =
  | { to: 'all' }
  | { to: 'group'; name: string }
  | { to: 'user'; name: string }
  | { to: 'connection'; name: string };

export interface Narrowing {
  /** Connection ids. */
  excluded?: readonly string[];
  filter?: Filter | undefined;
}

export class Hub {
  readonly name: string;
  readonly connections = new Map<string, Connection>();
  readonly groups = new Map<string, Set<Connection>>();

  constructor(name: string) {
    this.name = name;
  }

  add(connection: Connection): void {
    this.connections.set(connection.id, connection);
  }

  remove(connection: Connection): void {
    this.leaveAll(connection);
    this.connections.delete(connection.id);
  }

  join(connection: Connection, group: string): void {
    const members = this.groups.get(group) ?? new Set();
    this.groups.set(group, members.add(connection));
    connection.groups.add(group);
  }

  leave(connection: Connection, group: string): void {
    const members = this.groups.get(group);
    members?.delete(connection);
    if (members?.size === 0) this.groups.delete(group);
    connection.groups.delete(group);
  }

  leaveAll(connection: Connection): void {
    for (const group of [...connection.groups]) this.leave(connection, group);
  }

  ofUser(userId: string): Connection[] {
    return [...this.connections.values()].filter(connection => connection.userId === userId);
  }

  /** Who a message to `target` reaches. */
  reached(target: Target, { excluded = [], filter }: Narrowing = {}): Connection[] {
    return this.#aimed(target).filter(
      connection => !excluded.includes(connection.id) && (filter === undefined || filter(connection)),
    );
  }

  #aimed(target: Target): Connection[] {
    switch (target.to) {
      case 'all':
        return [...this.connections.values()];
      case 'group':
        return [...(this.groups.get(target.name) ?? [])];
      case 'user':
        return this.ofUser(target.name);
      case 'connection':
        return [this.connections.get(target.name)].filter(connection => connection !== undefined);
    }
  }
}
