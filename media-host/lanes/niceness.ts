import { readlinkSync } from 'node:fs';
import os from 'node:os';

/**
 * Lets this thread step back behind others where the system schedules threads one by one (Linux): what is heard and said
 * goes before what is thought, and both before what is written down.
 * @param niceness 0 (as everybody) to 19
 * @returns whether it could be done
 */
export function stepBack(niceness: number): boolean {
  try {
    const thread = Number(readlinkSync('/proc/thread-self').split('/').at(-1));
    os.setPriority(thread, niceness);
    return os.getPriority(thread) === niceness;
  } catch {
    // Elsewhere a thread has no priority of its own; it shares the process's.
    return false;
  }
}
