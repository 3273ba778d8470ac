import type { DigitsAsk, PersonAsk } from '../../../agents/tool.ts';
import { type AskedDigits, askDigits, type DigitsAnswer, type DigitsReply } from './asked-digits.ts';
import type { ToolMeans } from './run-tool.ts';

/**
 * What a running tool may ask of the call it runs in: a person for the caller, digits from the caller's keys, the end of
 * the call. The call does it in its own time; a reply that is given up takes its wishes with it.
 */
export interface CallMeans {
  /** For the tools of one reply. */
  of(reply: ReplyOfTools): Pick<ToolMeans, 'askForPerson' | 'takeDigits'> & {
    endCall(reason: string, signal: AbortSignal): Promise<void>;
    /** A person is being asked for, or the call ends: the reply has nothing more to say. */
    handsOver(): boolean;
  };
  /** The call has asked for the person that a reply of this epoch wanted. */
  personAsked(epoch: number): void;
  /** The call ends, as a reply of this epoch wanted. */
  endBegun(epoch: number): void;
  /** The keys that a reply of this epoch waits for; undefined: none came in time. */
  keysGiven(epoch: number, keys: string | undefined): void;
}

export type ReplyOfTools = Omit<DigitsReply, 'after'> & {
  /** Says goodbye, where this reply has said nothing yet. */
  partsWithWords?(): void;
};

export function createCallMeans(after: (ms: number, run: () => void) => () => void): CallMeans {
  const person = wish();
  const ending = wish();
  let digits: { epoch: number; asked: AskedDigits } | undefined;

  const takeDigits = (ask: DigitsAsk, signal: AbortSignal, reply: ReplyOfTools) =>
    new Promise<DigitsAnswer>(resolve => {
      // Two numbers cannot be told apart by their keys: the second is refused.
      if (digits || signal.aborted) return resolve({ ok: false });
      const { epoch } = reply;
      digits = {
        epoch,
        asked: askDigits(ask, signal, { ...reply, after }, answer => {
          digits = undefined;
          resolve(answer);
        }),
      };
    });

  return {
    of: reply => {
      const { turn, epoch, speak, partsWithWords } = reply;
      let handsOver = false;
      return {
        askForPerson: async (ask: PersonAsk, signal) => {
          await person.wanted(epoch, signal, () => speak({ type: 'person-wanted', turn, epoch, ask }));
          handsOver = true;
        },
        endCall: async (reason, signal) => {
          partsWithWords?.();
          await ending.wanted(epoch, signal, () => speak({ type: 'end-wanted', turn, epoch, reason }));
          handsOver = true;
        },
        takeDigits: (ask, signal) => takeDigits(ask, signal, reply),
        handsOver: () => handsOver,
      };
    },
    personAsked: person.granted,
    endBegun: ending.granted,
    keysGiven: (epoch, keys) => {
      if (digits?.epoch === epoch) digits.asked.given(keys);
    },
  };
}

/** Something the call grants a reply in its own time; the last who wants it is who gets it. */
function wish() {
  let open: { epoch: number; granted: () => void } | undefined;
  return {
    /** Resolves once it is granted; rejects when `signal` aborts. */
    wanted: (epoch: number, signal: AbortSignal, tell: () => void) =>
      new Promise<void>((resolve, reject) => {
        const mine = { epoch, granted: resolve };
        open = mine;
        signal.addEventListener('abort', () => {
          if (open === mine) open = undefined;
          reject(signal.reason);
        });
        if (signal.aborted) return reject(signal.reason);
        tell();
      }),
    granted: (epoch: number) => {
      if (open?.epoch !== epoch) return;
      const { granted } = open;
      open = undefined;
      granted();
    },
  };
}
