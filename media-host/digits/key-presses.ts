/**
 * Each press of a key, once. A press may come by two paths, the media socket and the carrier's callback, or by either
 * alone, and a callback may be late or repeated. A press that one path tells and the other has told already is its twin;
 * presses of one path are never each other's, so that a key pressed twice counts twice.
 */
export type KeyPath = 'socket' | 'callback';

export interface KeyTold {
  key: string;
  from: KeyPath;
  /** Of callbacks: orders them. */
  sequence?: number | undefined;
  at: number;
}

export interface KeyPresses {
  /** Presses told by one path only so far, oldest first. */
  single: readonly (KeyTold & { press: number })[];
  presses: number;
  /** Sequence numbers of callbacks, newest last. */
  sequences: readonly number[];
}

export const noPresses: KeyPresses = { single: [], presses: 0, sequences: [] };

/** `press`: its number, also where it was known; `undefined`: a callback that came a second time. */
export interface PressStep {
  presses: KeyPresses;
  press: number | undefined;
  isNew: boolean;
}

/** A twin may be so much later: the slow path crosses three services. */
const twinWithinMs = 15_000;
const rememberedSequences = 64;

export function press(before: KeyPresses, told: KeyTold): PressStep {
  const { sequence, at, from, key } = told;
  if (sequence !== undefined && before.sequences.includes(sequence))
    return { presses: before, press: undefined, isNew: false };
  const sequences =
    sequence === undefined ? before.sequences : [...before.sequences, sequence].slice(-rememberedSequences);
  const single = before.single.filter(one => at - one.at <= twinWithinMs);
  const twin = single.find(one => one.from !== from && one.key === key);
  if (twin)
    return {
      presses: { ...before, sequences, single: single.filter(one => one !== twin) },
      press: twin.press,
      isNew: false,
    };
  const number = before.presses + 1;
  return {
    presses: { sequences, presses: number, single: [...single, { ...told, press: number }] },
    press: number,
    isNew: true,
  };
}

const named: Readonly<Record<string, string>> = { pound: '#', hash: '#', asterisk: '*', star: '*' };
const digits = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/** The key as a keypad has it: 0 to 9, *, #, A to D. Undefined for anything else. */
export function keyOf(tone: string): string | undefined {
  const name = tone.trim().toLowerCase();
  const digit = digits.indexOf(name);
  const key = digit === -1 ? (named[name] ?? name).toUpperCase() : String(digit);
  return /^[0-9*#A-D]$/.test(key) ? key : undefined;
}
