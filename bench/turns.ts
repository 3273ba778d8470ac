/**
 * What is said in every call of the capacity benchmark, and when: caller and agent take turns every eight seconds of the
 * call's own sound. Whoever plays a part in the benchmark reads it here, so that both sides of a comparison do one work.
 */
export const greeting = 'Hello, this is the capacity benchmark. How can I help?';
export const callerSays = 'When do you open on Saturday?';
/** Two sentences: the agent's runtime has each made by itself. */
export const agentSays = ['We open at nine in the morning.', 'Shall I book a visit?'] as const;

export const turnMs = 8000;
const firstTurnMs = 5000;
const mostTurns = 60;

/** Where the caller begins to speak, in ms of the call's sound. */
export const turnStarts = (): number[] => Array.from({ length: mostTurns }, (_, n) => firstTurnMs + n * turnMs);

/** What recognition says, and at which ms of the sound: three partials, then the phrase half a second after the voice. */
export function recognitions(): { atMs: number; say: 'hypothesis' | 'phrase'; text: string }[] {
  const words = callerSays.split(' ');
  const partial = (count: number) => words.slice(0, count).join(' ');
  return turnStarts().flatMap(start => [
    { atMs: start + 600, say: 'hypothesis' as const, text: partial(2) },
    { atMs: start + 1100, say: 'hypothesis' as const, text: partial(4) },
    { atMs: start + 1600, say: 'hypothesis' as const, text: callerSays },
    { atMs: start + 2200, say: 'phrase' as const, text: callerSays },
  ]);
}
