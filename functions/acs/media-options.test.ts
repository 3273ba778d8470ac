import { expect, test } from 'vitest';
import { callSecret } from '../../contracts/call-id.ts';
import { callbackUrl } from './call-automation.ts';
import { mediaOptions } from './media-options.ts';

test('ACS is asked for sound both ways from the first moment, at the rate the mode speaks', () => {
  expect(mediaOptions('wss://media/x', 'media', { ACS_AUDIO_CHANNEL: 'unmixed' })).toEqual({
    ...{ transportType: 'websocket', transportUrl: 'wss://media/x', contentType: 'audio', audioChannelType: 'unmixed' },
    ...{ startMediaStreaming: true, enableBidirectional: true, audioFormat: 'Pcm16KMono', enableDtmfTones: true },
  });
  expect(mediaOptions('wss://media/x', 'voice_live', { ACS_AUDIO_CHANNEL: 'mixed' })).toMatchObject({
    ...{ audioFormat: 'Pcm24KMono', audioChannelType: 'mixed', enableBidirectional: true },
  });
});

test('the address of callbacks is the configured one, or the public address of the functions', () => {
  const key = { CALL_SECRET: 'sixteen characters' };
  const secret = callSecret(key.CALL_SECRET, 'callbacks', 'abc');
  const url = (ACS_CALLBACK_URL: string | undefined) =>
    callbackUrl({ ...key, BASE_URL: 'https://f/', ACS_CALLBACK_URL }, 'abc');
  expect(url(undefined)).toBe(`https://f/api/v1/calls/abc/callbacks/${secret}`);
  expect(url('https://front/cb/')).toBe(`https://front/cb/abc/callbacks/${secret}`);
});
