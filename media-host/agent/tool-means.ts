import type { DigitsAsk, PersonAsk } from '../../agents/tool.ts';
import type { KeypadPhrases } from '../../contracts/agent-phrases.ts';
import { type PinEvent, type PinIntent, passGate, shutGate } from '../digits/pin-gate.ts';
import type { ToolMeans } from './run-tool.ts';
import type { RuntimeEvent } from './runtime-event.ts';

/**
 * What a running tool may ask of the call it runs in: a person for the caller, and secret digits from the caller's keys.
 * The call does it in its own time; a reply that is given up takes its wishes with it.
 */
export interface CallMeans {
  /** For the tools of one reply. */
  of(reply: ReplyOfTools): ToolMeans & {
    /** A person is being asked for: the reply has nothing more to say. */
    handsOver(): boolean;
  };
  /** The call has asked for the person that a reply of this epoch wanted. */
  personAsked(epoch: number): void;
  /** The keys that a reply of this epoch waits for; undefined: none came in time. */
  keysGiven(epoch: number, keys: string | undefined): void;
}

export interface ReplyOfTools {
  turn: number;
  epoch: number;
  phrases: KeypadPhrases;
  /** Told only while the reply is current. */
  speak(event: RuntimeEvent): void;
  /** Told always. */
  account(event: Extract<RuntimeEvent, { type: 'pin-checked' }>): void;
}

const mostTries = 3;
const compareWithinMs = 5000;

export function createCallMeans(after: (ms: number, run: () => void) => () => void): CallMeans {
  let person: { epoch: number; asked: () => void } | undefined;
  let digits: { epoch: number; given: (keys: string | undefined) => void } | undefined;

  const askForPerson = (ask: PersonAsk, signal: AbortSignal, { turn, epoch, speak }: ReplyOfTools) =>
    new Promise<void>((resolve, reject) => {
      const mine = { epoch, asked: resolve };
      person = mine;
      signal.addEventListener('abort', () => {
        if (person === mine) person = undefined;
        reject(signal.reason);
      });
      if (signal.aborted) return reject(signal.reason);
      speak({ type: 'person-wanted', turn, epoch, ask });
    });

  const takeDigits = (ask: DigitsAsk, signal: AbortSignal, reply: ReplyOfTools) =>
    new Promise<{ ok: boolean }>(resolve => {
      const { turn, epoch, phrases, speak, account } = reply;
      const { length, tries = mostTries, prompt = phrases.ask } = ask;
      let gate = shutGate;
      const mine = { epoch, given: (keys: string | undefined) => tell({ type: 'given', keys }) };
      const giveUp = () => tell({ type: 'given-up' });

      const want = (text: string) => speak({ type: 'digits-wanted', turn, epoch, length, prompt: text });
      const compare = async (keys: string) => {
        const verdict = await verdictOf(ask, keys, after);
        account({ type: 'pin-checked', turn, epoch, ok: verdict === 'right' });
        tell({ type: 'compared', verdict });
      };
      const perform = (intent: PinIntent) => {
        if (intent.do === 'ask-again') return want(phrases.again);
        if (intent.do === 'compare') return void compare(intent.keys);
        signal.removeEventListener('abort', giveUp);
        if (digits === mine) digits = undefined;
        speak({ type: 'digits-done', turn, epoch });
        resolve({ ok: intent.ok });
      };
      const tell = (event: PinEvent) => {
        const step = passGate(gate, event, { length, tries });
        gate = step.gate;
        for (const next of step.intents) perform(next);
      };

      // Two secrets cannot be told apart by their keys: the second is refused.
      if (digits || signal.aborted) return giveUp();
      digits = mine;
      signal.addEventListener('abort', giveUp);
      want(prompt);
    });

  return {
    of: reply => {
      let handsOver = false;
      return {
        askForPerson: async (ask, signal) => {
          await askForPerson(ask, signal, reply);
          handsOver = true;
        },
        takeDigits: (ask, signal) => takeDigits(ask, signal, reply),
        handsOver: () => handsOver,
      };
    },
    personAsked: epoch => {
      if (person?.epoch !== epoch) return;
      const { asked } = person;
      person = undefined;
      asked();
    },
    keysGiven: (epoch, keys) => {
      if (digits?.epoch === epoch) digits.given(keys);
    },
  };
}

/** Whatever goes wrong with a comparison, nobody learns of the keys: not even the error is kept, which might hold them. */
function verdictOf(
  { check }: DigitsAsk,
  keys: string,
  after: (ms: number, run: () => void) => () => void,
): Promise<'right' | 'wrong' | 'away'> {
  return new Promise(resolve => {
    const forget = after(compareWithinMs, () => resolve('away'));
    void new Promise<boolean>(result => result(check(keys)))
      .then(
        right => (right === true ? 'right' : 'wrong'),
        () => 'away' as const,
      )
      .then(verdict => {
        forget();
        resolve(verdict);
      });
  });
}
