import type { Clock } from '../clock.ts';

/**
 * Whether a call has been without ears for longer than a listener would bear. It is told once, and once more when ears
 * are back; a short absence is nobody's business, since no sound is lost.
 */
export interface Deafness {
  /** The caller's sound comes in. */
  sound(clock: Clock): void;
  away(at: number, code: string): void;
  /** Recognition runs. @returns whether it is the first time. */
  listening(): boolean;
  look(at: number): void;
}

const patienceMs = 1500;

export function createDeafness({ lost, again }: { lost(code: string): void; again(): void }): Deafness {
  let everHeard = false;
  let awaySince: number | undefined;
  let code = 'connection';
  let told = false;
  return {
    sound: clock => {
      if (!everHeard && awaySince === undefined) awaySince = clock.now();
    },
    away: (at, why) => {
      awaySince ??= at;
      code = why;
    },
    listening: () => {
      const first = !everHeard;
      everHeard = true;
      awaySince = undefined;
      if (told) again();
      told = false;
      return first;
    },
    look: at => {
      if (told || awaySince === undefined || at - awaySince < patienceMs) return;
      told = true;
      lost(code);
    },
  };
}
