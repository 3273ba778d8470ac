import type { HeardMark } from '../journal/resume.ts';
import type { Speaking } from './speaking.ts';

/** Of 20 ms each. */
const markEveryPumps = 25;

/**
 * Tells from time to time how far the agent's words have sounded: at most half a second of them is said again by a host
 * that takes over on the same disk.
 *
 * @returns to be called every 20 ms
 */
export function createHeardMarks({ heardSoFar }: Pick<Speaking, 'heardSoFar'>, mark: (mark: HeardMark) => void) {
  let pumps = 0;
  let marked = '';
  return () => {
    if (++pumps % markEveryPumps !== 0) return;
    const heard = heardSoFar();
    if (!heard || heard.heard === marked) return;
    marked = heard.heard;
    mark(heard);
  };
}
