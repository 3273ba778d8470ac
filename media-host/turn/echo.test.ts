import { describe, expect, test } from 'vitest';
import { isEcho, unsaid, withoutEcho } from './echo.ts';

const spoken = 'The walk begins at the old harbour, and it takes two hours.';

test.each(['the walk begins', 'Begins at the old harbour.', 'walk at the harbour and it', 'THE OLD'])(
  '"%s" is what the agent has just said',
  heard => expect(isEcho(heard, spoken)).toBe(true),
);

test.each(['wait', 'what about the train', 'harbour old the', ''])('"%s" is not', heard =>
  expect(isEcho(heard, spoken)).toBe(false),
);

describe('where the caller speaks over an echo', () => {
  test('the caller’s words are left, in their own spelling', () => {
    expect(withoutEcho('the walk begins Yeah, okay at the old harbour', spoken)).toBe('Yeah, okay');
    expect(withoutEcho('the Stop.', spoken)).toBe('Stop.');
    expect(withoutEcho('Sorry, how long is the walk?', spoken)).toBe('Sorry, how long is the walk?');
  });

  test('only words the agent did not say ask for the floor', () => {
    expect(unsaid('the begins yeah at', spoken)).toBe('yeah');
    expect(unsaid('wait the walk', spoken)).toBe('wait');
    expect(unsaid('the old harbour', spoken)).toBe('');
  });
});
