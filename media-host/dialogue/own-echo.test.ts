import { describe, expect, test } from 'vitest';
import { createOwnEcho } from './own-echo.ts';

/** The agent is audible from 1000 to 5000 and says `spoken`. */
function line(spoken: string, { echoes = true } = {}) {
  let heard = 0;
  const echo = createOwnEcho({ lately: () => spoken, before: () => '', heard: () => heard++ });
  echo.audible(true, 1000);
  if (echoes) echo.callersPart(spoken, 1200, 3000);
  return { echo, heard: () => heard };
}

const spoken = 'Yes, the walk begins at the old harbour.';

test('our own words, sent back, are nobody’s', () => {
  const { echo, heard } = line(spoken);
  expect(heard()).toBe(1);
  expect(echo.callersPart('the old', 2000, 3000)).toBeUndefined();
  echo.audible(false, 5000);
  expect(echo.callersPart('yes the', 4900, 6000)).toBeUndefined();
});

test('the caller’s words among them are the caller’s', () => {
  const { echo } = line(spoken);
  echo.sounded(2400);
  expect(echo.callersPart('the walk begins at wait', 2000, 3000)).toEqual({ text: 'wait', unsaid: 'wait' });
});

test('an answer that repeats the question is heard, where somebody sounded after us', () => {
  const { echo } = line('Tuesday or Wednesday?');
  echo.audible(false, 5000);
  expect(echo.callersPart('Tuesday', 5300, 6500)).toBeUndefined();
  echo.sounded(5600);
  expect(echo.callersPart('Tuesday', 5300, 6500)).toEqual({ text: 'Tuesday' });
});

describe('on a line that does not echo', () => {
  test('the same words over ours are the caller’s', () => {
    const { echo } = line('No, we are closed.', { echoes: false });
    echo.sounded(2100);
    expect(echo.callersPart('no', 2000, 2300)).toEqual({ text: 'no' });
  });
});
