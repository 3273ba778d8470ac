import { expect, test } from 'vitest';
import { createCall } from '../call.ts';
import { callMaker } from './mode.ts';

test('the cascade carries media calls; a mode that is not offered is refused with the setting to change', () => {
  expect(callMaker('media')).toBe(createCall);
  expect(() => callMaker('voice_live')).toThrow(
    /"voice_live" is not available here. Known: media. Set ACS_STREAMING_MODE/,
  );
});
