import type { Clock } from '../clock.ts';
import { type KeyPath, keyOf, noPresses, press } from './key-presses.ts';
import { type AnswerRules, completeAt, keyed, keysOf, nothingKeyed, numbered } from './keyed-answer.ts';

/**
 * The caller's keypad in one call. Presses become answers for the agent, or go to the tool that wants them, while it does:
 * a secret there and nowhere else. Keys that come when a secret is no longer wanted may still be a part of it: they are
 * dropped. Those of a number that is none stay what they are, keys the caller pressed.
 */
export interface Keypad {
  pressed(tone: string, from: KeyPath, sequence?: number): void;
  /** From now on keys are a secret of `length`. `given` is told once: the keys, or undefined where none came in time. */
  wantSecret(length: number, given: (keys: string | undefined) => void): void;
  /** From now on keys are a number, of `length` digits where that is known; told as above. */
  wantNumber(length: number | undefined, given: (keys: string | undefined) => void): void;
  /** Nobody waits for keys any more. */
  wantNone(): void;
  /** Keys are wanted, and none of them has come. */
  readonly awaitsFirst: boolean;
  end(): void;
}

export interface KeypadOptions {
  /** What ends an answer just now; `endKey: none`: only a pause. */
  rules(): { afterMs: number; endKey: string };
  clock: Clock;
  /** The caller is speaking: a number may be going on in words. */
  speaks(): boolean;
  /** A key was pressed that was not known of. */
  key(how: 'answer' | 'wanted' | undefined): void;
  answered(keys: readonly string[]): void;
}

const mostKeys = 32;
/** What is wanted has to begin within this time, and the keys of a secret to follow one another. */
const beginsWithinMs = 20_000;
const secretPauseMs = 5000;
const lookEveryMs = 200;
/** Keys may follow what was given: the # that ends it. A secret that was given up may come whole. */
const tailMs = { given: 1500, givenUp: 10_000 } as const;

interface Secret {
  keys: string;
  length: number;
  /** Absent once it was told. */
  given: ((keys: string | undefined) => void) | undefined;
  came: boolean;
}

interface Wanted {
  length: number | undefined;
  given(keys: string | undefined): void;
}

export function createKeypad({ rules, clock, speaks, key: told, answered }: KeypadOptions): Keypad {
  let presses = noPresses;
  let answer = nothingKeyed;
  let secret: Secret | undefined;
  /** What is being entered is a number that a tool wants. */
  let number: Wanted | undefined;
  let tail: { until: number; ms: number } | undefined;
  let forget: (() => void) | undefined;

  const later = (ms: number, run: () => void) => {
    forget?.();
    forget = clock.after(Math.max(0, ms), run);
  };

  const dropsFor = (ms: number) => {
    tail = { until: clock.now() + ms, ms };
  };

  const answerRules = (): AnswerRules => {
    const usual = { ...rules(), most: mostKeys };
    return number ? { ...usual, endKey: '#', most: number.length ?? mostKeys } : usual;
  };

  const completes = () => {
    const at = completeAt(answer, answerRules());
    if (at === undefined) return;
    if (at > clock.now()) return later(at - clock.now(), completes);
    if (number && at > answer.lastAt && speaks()) return later(lookEveryMs, completes);
    forget?.();
    const keys = keysOf(answer);
    answer = nothingKeyed;
    if (!number) return answered(keys);
    const digits = keys.filter(key => key !== '#').join('');
    // The # of what was given before, or pressed for nothing.
    if (digits === '') return awaitNumber(number);
    giveNumber(digits);
  };

  const giveNumber = (keys: string | undefined) => {
    forget?.();
    const given = number?.given;
    number = undefined;
    if (keys !== undefined) dropsFor(tailMs.given);
    given?.(keys);
  };

  const awaitNumber = (wanted: Wanted) => {
    number = wanted;
    later(beginsWithinMs, () => giveNumber(undefined));
  };

  const giveSecret = (keys: string | undefined) => {
    forget?.();
    const given = secret?.given;
    if (secret) secret = { ...secret, keys: '', given: undefined, came: keys !== undefined };
    given?.(keys);
  };

  const secretKey = (key: string) => {
    if (!secret?.given) return;
    if (key === '#') return giveSecret(secret.keys);
    secret.keys += key;
    if (secret.keys.length >= secret.length) return giveSecret(secret.keys);
    later(secretPauseMs, () => giveSecret(secret?.keys));
  };

  /** Keys that follow what was given, one after the other, are dropped. */
  const follows = (now: number): boolean => {
    if (!tail || number || now > tail.until) return false;
    tail.until = now + tail.ms;
    return true;
  };

  return {
    pressed: (tone, from, sequence) => {
      const key = keyOf(tone);
      const now = clock.now();
      if (key === undefined) return told(undefined);
      const step = press(presses, { key, from, sequence, at: now });
      presses = step.presses;
      if (!step.isNew) {
        if (step.press === undefined || sequence === undefined) return;
        answer = numbered(answer, step.press, sequence);
        return completes();
      }
      if (secret) {
        told('wanted');
        return secretKey(key);
      }
      if (follows(now)) return told(undefined);
      answer = keyed(answer, { press: step.press ?? 0, key, sequence }, now);
      told(number ? 'wanted' : 'answer');
      completes();
    },
    wantSecret: (length, given) => {
      // What was begun as an answer may be the beginning of the secret: nobody gets it.
      answer = nothingKeyed;
      secret = { keys: '', length, given, came: false };
      later(beginsWithinMs, () => giveSecret(undefined));
    },
    wantNumber: (length, given) => {
      // What was begun before it was wanted becomes the caller's answer, and with it the next turn.
      if (answer.keys.length === 0) awaitNumber({ length, given });
    },
    wantNone: () => {
      if (number) {
        number = undefined;
        forget?.();
        return completes();
      }
      if (!secret) return;
      forget?.();
      const { came } = secret;
      secret = undefined;
      dropsFor(came ? tailMs.given : tailMs.givenUp);
    },
    get awaitsFirst() {
      return number ? answer.keys.length === 0 : secret?.given !== undefined && secret.keys === '';
    },
    end: () => {
      forget?.();
      secret = undefined;
      number = undefined;
      answer = nothingKeyed;
    },
  };
}
