/** What a test or the admin can do to a running stand-in: look, make trouble, start over. */
import type { Connection, Protocol } from './connection.ts';
import type { FaultChanges } from './faults.ts';
import type { Counters, Publish } from './ledger.ts';
import type { Service } from './service.ts';

export interface ConnectionReport {
  connectionId: string;
  hub: string;
  userId?: string;
  protocol: Protocol;
  /** `waiting` for a socket to recover it. */
  state: 'open' | 'waiting';
  groups: string[];
  roles: string[];
  /** Messages written, repeated ones included. */
  sent: number;
  unacknowledged: number;
  ageMs: number;
}

export interface GroupReport {
  hub: string;
  group: string;
  connections: number;
  /** Messages published to it since the start. */
  published: number;
}

/** Which connections; without anything, all. */
export interface Aim {
  connection?: string | undefined;
  hub?: string | undefined;
  group?: string | undefined;
  user?: string | undefined;
}

/** `reset` cuts the socket, `half-open` leaves it open with nothing passing, `close` says goodbye and forgets. */
export type Drop =
  | { how: 'reset' }
  | { how: 'half-open' }
  | { how: 'close'; code?: number | undefined; reason?: string | undefined };

export interface WebPubSubControl {
  connections(): ConnectionReport[];
  /** Groups that somebody is in. */
  groups(): GroupReport[];
  /** The last 1,000, without their content. */
  published(): readonly Publish[];
  counters(): Counters;
  faults(): object;
  /** Merges faults; null takes one away. @throws Error on an unknown fault or a wrong value. */
  setFaults(changes: FaultChanges): void;
  /** Does to the connections aimed at what networks do. @returns to how many. */
  drop(drop?: Drop, aim?: Aim): number;
  /** Cuts and forgets all connections, faults and counts. */
  reset(): void;
}

export function createControl(service: Service): WebPubSubControl {
  return {
    connections: () => service.connections().map(reportOf),
    groups: () =>
      [...service.hubs.values()].flatMap(({ name: hub, groups }) =>
        [...groups].map(([group, { size }]) => {
          return { hub, group, connections: size, published: service.ledger.publishedTo(hub, group) };
        }),
      ),
    published: () => service.ledger.publishes(),
    counters: () => structuredClone(service.ledger.counters),
    faults: () => service.faults.current(),
    setFaults: changes => service.faults.set(changes),
    drop(drop = { how: 'reset' }, aim = {}) {
      const aimed = service.connections().filter(connection => connection.isOpen && isAimed(connection, aim));
      for (const connection of aimed) perform(service, connection, drop);
      return aimed.length;
    },
    reset() {
      service.stop();
      service.faults.clear();
      service.ledger.clear();
    },
  };
}

function perform(service: Service, connection: Connection, drop: Drop): void {
  if (drop.how === 'reset') connection.cut();
  else if (drop.how === 'half-open') connection.stall();
  else service.end(connection, drop.reason ?? '', drop.code);
}

function isAimed({ id, hub, groups, userId }: Connection, aim: Aim): boolean {
  const fits = (wanted: string | undefined, is: string | undefined) => wanted === undefined || wanted === is;
  const isIn = aim.group === undefined || groups.has(aim.group);
  return isIn && fits(aim.connection, id) && fits(aim.hub, hub) && fits(aim.user, userId);
}

function reportOf(connection: Connection): ConnectionReport {
  const { id, hub, userId, protocol, isOpen, groups, permissions, sent, unacknowledged, openedAt } = connection;
  return {
    connectionId: id,
    hub,
    ...(userId !== undefined && { userId }),
    protocol,
    state: isOpen ? 'open' : 'waiting',
    groups: [...groups],
    roles: permissions.shown(),
    sent,
    unacknowledged,
    ageMs: Math.round(performance.now() - openedAt),
  };
}
