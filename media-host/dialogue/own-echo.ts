import { isEcho, unsaid, withoutEcho } from '../turn/echo.ts';

/** Keeps the agent's own voice, sent back by the caller's telephone, from being taken for the caller's words. */
export interface OwnEcho {
  /** The agent began to be audible, or ceased to be. */
  audible(is: boolean, at: number): void;
  /** The caller was heard above our own sound. */
  sounded(at: number): void;
  /**
   * The caller's part of words that began to be said at `beganAt`; undefined where they are all ours. `unsaid`: on a line
   * that echoes, the words that the agent has not said lately.
   */
  callersPart(text: string, beganAt: number, at: number): { text: string; unsaid?: string } | undefined;
}

export interface OwnEchoOptions {
  /** What the reply under way and the one before it say, and what the one before said. */
  lately: () => string;
  before: () => string;
  /** Words were ours. */
  heard: () => void;
}

/** Words without any sound of the caller above our own for so long may be an echo. */
const withinMs = 1500;
/** So long after our sound has ended its echo may still begin. */
const tailMs = 700;

export function createOwnEcho({ lately, before, heard }: OwnEchoOptions): OwnEcho {
  let since = Number.POSITIVE_INFINITY;
  let until = Number.NEGATIVE_INFINITY;
  let isAudible = false;
  let soundAt = Number.NEGATIVE_INFINITY;
  /** The telephone has sent our voice back before. */
  let echoing = false;

  return {
    audible: (is, at) => {
      if (is === isAudible) return;
      isAudible = is;
      if (is) since = at;
      else until = at;
    },
    sounded: at => {
      soundAt = at;
    },
    callersPart: (text, beganAt, at) => {
      const overOurs = (isAudible && beganAt >= since) || beganAt - until <= tailMs;
      if (!overOurs) return { text };
      // What was said before our sound began can only be an echo of what sounded earlier.
      const spoken = isAudible && beganAt < since ? before() : lately();
      if (at - soundAt > withinMs && isEcho(text, spoken)) {
        echoing = true;
        heard();
        return undefined;
      }
      if (!echoing) return { text };
      const part = withoutEcho(text, spoken);
      const own = unsaid(part, spoken);
      if (own !== '') return { text: part, unsaid: own };
      // An answer may repeat the question: said after our sound, by somebody who was heard.
      return beganAt > until && !isAudible && soundAt >= beganAt ? { text } : undefined;
    },
  };
}
