import type { DigitsAsk, SecretDigitsAsk } from '../../../agents/tool.ts';
import type { KeypadPhrases } from '../../../contracts/agent-phrases.ts';
import { type PinEvent, type PinIntent, passGate, shutGate } from '../../digits/pin-gate.ts';
import { type GatheredDigits, gather, nothingGathered } from '../../digits/plain-digits.ts';
import type { RuntimeEvent } from '../runtime-event.ts';

/**
 * Digits that a running tool has asked the caller for by keys: it is asked again where they were wrong, and gets its answer
 * once. What is a secret goes to the tool's comparison and nowhere else; what is none comes back as it was entered.
 */
export interface AskedDigits {
  /** What the keys said; undefined: nothing in time. */
  given(keys: string | undefined): void;
}

export interface DigitsReply {
  turn: number;
  epoch: number;
  phrases: KeypadPhrases;
  /** Told only while the reply is current. */
  speak(event: RuntimeEvent): void;
  /** Told always. */
  account(event: Extract<RuntimeEvent, { type: 'pin-checked' }>): void;
  after(ms: number, run: () => void): () => void;
}

export interface DigitsAnswer {
  ok: boolean;
  digits?: string;
}

const mostTries = 3;
const compareWithinMs = 5000;

/** @param answered told once, also where `signal` aborts */
export function askDigits(
  ask: DigitsAsk,
  signal: AbortSignal,
  reply: DigitsReply,
  answered: (answer: DigitsAnswer) => void,
): AskedDigits {
  const { turn, epoch, phrases, speak } = reply;
  const { secret, length, prompt, tries = mostTries } = ask;
  const again = secret ? phrases.again : phrases.againNumber;

  const want = (text: string | undefined) =>
    speak({
      ...{ type: 'digits-wanted', turn, epoch, secret },
      ...(length !== undefined && { length }),
      ...(text !== undefined && { prompt: text }),
    });
  const settle = (answer: DigitsAnswer) => {
    signal.removeEventListener('abort', giveUp);
    speak({ type: 'digits-done', turn, epoch });
    answered(answer);
  };
  const wantAgain = () => want(again);
  const gate = secret
    ? secretGate(ask, tries, reply, { wantAgain, settle })
    : plainGate({ length, tries }, { wantAgain, settle });
  const giveUp = () => gate.giveUp();
  signal.addEventListener('abort', giveUp);
  want(secret ? (prompt ?? phrases.ask) : prompt);
  return gate;
}

interface Outcome {
  wantAgain(): void;
  settle(answer: DigitsAnswer): void;
}

type Gate = AskedDigits & { giveUp(): void };

function plainGate(rules: { length: number | undefined; tries: number }, { wantAgain, settle }: Outcome): Gate {
  let state: GatheredDigits = nothingGathered;
  const tell = (keys: string | undefined) => {
    const step = gather(state, keys, rules);
    state = step.state;
    if (step.next === 'ask-again') return wantAgain();
    if (step.next === 'settle') settle(step.digits === undefined ? { ok: false } : { ok: true, digits: step.digits });
  };
  return { given: tell, giveUp: () => tell(undefined) };
}

function secretGate(ask: SecretDigitsAsk, tries: number, reply: DigitsReply, { wantAgain, settle }: Outcome): Gate {
  const { turn, epoch, account, after } = reply;
  let gate = shutGate;
  const compare = async (keys: string) => {
    const verdict = await verdictOf(ask, keys, after);
    account({ type: 'pin-checked', turn, epoch, ok: verdict === 'right' });
    tell({ type: 'compared', verdict });
  };
  const perform = (intent: PinIntent) => {
    if (intent.do === 'ask-again') return wantAgain();
    if (intent.do === 'compare') return void compare(intent.keys);
    settle({ ok: intent.ok });
  };
  const tell = (event: PinEvent) => {
    const step = passGate(gate, event, { length: ask.length, tries });
    gate = step.gate;
    for (const next of step.intents) perform(next);
  };
  return { given: keys => tell({ type: 'given', keys }), giveUp: () => tell({ type: 'given-up' }) };
}

/** Whatever goes wrong with a comparison, nobody learns of the keys: not even the error is kept, which might hold them. */
function verdictOf(
  { check }: SecretDigitsAsk,
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
