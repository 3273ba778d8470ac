/** What all sessions of one stand-in share. */
import type { Counters } from './counters.ts';
import type { Faults } from './faults.ts';
import type { ClientMessage } from './frames.ts';
import type { Knobs } from './knobs.ts';
import type { Phrasebook } from './phrasebook/phrasebook.ts';

export interface World {
  knobs: Knobs;
  faults: Faults;
  counters: Counters;
  phrasebook: Phrasebook;
}

/** What the admin can do to a session beside closing its socket. */
export interface ServedSession {
  message(message: ClientMessage): void;
  closed(): void;
  /** Whether a turn is under way. */
  busy(): boolean;
  /** Wall time of the last moment a turn was open, from performance.now(). */
  lastBusy(): number;
  turns(): number;
  /** Audio heard or spoken on this socket, in ms. */
  audioMs(): number;
  /** Says something now in the turn under way; false when there is none (or no recognition). */
  inject(say: 'hypothesis' | 'phrase' | 'no-match', text: string): boolean;
}
