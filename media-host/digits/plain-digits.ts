/** A number that is no secret, by keys: asked for again where it is not whole, until patience ends. A fold. */
export interface GatheredDigits {
  tries: number;
  over: boolean;
}

export const nothingGathered: GatheredDigits = { tries: 0, over: false };

export interface GatherStep {
  state: GatheredDigits;
  next: 'nothing' | 'ask-again' | 'settle';
  digits?: string;
}

/** @param keys what was entered; undefined: nothing in time, or nobody waits any more */
export function gather(
  state: GatheredDigits,
  keys: string | undefined,
  { length, tries: most }: { length: number | undefined; tries: number },
): GatherStep {
  if (state.over) return { state, next: 'nothing' };
  const tries = state.tries + 1;
  const over = { tries, over: true };
  if (keys === undefined) return { state: over, next: 'settle' };
  const digits = keys.replaceAll(/\D/g, '');
  if (digits !== '' && (length === undefined || digits.length === length))
    return { state: over, next: 'settle', digits };
  return tries < most ? { state: { tries, over: false }, next: 'ask-again' } : { state: over, next: 'settle' };
}
