/** Carries out what a client asks over its socket, once per ack id, as far as its permissions go. */
import type { ClientFrame } from './client-frame.ts';
import type { Connection } from './connection.ts';
import { count } from './ledger.ts';
import { contentOfFrame, messageOf } from './message.ts';
import type { PermissionName } from './permissions.ts';
import type { Service } from './service.ts';

export function carryOut(service: Service, connection: Connection, frame: ClientFrame): void {
  const hub = service.hub(connection.hub);
  switch (frame.type) {
    case 'ping':
      connection.say({ type: 'pong' });
      break;
    case 'sequenceAck':
      connection.acknowledge(frame.sequenceId);
      break;
    case 'joinGroup':
      asked(frame.ackId, { to: 'joinLeaveGroup', group: frame.group }, () => hub.join(connection, frame.group));
      break;
    case 'leaveGroup':
      asked(frame.ackId, { to: 'joinLeaveGroup', group: frame.group }, () => hub.leave(connection, frame.group));
      break;
    case 'sendToGroup':
      asked(frame.ackId, { to: 'sendToGroup', group: frame.group }, () => send(frame));
      break;
    case 'event':
      asked(frame.ackId, undefined, () => {
        service.ledger.counters.events += 1;
      });
  }

  function send({ group, dataType, data, noEcho }: Extract<ClientFrame, { type: 'sendToGroup' }>): void {
    const sender = { from: 'group', group, fromUserId: connection.userId } as const;
    const message = messageOf(sender, contentOfFrame(dataType, data));
    const excluded = noEcho ? [connection.id] : [];
    service.publish(hub, { to: 'group', name: group }, message, 'client', { excluded });
  }

  function asked(
    ackId: number | undefined,
    needed: { to: PermissionName; group: string } | undefined,
    act: () => void,
  ): void {
    const refused = refusal(ackId, needed);
    if (!refused) act();
    else count(service.ledger.counters.nacks, refused.name);
    if (ackId === undefined) return;
    if (!refused) connection.done(ackId);
    connection.say({ type: 'ack', ackId, success: !refused, ...(refused && { error: refused }) });
  }

  function refusal(ackId: number | undefined, needed: { to: PermissionName; group: string } | undefined) {
    if (ackId !== undefined && connection.hasDone(ackId)) {
      return { name: 'Duplicate', message: `The request of ack id ${ackId} was carried out before.` };
    }
    if (needed && !connection.permissions.allow(needed.to, needed.group)) {
      return { name: 'Forbidden', message: `The connection has no permission ${needed.to} for this group.` };
    }
    const fault = ackId === undefined ? undefined : service.faults.take('nack');
    return fault && { name: fault.name, message: 'A fault was set.' };
  }
}
