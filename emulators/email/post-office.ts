/**
 * Takes messages and brings each to an end: Running for a while, then Succeeded or Failed, then a delivery report. A
 * message that is sent again under its operation id is the same message.
 */
import { randomUUID } from 'node:crypto';
import type { Faults } from './faults.ts';
import { EmailError, type Message, recipientsOf } from './message.ts';
import type { Outbox } from './outbox.ts';

/** Kept for those who ask how a message fares. */
const keptOperations = 5_000;

export interface Operation {
  id: string;
  status: 'Running' | 'Succeeded' | 'Failed';
  error?: { code: string; message: string };
}

/** One recipient of one message, as Event Grid tells it. */
export interface DeliveryReport {
  sender: string;
  recipient: string;
  /** The operation's id. */
  messageId: string;
  status: string;
}

export interface PostOffice {
  /** @throws EmailError */
  take(body: unknown, operationId: string | undefined, now: number): Promise<Operation>;
  /** @throws EmailError 404 */
  look(id: string, now: number): Operation;
  /** Messages that came again under an id that was known. */
  readonly repeated: number;
  reset(): void;
}

export interface PostOfficeParts {
  faults: Faults;
  outbox: Outbox;
  /** From taken to sent, ms. */
  takesMs: number;
  /** Domains that are linked to the resource. */
  domains: readonly string[];
  parse(body: unknown): Message;
  /** Each is told once, when the message has been sent. */
  report(report: DeliveryReport): void;
}

interface Taken {
  endsAt: number;
  error?: { code: string; message: string };
  fingerprint: string;
}

const guid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function createPostOffice(parts: PostOfficeParts): PostOffice {
  const { faults, outbox, takesMs, domains } = parts;
  const taken = new Map<string, Taken>();
  let repeated = 0;

  function look(id: string, now: number): Operation {
    const found = taken.get(id.toLowerCase());
    if (!found) throw new EmailError(404, 'OperationNotFound', 'There is no operation of this id.');
    if (now < found.endsAt) return { id, status: 'Running' };
    return found.error ? { id, status: 'Failed', error: found.error } : { id, status: 'Succeeded' };
  }

  return {
    look,
    async take(body, operationId, now) {
      const message = parts.parse(body);
      const domain = message.senderAddress.split('@')[1] ?? '';
      if (!domains.includes(domain))
        throw new EmailError(404, 'DomainNotLinked', 'The specified sender domain has not been linked.');
      if (operationId !== undefined && !guid.test(operationId))
        throw new EmailError(400, 'InvalidOperationId', 'operation-id is no GUID.');
      const id = (operationId ?? randomUUID()).toLowerCase();
      const fingerprint = JSON.stringify(message);
      const known = taken.get(id);
      if (known) {
        repeated += 1;
        if (known.fingerprint !== fingerprint)
          throw new EmailError(409, 'OperationIdInUse', 'Another message was sent under this operation-id.');
        return look(id, now);
      }
      const rejected = faults.take('reject');
      const stuck = faults.take('stuck');
      const error = rejected && { code: rejected.code, message: 'The message was dropped.' };
      const endsAt = stuck ? Number.POSITIVE_INFINITY : now + takesMs;
      taken.set(id, { endsAt, fingerprint, ...(error && { error }) });
      if (taken.size > keptOperations) taken.delete(taken.keys().next().value!);
      if (!rejected && !stuck) await send(message, id, now);
      return { id, status: 'Running' };
    },
    get repeated() {
      return repeated;
    },
    reset() {
      taken.clear();
      repeated = 0;
    },
  };

  async function send(message: Message, id: string, now: number): Promise<void> {
    const status = faults.take('bounce')?.status ?? 'Delivered';
    await outbox.put(message, id, now);
    for (const recipient of recipientsOf(message))
      parts.report({ sender: message.senderAddress, recipient, messageId: id, status });
  }
}
