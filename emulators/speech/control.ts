/** What a test or the admin can do to a running stand-in: look, make trouble, put words in its mouth. */
import { type Counters, resetCounters } from './counters.ts';
import type { FaultChanges } from './faults.ts';
import { DEFAULT_KNOBS, type KnobChanges, type Knobs, turnKnobs } from './knobs.ts';
import type { RecordedMessage } from './line.ts';
import type { Service } from './paths.ts';
import type { PhrasebookEntry } from './phrasebook/phrasebook.ts';
import type { Session, SessionFacts, Sessions } from './sessions.ts';
import type { World } from './world.ts';

export interface Aim {
  /** One session; without it, all open ones. */
  session?: string | undefined;
  service?: Service | undefined;
}

export interface SpeechControl {
  counters(): Counters;
  knobs(): Knobs;
  /** Turns knobs; turns that are open keep listening as they began. */
  turn(change: KnobChanges): void;
  faults(): Record<Service, Record<string, unknown>>;
  /** Merges faults; null takes one away. */
  setFaults(change: FaultChanges): void;
  sessions(): SessionFacts[];
  messages(session: string): readonly RecordedMessage[] | undefined;
  /** Says something now in the recognitions aimed at; returns in how many. */
  inject(say: 'hypothesis' | 'phrase' | 'no-match', text: string, aim?: Aim): number;
  /** Closes the sockets aimed at with a code, or aborts them; returns how many. */
  closeSockets(
    how: { code?: number | undefined; reason?: string | undefined; abort?: boolean | undefined },
    aim?: Aim,
  ): number;
  /** Teaches a recording: recognised by its sound from the next turn on. */
  learn(entry: PhrasebookEntry): void;
  phrasebook(): string[];
  /** Faults, counters, closed sessions and knobs back to the start; sockets and phrasebook stay. */
  reset(): void;
}

export function createControl(world: World, sessions: Sessions, startKnobs: KnobChanges): SpeechControl {
  const aimedAt = ({ session, service }: Aim): Session[] =>
    sessions.open(service).filter(({ line }) => session === undefined || line.id === session);
  return {
    counters: () => structuredClone(world.counters),
    knobs: () => structuredClone(world.knobs),
    turn: change => turnKnobs(world.knobs, change),
    faults: () => world.faults.current(),
    setFaults: change => world.faults.set(change),
    sessions: () => sessions.facts(),
    messages: id => sessions.messages(id),
    inject: (say, text, aim = {}) => aimedAt(aim).filter(({ served }) => served.inject(say, text)).length,
    closeSockets({ code = 1000, reason = '', abort = false }, aim = {}) {
      const targets = aimedAt(aim);
      for (const { line } of targets) {
        if (abort) line.abort();
        else line.close(code, reason);
      }
      return targets.length;
    },
    learn: entry => world.phrasebook.add(entry),
    phrasebook: () => world.phrasebook.names(),
    reset() {
      world.faults.clear();
      resetCounters(world.counters);
      sessions.forgetClosed();
      Object.assign(world.knobs, structuredClone(DEFAULT_KNOBS));
      turnKnobs(world.knobs, startKnobs);
    },
  };
}
