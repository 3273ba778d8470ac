import { expect, test } from 'vitest';
import type { SummaryStep } from '../activities/post-summary.ts';
import { play } from '../testing/scripted-orchestration.ts';
import { sendSummary } from './send-summary.orchestrator.ts';

const start = { callId: 'c', wish: 'w' };
const minute = 60_000;

/** @param steps what the activity says, one after the other; the last again and again */
function played(...steps: SummaryStep[]) {
  const left = [...steps];
  const answer = ({ givenUp }: { givenUp?: true }): SummaryStep => {
    if (givenUp) return { state: 'failed', code: 'unfinished' };
    return (left.length > 1 ? left.shift() : left[0])!;
  };
  const { output, ran, endedAt } = play(sendSummary, {
    input: start,
    activities: { 'post-summary': answer },
    messages: [],
  });
  return { output, endedAt, asked: ran.map(({ at, input }) => ({ at, ...(input as object) })) };
}

const underWay: SummaryStep = { state: 'under-way', resume: 'r', afterMs: 3_000 };

test('it hands the message over, and asks how it fares when the service wants to be asked', () => {
  const { output, asked } = played(underWay, { state: 'sent' });
  expect(output).toBe('sent');
  expect(asked).toEqual([
    { at: 0, ...start },
    { at: 3_000, ...start, resume: 'r' },
  ]);
});

test('throttled, it comes again when it is told to, though that is hours', () => {
  const { output, asked } = played({ state: 'later', afterMs: 180 * minute }, { state: 'sent' });
  expect(output).toBe('sent');
  expect(asked.map(({ at }) => at)).toEqual([0, 180 * minute]);
});

test('a service that is away is asked ever more rarely, ten times', () => {
  const { output, asked, endedAt } = played({ state: 'later' });
  expect(output).toBe('failed');
  const at = asked.map(each => each.at);
  expect(at.slice(0, 5)).toEqual([0, 5_000, 15_000, 35_000, 75_000]);
  expect(asked).toHaveLength(11);
  expect(asked.at(-1)).toEqual({ at: endedAt, ...start, givenUp: true });
  expect(endedAt).toBeLessThan(60 * minute);
});

test('a message that never comes to an end is given up within the hour, and cost few questions', () => {
  const { output, asked, endedAt } = played(underWay);
  expect(output).toBe('failed');
  expect(asked.at(-1)).toMatchObject({ givenUp: true });
  expect(endedAt).toBeGreaterThan(50 * minute);
  expect(endedAt).toBeLessThanOrEqual(60 * minute);
  expect(asked.length).toBeLessThan(25);
});

test('a service that is away while the message is under way is asked about the same message', () => {
  const { output, asked } = played(underWay, { state: 'later' }, { state: 'sent' });
  expect(output).toBe('sent');
  expect(asked.map(each => 'resume' in each)).toEqual([false, true, true]);
});

test('with nothing to send it is over', () => {
  expect(played({ state: 'nothing' })).toMatchObject({ output: 'nothing', endedAt: 0 });
});
