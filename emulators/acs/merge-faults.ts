import type { AcsFaults } from './faults.ts';
import { defaultFaults } from './faults.ts';

const tokenFaults = ['none', 'expired', 'wrong-audience', 'wrong-issuer', 'unsigned', 'foreign-key', 'missing'];
const outcomes = ['answer', 'no-answer', 'busy', 'decline', 'unavailable', 'unreachable'];

const words: Partial<Record<keyof AcsFaults, readonly string[]>> = {
  usedContext: ['404/8522', '400/8523'],
  cognitiveServices: ['as-configured', 'missing'],
  outcome: outcomes,
  mediaDial: ['before-connected', 'after-connected'],
  connectOrder: ['random', 'connected-first', 'participants-first'],
  hangUpOrder: ['random', 'socket-first', 'event-first'],
  transferOrder: ['accepted-first', 'disconnected-first'],
  callbackToken: tokenFaults,
  mediaToken: tokenFaults,
  mediaDropHow: ['reset', 'close'],
};
const nullable: readonly (keyof AcsFaults)[] = [
  'throttleRetryAfterS',
  'mediaDropAtMs',
  'mediaHalfOpenAtMs',
  'queueCapMs',
];

/**
 * Sets the named switches on `faults`, all or none.
 * @throws Error naming the first switch that does not exist or has a wrong value, so that a typing error is not a silent pass.
 */
export function mergeFaults(faults: AcsFaults, patch: Record<string, unknown>): void {
  for (const [name, value] of Object.entries(patch)) check(name, value);
  Object.assign(faults, patch);
}

function check(name: string, value: unknown): void {
  const normal = defaultFaults();
  if (!(name in normal)) throw new Error(`No switch is called "${name}". Known: ${Object.keys(normal).join(', ')}.`);
  const { fits, what } = rule(name as keyof AcsFaults, normal, value);
  if (!fits) throw new Error(`The switch "${name}" must be ${what}, not ${JSON.stringify(value)}.`);
}

function rule(key: keyof AcsFaults, normal: AcsFaults, value: unknown): { fits: boolean; what: string } {
  const known = words[key];
  if (known) return { fits: known.includes(value as string), what: `one of ${known.join(', ')}` };
  if (key === 'onServerClose') return { fits: isClosePolicy(value), what: 'stop, failEvent or {reconnect, delayMs}' };
  if (key === 'outcomes') return { fits: isOutcomes(value), what: `an object of ${outcomes.join(', ')}` };
  if (nullable.includes(key)) return { fits: value === null || isCount(value), what: 'null or a number from 0' };
  if (Array.isArray(normal[key])) return { fits: isTexts(value), what: 'a list of texts' };
  if (typeof normal[key] === 'number') return { fits: isCount(value), what: 'a number from 0' };
  return { fits: typeof value === typeof normal[key], what: `a ${typeof normal[key]}` };
}

function isCount(value: unknown): boolean {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0;
}

function isTexts(value: unknown): boolean {
  return Array.isArray(value) && value.every(entry => typeof entry === 'string');
}

function isOutcomes(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.values(value).every(entry => outcomes.includes(entry));
}

function isClosePolicy(value: unknown): boolean {
  if (value === 'stop' || value === 'failEvent') return true;
  if (typeof value !== 'object' || value === null) return false;
  const { reconnect, delayMs } = value as { reconnect?: unknown; delayMs?: unknown };
  return isCount(reconnect) && isCount(delayMs);
}
