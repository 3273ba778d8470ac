/** Loudness as everything that listens here measures it: root mean square in sample units, 0 to 32,767. */

/** What is softer than -50 dBFS is no sound for anybody: a line's hiss, a phone on a table. */
export const leastRms = 32_768 * 10 ** (-50 / 20);

export function rmsOf(pcm: Int16Array): number {
  if (pcm.length === 0) return 0;
  let squares = 0;
  for (let i = 0; i < pcm.length; i++) squares += pcm[i]! * pcm[i]!;
  return Math.sqrt(squares / pcm.length);
}

/** A ratio of loudness in decibels as a factor of root mean squares. */
export const decibels = (db: number): number => 10 ** (db / 20);
