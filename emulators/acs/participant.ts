import type { Identifier } from './identifiers.ts';
import type { PhoneLine } from './phone/phone-line.ts';

/** A person in a conversation. Without a line it is somebody who answered silently. */
export interface Participant {
  identifier: Identifier;
  isMuted: boolean;
  isOnHold: boolean;
  line?: PhoneLine;
}
