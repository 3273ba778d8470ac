import type { EventEmitter } from 'node:events';

/**
 * A customer's tool may leave a promise or a timer behind whose failure belongs to nobody. One such tool must not end the
 * thread in which all calls think; what it threw may hold somebody's words, so only its kind is told.
 */
export function outlivingStrays(thread: EventEmitter, told: (kind: string) => void): void {
  const stray = (error: unknown) => told(error instanceof Error ? error.name : typeof error);
  thread.on('unhandledRejection', stray);
  thread.on('uncaughtException', stray);
}
