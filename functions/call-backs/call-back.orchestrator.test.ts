import { expect, test } from 'vitest';
import { play } from '../testing/scripted-orchestration.ts';
import { type CallBackStart, callBack, cancelEvent } from './call-back.orchestrator.ts';
import type { CallBackNews } from './call-backs.ts';
import type { Answered } from './look.ts';
import type { Placed } from './place.ts';

const hour = 3_600_000;
const quarter = hour / 4;
const start: CallBackStart = { id: 'b', callId: 'c', at: hour, target: '+15550199', scenario: 'support' };

interface Going {
  /** By try; undefined: it could not be placed. */
  place?: (number: number) => Placed | undefined;
  answered?: (callId: string) => Answered;
  cancelAt?: number;
}

function played({ place, answered = () => 'no', cancelAt }: Going = {}) {
  const placing = ({ number }: { number: number }) => {
    const placed = place ? place(number) : { state: 'placed', callId: `call-${number}` };
    if (!placed) throw new Error('away');
    return placed;
  };
  const { ran, ...rest } = play(callBack, {
    input: start,
    activities: {
      'place-call-back': placing,
      'look-at-call-back': ({ callId }: { callId: string }) => ({ answered: answered(callId) }),
      'note-call-back': () => ({}),
    },
    messages: cancelAt === undefined ? [] : [{ at: cancelAt, name: cancelEvent, message: {} }],
  });
  const of = (name: string) => ran.filter(each => each.name === name);
  const notes = of('note-call-back').map(({ input }) => input as CallBackNews);
  return { ...rest, rangAt: of('place-call-back').map(({ at }) => at), notes, last: notes.at(-1) };
}

test('at its time the caller is rung, and reached', () => {
  const { output, rangAt, notes, last } = played({ answered: () => 'yes' });
  expect(output).toBe('reached');
  expect(rangAt).toEqual([hour]);
  expect(notes.map(({ state }) => state)).toEqual(['ringing', 'reached']);
  expect(last?.tries).toEqual([{ at: new Date(hour).toISOString(), callId: 'call-1', reached: true }]);
});

test('who does not answer is rung twice more, a quarter of an hour after each', () => {
  const { output, rangAt, last } = played();
  expect(output).toBe('given-up');
  expect(rangAt).toHaveLength(3);
  for (const [i, at] of rangAt.slice(1).entries()) {
    expect(at - rangAt[i]!).toBeGreaterThanOrEqual(quarter);
    expect(at - rangAt[i]!).toBeLessThan(quarter + 60_000);
  }
  expect(last?.tries.map(({ callId, reached }) => ({ callId, reached }))).toEqual(
    [1, 2, 3].map(n => ({ callId: `call-${n}`, reached: false })),
  );
});

test('reached the second time, nobody is rung again', () => {
  const { output, rangAt } = played({ answered: callId => (callId === 'call-2' ? 'yes' : 'no') });
  expect(output).toBe('reached');
  expect(rangAt).toHaveLength(2);
});

test('a call of which nothing is heard counts as one that nobody answered', () => {
  expect(played({ answered: () => 'not-yet' })).toMatchObject({ output: 'given-up', rangAt: { length: 3 } });
});

test('a call that cannot be placed is tried again; one that is refused is not', () => {
  const away = played({
    place: number => (number < 3 ? undefined : { state: 'placed', callId: 'x' }),
    answered: () => 'yes',
  });
  expect(away).toMatchObject({ output: 'reached', rangAt: { length: 3 } });
  expect(played({ place: () => undefined })).toMatchObject({ output: 'failed', rangAt: { length: 3 } });
  expect(played({ place: () => ({ state: 'refused' }) })).toMatchObject({ output: 'failed', rangAt: { length: 1 } });
});

test.each([
  ['before its time', hour - 1, 0],
  ['while it rings', hour + 1_000, 1],
  ['between two tries', hour + quarter / 2, 1],
  ['between later tries', hour + 1.5 * quarter, 2],
])('cancelled %s, nobody is rung after it', (_, cancelAt, rung) => {
  const { output, rangAt, last } = played({ cancelAt });
  expect(output).toBe('cancelled');
  expect(last?.state).toBe('cancelled');
  expect(rangAt).toHaveLength(rung);
});
