import { expect, test } from 'vitest';
import { simulate, type TurnResult } from './testing/calls.ts';

/**
 * The population is in testing/callers.ts: 165 ± 30 words a minute; 8, 22 or 45 % of turns with a hesitation (21 %
 * overall); pauses log-normal around 600 ms within 300 to 1200; 15 % of them after words that could have been all; two
 * of five with an "um" that recognition drops half the time; half of the callers leave up to 120 ms between words;
 * hypotheses 300 ms apart, 60 to 140 ms late, one in twenty with a wrong last word, their end in the sound known to 25 ms;
 * finals 560 to 1500 ms after the last sound, with a full stop half the time in mid-sentence
 * too. Eleven turns in a hundred give digits, an e-mail or postal address or letters, with pauses after seven in ten
 * groups. Four languages.
 */
const mean = (numbers: readonly number[]): number =>
  Math.round(numbers.reduce((sum, ms) => sum + ms, 0) / numbers.length);
const quantile = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)]!;
const cutShare = (turns: readonly TurnResult[]): number =>
  turns.filter(turn => turn.cuts.length > 0).length / turns.length;

function panel(name: string, turns: readonly TurnResult[]): string {
  const delays = turns.map(turn => turn.delayMs);
  const percent = (share: number): string => `${(100 * share).toFixed(2)} %`;
  return (
    `${name.padEnd(9)} ${String(turns.length).padStart(5)} turns, delay mean ${mean(delays)} p50 ${quantile(delays, 0.5)}` +
    ` p95 ${quantile(delays, 0.95)} ms, cut off ${percent(cutShare(turns))},` +
    ` last word wrong or missing ${percent(turns.filter(turn => turn.short).length / turns.length)}`
  );
}

const SEEDS = [1, 2, 3, 4];

test('callers are answered within 350 ms on average and cut off in at most 3 % of turns', () => {
  const turns = SEEDS.flatMap(seed => simulate({ seed, calls: 200, turnsPerCall: 8 }));
  const byKind = Object.entries(Object.groupBy(turns, turn => turn.kind)).map(([kind, of]) => panel(kind, of ?? []));
  console.log([panel('all', turns), ...byKind].join('\n'));
  expect(turns.length).toBeGreaterThanOrEqual(2000);
  expect(turns.filter(turn => !Number.isFinite(turn.delayMs))).toEqual([]);
  expect(mean(turns.map(turn => turn.delayMs))).toBeLessThanOrEqual(350);
  expect(cutShare(turns)).toBeLessThanOrEqual(0.03);
});

test.each(['digits', 'email', 'spelling'] as const)('nobody is cut off while giving %s', only => {
  const turns = SEEDS.flatMap(seed => simulate({ seed, calls: 50, turnsPerCall: 4, only }));
  console.log(panel(only, turns));
  expect(turns.flatMap(turn => turn.cuts)).toEqual([]);
});

test('where recognition does not tell when its words were said, turns end later', () => {
  const turns = simulate({ seed: 12, calls: 100, turnsPerCall: 8, hearing: { wordTimes: false } });
  console.log(panel('timeless', turns));
  expect(turns.filter(turn => !Number.isFinite(turn.delayMs))).toEqual([]);
  expect(mean(turns.map(turn => turn.delayMs))).toBeLessThanOrEqual(450);
  expect(cutShare(turns)).toBeLessThanOrEqual(0.04);
});

test('without voice detection the words alone end turns, later', () => {
  const turns = simulate({ seed: 11, calls: 100, turnsPerCall: 8, hearing: { voiceDetection: false } });
  console.log(panel('deaf', turns));
  expect(turns.filter(turn => !Number.isFinite(turn.delayMs))).toEqual([]);
  expect(mean(turns.map(turn => turn.delayMs))).toBeLessThanOrEqual(1000);
  expect(cutShare(turns)).toBeLessThanOrEqual(0.1);
});

test('who hesitates is waited for longer than who does not', () => {
  const turns = simulate({ seed: 1, calls: 100, turnsPerCall: 16 });
  const plain = turns.filter(turn => turn.cuts.length === 0 && !turn.pauses);
  const delay = (share: number): number =>
    mean(plain.filter(turn => turn.who.hesitates === share).map(turn => turn.delayMs));
  expect(delay(0.45)).toBeGreaterThan(delay(0.08));
});
