/** The service behind both doors: hubs, who is connected, and the way of a message to its receivers. */
import type { Connection, Room } from './connection.ts';
import { type Courier, createCourier } from './courier.ts';
import { createFaults, type Faults } from './faults.ts';
import { Hub, type Narrowing, type Target } from './hub.ts';
import { count, createLedger, type Ledger } from './ledger.ts';
import type { Message } from './message.ts';

export interface ServiceOptions {
  accessKey: string;
  /** Entra tokens accepted beside the key, by their text. */
  bearers: readonly string[];
  /** How long a reliable connection waits for its next socket, ms. */
  recoveryMs: number;
  room: Room;
  log: (line: string) => void;
}

export class Service {
  readonly options: ServiceOptions;
  readonly ledger: Ledger = createLedger();
  readonly faults: Faults = createFaults(name => count(this.ledger.counters.faults, name));
  readonly hubs = new Map<string, Hub>();
  readonly #courier: Courier = createCourier();
  readonly #goodbyes = new Map<Connection, NodeJS.Timeout>();

  constructor(options: ServiceOptions) {
    this.options = options;
  }

  hub(name: string): Hub {
    const hub = this.hubs.get(name) ?? new Hub(name);
    this.hubs.set(name, hub);
    return hub;
  }

  connections(): Connection[] {
    return [...this.hubs.values()].flatMap(hub => [...hub.connections.values()]);
  }

  /** @param times how often each receiver gets it. @returns how many receivers there are. */
  publish(hub: Hub, target: Target, message: Message, by: 'server' | 'client', how: Narrowing = {}, times = 1): number {
    const receivers = hub.reached(target, how);
    const { dataType, bytes } = message;
    const reached = receivers.length;
    this.ledger.wrote({ at: new Date().toISOString(), hub: hub.name, target, by, dataType, bytes, reached });
    const late = this.faults.take('late');
    this.#courier.send(late?.byMs ?? 0, () => {
      for (let time = 0; time < times; time++) for (const receiver of receivers) this.#deliver(receiver, message);
    });
    return reached;
  }

  /** A socket was lost: a reliable connection waits for another, the rest is over. */
  lost(connection: Connection): void {
    connection.detach();
    this.found(connection);
    if (!this.#isKnown(connection)) return;
    const waitsMs = connection.protocol === 'reliable' ? this.options.recoveryMs : 0;
    if (waitsMs === 0) this.forget(connection);
    else this.#goodbyes.set(connection, setTimeout(() => this.forget(connection), waitsMs).unref());
  }

  /** A connection that waited for a socket need not wait any more. */
  found(connection: Connection): void {
    clearTimeout(this.#goodbyes.get(connection));
    this.#goodbyes.delete(connection);
  }

  forget(connection: Connection): void {
    this.found(connection);
    this.hub(connection.hub).remove(connection);
  }

  /** The service closes a connection and forgets it. @param reason for the client. */
  end(connection: Connection, reason: string, code = 1000): void {
    connection.say({ type: 'system', event: 'disconnected', message: reason });
    connection.close(code, reason);
    this.forget(connection);
  }

  stop(): void {
    this.#courier.stop();
    for (const connection of this.connections()) {
      connection.cut();
      this.forget(connection);
    }
  }

  #isKnown({ hub, id }: Connection): boolean {
    return this.hubs.get(hub)?.connections.has(id) ?? false;
  }

  #deliver(connection: Connection, message: Message): void {
    if (!this.#isKnown(connection)) return; // gone while the message was on its way
    if (!connection.deliver(message)) {
      this.ledger.counters.overflows += 1;
      this.options.log(`connection ${connection.id}: too much is not acknowledged`);
      this.end(connection, 'Too many messages are not acknowledged.', 1008);
      return;
    }
    const isDue = ({ afterMessages }: { afterMessages: number }) => connection.sent % afterMessages === 0;
    if (connection.isOpen && this.faults.take('cut', isDue)) connection.cut();
  }
}
