/**
 * One client connection. A reliable one outlives its socket: it goes on collecting messages, and the socket that resumes it
 * first gets all that was not acknowledged. So a message may come twice, and its number tells.
 */
import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import { type Message, numbered } from './message.ts';
import type { Permissions } from './permissions.ts';

export type Protocol = 'reliable' | 'plain' | 'simple';

/** How much may wait for acknowledgement before a reliable connection is given up. */
export interface Room {
  messages: number;
  bytes: number;
}

interface Kept {
  sequenceId: number;
  frame: string;
  expiresAt: number;
}

/** Ack ids remembered per connection; older ones are forgotten. */
const rememberedAcks = 10_000;

export interface ConnectionFacts {
  hub: string;
  userId?: string | undefined;
  protocol: Protocol;
  permissions: Permissions;
}

export class Connection {
  readonly id = randomBytes(16).toString('base64url');
  readonly reconnectionToken = randomBytes(24).toString('base64url');
  readonly openedAt = performance.now();
  readonly hub: string;
  readonly userId: string | undefined;
  readonly protocol: Protocol;
  readonly permissions: Permissions;
  /** Kept by the hub. */
  readonly groups = new Set<string>();
  /** Messages written to its sockets, repeated ones included. */
  sent = 0;
  readonly #room: Room;
  readonly #acks = new Set<number>();
  #socket: WebSocket | undefined;
  #halfOpen = false;
  #sequenceId = 0;
  #kept: Kept[] = [];
  #keptBytes = 0;

  constructor({ hub, userId, protocol, permissions }: ConnectionFacts, room: Room) {
    this.hub = hub;
    this.userId = userId;
    this.protocol = protocol;
    this.permissions = permissions;
    this.#room = room;
  }

  get isOpen(): boolean {
    return this.#socket !== undefined;
  }

  /** Messages not yet acknowledged. */
  get unacknowledged(): number {
    return this.#kept.length;
  }

  isOn(socket: WebSocket): boolean {
    return this.#socket === socket;
  }

  /** Takes a socket, in place of the one before, and says again what was not acknowledged. @returns how much that was. */
  attach(socket: WebSocket, nowMs: number): number {
    this.#socket?.terminate();
    this.#socket = socket;
    this.#halfOpen = false;
    const { userId, id: connectionId, reconnectionToken } = this;
    const token = this.protocol === 'reliable' ? { reconnectionToken } : {};
    this.say({ type: 'system', event: 'connected', userId, connectionId, ...token });
    const due = this.#kept.filter(({ expiresAt }) => expiresAt > nowMs);
    for (const { frame } of due) this.#write(frame);
    this.sent += due.length;
    return due.length;
  }

  detach(): void {
    this.#socket = undefined;
  }

  /** Writes a frame that is no message; simple clients get none. */
  say(frame: Record<string, unknown>): void {
    if (this.protocol !== 'simple') this.#write(JSON.stringify(frame));
  }

  /** Writes a message, or keeps it for the next socket; false when there is no more room for it. */
  deliver(message: Message): boolean {
    if (this.protocol !== 'reliable') {
      if (this.#write(this.protocol === 'simple' ? message.raw : message.frame)) this.sent += 1;
      return true;
    }
    this.#sequenceId += 1;
    const frame = numbered(message, this.#sequenceId);
    this.#kept.push({ sequenceId: this.#sequenceId, frame, expiresAt: message.expiresAt ?? Number.POSITIVE_INFINITY });
    this.#keptBytes += frame.length;
    if (this.#kept.length > this.#room.messages || this.#keptBytes > this.#room.bytes) return false;
    if (this.#write(frame)) this.sent += 1;
    return true;
  }

  /** The client has this message and all before it. */
  acknowledge(sequenceId: number): void {
    const first = this.#kept.findIndex(kept => kept.sequenceId > sequenceId);
    const gone = this.#kept.splice(0, first === -1 ? this.#kept.length : first);
    for (const { frame } of gone) this.#keptBytes -= frame.length;
  }

  /** Whether a request of this ack id was carried out before. */
  hasDone(ackId: number): boolean {
    return this.#acks.has(ackId);
  }

  done(ackId: number): void {
    this.#acks.add(ackId);
    if (this.#acks.size > rememberedAcks) this.#acks.delete(this.#acks.values().next().value!);
  }

  /** Ends the socket with a closing handshake. @param reason longer ones are cut, as a close frame is small. */
  close(code: number, reason: string): void {
    this.#socket?.close(code, Buffer.from(reason).subarray(0, 120).toString());
  }

  /** Cuts the socket without a word. */
  cut(): void {
    this.#socket?.terminate();
  }

  /** Leaves the socket open while nothing passes any more, either way. */
  stall(): void {
    this.#halfOpen = true;
    this.#socket?.pause();
  }

  #write(data: string | Buffer): boolean {
    const socket = this.#socket;
    if (!socket || this.#halfOpen || socket.readyState !== socket.OPEN) return false;
    socket.send(data);
    return true;
  }
}
