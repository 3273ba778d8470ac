import { audibleAgain, knewWho, longestPauseMs, lostTurns, wentOn } from './after-blow.ts';
import type { Through } from './booking-calls.ts';
import type { Booking, CarrierConduct } from './booking-system.ts';
import { atLeast, atMost, type BenchPromise, type BenchResult, machine, type Spread, spread } from './result.ts';

/** Everything that was measured, and what of it was promised. */
export interface Chaos {
  killed: Record<CarrierConduct, Through[]>;
  moved: Moved[];
  /** Frozen with its sockets open. */
  frozen: readonly Through[];
  bookings: readonly Booking[];
}

export interface Moved {
  conduct: CarrierConduct;
  through: readonly Through[];
  /** From telling the old host to leave to the media socket at the new one; infinite where it never came. */
  movedMs: readonly number[];
}

export function chaosResult({ killed, moved, frozen, bookings }: Chaos): BenchResult {
  const kills = (Object.keys(killed) as CarrierConduct[]).map(conduct => afterKill(conduct, killed[conduct]));
  const moves = [...moved.map(afterMove), afterFreeze(frozen)];
  const repeated = bookings.length - new Set(bookings.map(({ callId, table }) => `${callId} ${table}`)).size;
  return {
    name: 'chaos',
    machine: machine(),
    metrics: {
      ...Object.assign({}, ...[...kills, ...moves].map(({ metrics }) => metrics)),
      'tables booked': bookings.length,
    },
    promises: [
      ...[...kills, ...moves].flatMap(({ promises }) => promises),
      atLeast('tables booked at all', 1, bookings.length, 'tables'),
      atMost('effects carried out twice', 0, repeated, 'times'),
    ],
  };
}

interface Part {
  metrics: Record<string, number | Spread | Record<string, number>>;
  promises: BenchPromise[];
}

function afterKill(conduct: CarrierConduct, through: readonly Through[]): Part {
  const what = `killed, carrier ${conduct}`;
  const { metrics, again, noneLost } = afterPause(what, through);
  const on = through.filter(({ dropped, ordeal }) => !dropped && wentOn(ordeal)).length;
  return {
    metrics,
    promises: [
      atLeast(`${what}: calls that went on`, through.length, on, 'calls'),
      atMost(`${what}: audible again, p95`, 3000, again.p95, 'ms'),
      noneLost,
      atLeast(`${what}: records that are final`, through.length, counts(through).recorded, 'calls'),
    ],
  };
}

/** What callers notice of a host that fell silent without a word. */
function afterPause(what: string, through: readonly Through[]) {
  const audible = through.map(({ ordeal }) => audibleAgain(ordeal));
  const again = spread(audible.map(({ ms }) => ms));
  const lost = lostOf(through);
  return {
    again,
    metrics: {
      [`${what}: audible again, ms`]: again,
      [`${what}: calls`]: { ...counts(through), 'never audible again': audible.filter(({ heard }) => !heard).length },
      [`${what}: turns lost`]: lost,
    },
    noneLost: noTurnsLost(what, lost),
  };
}

const noTurnsLost = (what: string, lost: ReturnType<typeof lostOf>): BenchPromise =>
  atMost(`${what}: turns lost that had been heard`, 0, lost.caller + lost.agent, 'turns');

function afterMove({ conduct, through, movedMs }: Moved): Part {
  const what = `replaced, carrier ${conduct}`;
  const moves = spread(movedMs);
  return {
    metrics: {
      [`${what}: moved after, ms`]: moves,
      [`${what}: calls`]: counts(through),
      [`${what}: longest pause in a turn of the agent, ms`]: spread(
        through.map(({ ordeal }) => longestPauseMs(ordeal)),
      ),
    },
    promises: [
      atMost(`${what}: calls dropped`, 0, counts(through).dropped, 'calls'),
      atMost(`${what}: all calls moved after`, 60_000, moves.max, 'ms'),
      noTurnsLost(what, lostOf(through)),
    ],
  };
}

/** Nothing is promised of how long the control plane takes to be sure; a caller who waits longer than this hangs up. */
const longestFreezeMs = 25_000;

function afterFreeze(through: readonly Through[]): Part {
  const what = 'frozen';
  const { metrics, again, noneLost } = afterPause(what, through);
  return {
    metrics,
    promises: [
      atLeast(`${what}: calls that went on`, through.length, counts(through)['went on'], 'calls'),
      atMost(`${what}: calls dropped`, 0, counts(through).dropped, 'calls'),
      atMost(`${what}: audible again, longest`, longestFreezeMs, again.max, 'ms'),
      noneLost,
      atMost(`${what}: events missing in the journals`, 0, gapsOf(through), 'events'),
    ],
  };
}

/** Numbers that no event has: what one host wrote and another has overwritten. */
const gapsOf = (through: readonly Through[]): number =>
  through.reduce((sum, { ordeal: { events } }) => sum + Math.max(0, (events.at(-1)?.seq ?? -1) + 1 - events.length), 0);

const counts = (through: readonly Through[]) => ({
  all: through.length,
  dropped: through.filter(({ dropped }) => dropped).length,
  recorded: through.filter(({ recorded }) => recorded).length,
  'went on': through.filter(({ ordeal }) => wentOn(ordeal)).length,
  'knew who called': through.filter(({ ordeal, question }) => knewWho(ordeal, question)).length,
});

function lostOf(through: readonly Through[]): { caller: number; agent: number } {
  const all = through.map(({ ordeal }) => lostTurns(ordeal));
  const sum = (of: 'caller' | 'agent') => all.reduce((total, lost) => total + lost[of], 0);
  return { caller: sum('caller'), agent: sum('agent') };
}
