import { describe, expect, test } from 'vitest';
import {
  disputeFloor,
  type Floor,
  type FloorEvent,
  type FloorMove,
  type FloorRules,
  floorRules,
  floorWakesAt,
  undisputed,
} from './floor.ts';

type Heard = FloorEvent extends infer E ? (E extends { at: number } ? Omit<E, 'at'> & { at?: number } : never) : never;

/** Runs the events and every wake between them; tells each move with its time. */
function run(events: readonly (Heard & { at: number })[], rules: Partial<FloorRules> = {}) {
  const all = { ...floorRules, ...rules };
  let floor: Floor = undisputed;
  const moves: { at: number; move: FloorMove }[] = [];
  const apply = (event: FloorEvent) => {
    const step = disputeFloor(floor, event, all);
    floor = step.floor;
    if (step.move) moves.push({ at: event.at, move: step.move });
  };
  const wakeUntil = (until: number) => {
    for (let due = floorWakesAt(floor, all); due !== undefined && due <= until; due = floorWakesAt(floor, all)) {
      apply({ type: 'wake', at: due });
    }
  };
  for (const event of events) {
    wakeUntil(event.at);
    apply(event as FloorEvent);
  }
  wakeUntil(Number.MAX_SAFE_INTEGER);
  return moves;
}

/** Windows of 20 ms from `from` for `ms`. */
const sound = (from: number, ms: number, voice: boolean) =>
  Array.from({ length: ms / 20 }, (_, i) => ({
    type: 'sound' as const,
    at: from + 20 * (i + 1),
    ms: 20,
    voice,
  }));
const words = (at: number, meaning: 'stop' | 'backchannel' | 'content' | 'nothing', count = 1) =>
  ({ type: 'words', at, meaning, count }) as const;

describe('graded', () => {
  test('a cough lowers the voice at once and costs nothing more', () => {
    expect(run(sound(0, 300, false))).toEqual([
      { at: 40, move: 'lower' },
      { at: 480, move: 'raise' },
    ]);
  });

  test('a stop word stops as soon as it is heard', () => {
    const moves = run([...sound(0, 200, true), words(210, 'stop')]);
    expect(moves.at(-1)).toEqual({ at: 210, move: 'stop' });
  });

  test('a short "mm" is spoken through', () => {
    const moves = run([...sound(0, 240, true), words(260, 'backchannel')]);
    expect(moves.map(({ move }) => move)).toEqual(['lower', 'raise']);
  });

  test.each([
    ['uh-huh', 360],
    ['of course', 480],
  ])('"%s" costs a pause too short to be a silence', (_, ms) => {
    const moves = run([...sound(0, ms, true), words(ms + 20, 'backchannel')]);
    expect(moves.map(({ move }) => move)).toEqual(['lower', 'hold', 'give-back']);
    expect((moves[2]?.at ?? 0) - (moves[1]?.at ?? 0)).toBeLessThanOrEqual(300);
  });

  test('"yes, but" is heard to go on', () => {
    const moves = run([...sound(0, 280, true).slice(0, 10), words(200, 'backchannel'), ...sound(200, 400, true)]);
    expect(moves.map(({ move }) => move)).toEqual(['lower', 'hold', 'give-back']);
    expect(moves[1]?.at).toBeLessThanOrEqual(400);
  });

  test('a voice that goes on without words holds the floor, and its words then take it', () => {
    const moves = run([...sound(0, 600, true), words(650, 'content')]);
    expect(moves).toEqual([
      { at: 20, move: 'lower' },
      { at: 260, move: 'hold' },
      { at: 650, move: 'stop' },
    ]);
  });

  test('a held sentence is given back soon after a noise that sounded like a voice', () => {
    const moves = run(sound(0, 600, true));
    expect(moves.at(-1)?.move).toBe('give-back');
    expect((moves.at(-1)?.at ?? 0) - 600).toBeLessThanOrEqual(700);
  });

  test('steady noise lowers the voice for a while only', () => {
    const moves = run(sound(0, 10_000, false));
    expect(moves).toEqual([
      { at: 40, move: 'lower' },
      { at: 1500, move: 'raise' },
    ]);
  });
});

test('eager falls silent at any sound, and gives back what was no interruption', () => {
  expect(run(sound(0, 200, false), { policy: 'eager' })).toEqual([
    { at: 40, move: 'lower' },
    { at: 60, move: 'hold' },
    { at: 380, move: 'give-back' },
  ]);
});

test('patient yields to clear words only', () => {
  const policy = { policy: 'patient' } as const;
  expect(run([...sound(0, 2000, true), words(1000, 'content', 2)], policy).map(({ move }) => move)).not.toContain(
    'stop',
  );
  expect(run([...sound(0, 2000, true), words(1000, 'content', 3)], policy).map(({ move }) => move)).toContain('stop');
  expect(run([...sound(0, 300, true), words(280, 'stop')], policy).map(({ move }) => move)).toContain('stop');
});
