/** The sockets of one stand-in, open and lately closed, for counting against the quota and for the admin's eye. */
import type { Line, RecordedMessage } from './line.ts';
import type { Service } from './paths.ts';
import type { ServedSession } from './world.ts';

export interface Session {
  line: Line;
  served: ServedSession;
}

export interface SessionFacts {
  id: string;
  service: Service;
  /** Without credentials. */
  url: string;
  ageMs: number;
  turns: number;
  /** Whether a turn is under way. */
  busy: boolean;
  audioMs: number;
  closedWith?: { code: number; reason: string };
}

export interface Sessions {
  add(session: Session): void;
  closed(session: Session): void;
  open(service?: Service): Session[];
  /** Open sessions and the last 100 closed ones, newest last. */
  facts(): SessionFacts[];
  messages(id: string): readonly RecordedMessage[] | undefined;
  forgetClosed(): void;
}

const REMEMBERED_SESSIONS = 100;

export function createSessions(): Sessions {
  const open = new Set<Session>();
  let past: Session[] = [];
  return {
    add: session => void open.add(session),
    closed(session) {
      open.delete(session);
      past.push(session);
      if (past.length > REMEMBERED_SESSIONS) past.shift();
    },
    open: service => [...open].filter(({ line }) => !service || line.service === service),
    facts: () => [...past, ...open].map(factsOf),
    messages: id => [...open, ...past].find(({ line }) => line.id === id)?.line.recorded,
    forgetClosed() {
      past = [];
    },
  };
}

function factsOf({ line, served }: Session): SessionFacts {
  return {
    id: line.id,
    service: line.service,
    url: line.url,
    ageMs: Math.round(performance.now() - line.openedAt),
    turns: served.turns(),
    busy: served.busy(),
    audioMs: served.audioMs(),
    ...(line.closedWith && { closedWith: line.closedWith }),
  };
}
