import { createHash } from 'node:crypto';

/** `digits` hex digits that are the same for the same parts; looks like the ids of the service, repeats in tests. */
export function hex(digits: number, ...parts: (string | number)[]): string {
  return createHash('sha256').update(parts.join('\n')).digest('hex').slice(0, digits);
}
