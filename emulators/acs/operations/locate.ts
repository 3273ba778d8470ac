import type { Conversation } from '../conversation.ts';
import type { Exchange } from '../exchange.ts';
import { AcsError, invalidArgument } from '../rest/acs-error.ts';

export interface CallLocator {
  kind: string;
  serverCallId?: string | undefined;
  groupCallId?: string | undefined;
  roomId?: string | undefined;
}

/** The conversation a locator means. Groups and rooms of the pretended resource are always open, so they are made on demand. */
export function locate(exchange: Exchange, locator: CallLocator): Conversation {
  const id = locator.serverCallId ?? locator.groupCallId ?? locator.roomId;
  if (id === undefined) throw invalidArgument('CallLocator names no call.');
  if (locator.kind !== 'serverCallLocator') return exchange.newConversation();
  for (const leg of exchange.legs.values()) if (leg.conversation.serverCallId === id) return leg.conversation;
  throw new AcsError(404, '8522', 'Call not found.');
}
