import type { Clock } from '../clock.ts';
import { type KeyPath, keyOf, noPresses, press } from './key-presses.ts';
import { type AnswerRules, completeAt, keyed, keysOf, nothingKeyed, numbered } from './keyed-answer.ts';

/**
 * The caller's keypad in one call. Presses become answers for the agent, or, while a secret is wanted, go to who wants it
 * and nowhere else. Keys that come when a secret is no longer wanted may still be a part of it: they are dropped.
 */
export interface Keypad {
  pressed(tone: string, from: KeyPath, sequence?: number): void;
  /** From now on keys are a secret of `length`. `given` is told once: the keys, or undefined where none came in time. */
  wantSecret(length: number, given: (keys: string | undefined) => void): void;
  /** Nobody waits for a secret any more. */
  wantNone(): void;
  /** A secret is wanted, and none of its keys has come. */
  readonly awaitsFirst: boolean;
  end(): void;
}

export interface KeypadOptions {
  afterMs: number;
  /** `none`: only a pause ends an answer. */
  endKey: string;
  clock: Clock;
  /** A key was pressed that was not known of. */
  key(how: 'answer' | 'secret' | undefined): void;
  answered(keys: readonly string[]): void;
}

const mostKeys = 32;
/** A secret has to begin within this time, and its keys to follow one another. */
const secretBeginsMs = 20_000;
const secretPauseMs = 5000;
/** Keys may follow a secret that was given: the # that ends it. One that was given up may come whole. */
const tailMs = { given: 1500, givenUp: 10_000 } as const;

interface Secret {
  keys: string;
  length: number;
  /** Absent once it was told. */
  given: ((keys: string | undefined) => void) | undefined;
  came: boolean;
}

export function createKeypad({ afterMs, endKey, clock, key: told, answered }: KeypadOptions): Keypad {
  const rules: AnswerRules = { afterMs, endKey, most: mostKeys };
  let presses = noPresses;
  let answer = nothingKeyed;
  let secret: Secret | undefined;
  let tail: { until: number; ms: number } | undefined;
  let forget: (() => void) | undefined;

  const later = (ms: number, run: () => void) => {
    forget?.();
    forget = clock.after(Math.max(0, ms), run);
  };

  const completes = () => {
    const at = completeAt(answer, rules);
    if (at === undefined) return;
    if (at > clock.now()) return later(at - clock.now(), completes);
    forget?.();
    const keys = keysOf(answer);
    answer = nothingKeyed;
    answered(keys);
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

  /** Keys that follow a secret, one after the other, are dropped. */
  const follows = (now: number): boolean => {
    if (!tail || now > tail.until) return false;
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
        told('secret');
        return secretKey(key);
      }
      if (follows(now)) return told(undefined);
      answer = keyed(answer, { press: step.press ?? 0, key, sequence }, now);
      told('answer');
      completes();
    },
    wantSecret: (length, given) => {
      // What was begun as an answer may be the beginning of the secret: nobody gets it.
      answer = nothingKeyed;
      secret = { keys: '', length, given, came: false };
      later(secretBeginsMs, () => giveSecret(undefined));
    },
    wantNone: () => {
      if (!secret) return;
      forget?.();
      const ms = secret.came ? tailMs.given : tailMs.givenUp;
      secret = undefined;
      tail = { until: clock.now() + ms, ms };
    },
    get awaitsFirst() {
      return secret?.given !== undefined && secret.keys === '';
    },
    end: () => {
      forget?.();
      secret = undefined;
      answer = nothingKeyed;
    },
  };
}
