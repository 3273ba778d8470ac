import { type ControlMessage, controlGroup, controlMessage } from '../../contracts/control.ts';
import type { Metrics } from '../observe/metrics.ts';

/**
 * Which control messages are for the calls of this host, and new: what cannot be read, is of another call or was told
 * before is counted and goes no further.
 */
export interface ControlInbox {
  /** @returns false when the call is in already */
  admit(callId: string): boolean;
  /** @returns false when it was not in */
  dismiss(callId: string): boolean;
  take(group: string, data: unknown): void;
  readonly groups: Iterable<string>;
  has(group: string): boolean;
  readonly calls: number;
}

/** A message is repeated within seconds: so many ids are remembered of each call, the oldest goes first. */
const rememberedIds = 200;

export function createControlInbox(told: (callId: string, message: ControlMessage) => void, metrics: Metrics) {
  const members = new Map<string, { callId: string; ids: Set<string> }>();
  const inbox: ControlInbox = {
    admit: callId => {
      const group = controlGroup(callId);
      if (members.has(group)) return false;
      members.set(group, { callId, ids: new Set() });
      return true;
    },
    dismiss: callId => members.delete(controlGroup(callId)),
    has: group => members.has(group),
    get groups() {
      return members.keys();
    },
    get calls() {
      return members.size;
    },
    take: (group, data) => {
      const member = members.get(group);
      if (!member) return metrics.count('control-messages-unknown-call');
      const message = controlMessage.safeParse(data);
      if (!message.success) return metrics.count('control-messages-malformed');
      const { ids, callId } = member;
      if (ids.has(message.data.id)) return metrics.count('control-messages-repeated');
      ids.add(message.data.id);
      const [oldest] = ids;
      if (ids.size > rememberedIds && oldest !== undefined) ids.delete(oldest);
      metrics.count('control-messages');
      told(callId, message.data);
    },
  };
  return inbox;
}
