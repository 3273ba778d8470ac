/*
 * What the queue trigger and the queue output need of a queue service. Two services fulfil it: Azure Storage over its
 * REST wire (Azurite or an account), and the one built into the host.
 */

export interface QueueMessage {
  id: string;
  popReceipt: string;
  /** As stored: base64 when the sender encoded it. */
  text: string;
  /** How often it was taken, this time included. */
  dequeueCount: number;
  /** RFC 1123 on the wire; ISO 8601 here. */
  insertedAt: string;
  expiresAt: string;
  nextVisibleAt: string;
}

export interface QueueService {
  /** Takes up to `count` messages and hides them for `visibilityMs`; an absent queue is empty. */
  receive(queue: string, count: number, visibilityMs: number): Promise<QueueMessage[]>;
  remove(queue: string, message: QueueMessage): Promise<void>;
  /** Makes a taken message visible again after `delayMs`. */
  release(queue: string, message: QueueMessage, delayMs: number): Promise<void>;
  /** Puts a message; creates the queue when it is absent. */
  send(queue: string, text: string): Promise<void>;
  /** Calls `listener` when something may have arrived, if the service can tell. */
  onArrival?(queue: string, listener: () => void): void;
}
