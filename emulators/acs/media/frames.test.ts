import { StreamingData } from '@azure/communication-call-automation';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { audioFrame, audioMetadata, audioMiddle, dtmfData, parseOutbound, silentFrame, stampOf } from './frames.ts';

const stamp = '2026-09-15T11:35:34.159Z';

describe('frames to the app', () => {
  test('are JSON the SDK parses, whatever the audio and the participant', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 960 }), fc.option(fc.string(), { nil: undefined }), (pcm, rawId) => {
        const message = JSON.parse(audioFrame(stamp, audioMiddle(rawId), Buffer.from(pcm)));
        expect(message).toEqual({
          kind: 'AudioData',
          audioData: {
            timestamp: stamp,
            ...(rawId === undefined ? {} : { participantRawID: rawId }),
            data: Buffer.from(pcm).toString('base64'),
            silent: false,
          },
        });
      }),
    );
    expect(() => StreamingData.parse(silentFrame(stamp, audioMiddle('4:+15550100'), 24_000))).not.toThrow();
    expect(StreamingData.getStreamingKind()).toBe('AudioData');
    expect(JSON.parse(silentFrame(stamp, audioMiddle(undefined), 16_000)).audioData.silent).toBe(true);
    expect(() => StreamingData.parse(audioMetadata('id', 16_000))).not.toThrow();
    expect(JSON.parse(dtmfData('#'))).toEqual({ kind: 'DtmfData', dtmfData: { data: '#' } });
  });

  test('of one millisecond share a time stamp', () => {
    expect(stampOf(1_000_000)).toBe(stampOf(1_000_900));
    expect(Date.parse(stampOf(5_000_000))).toBeCloseTo(Date.now(), -3);
  });
});

describe('frames from the app', () => {
  const bytes = fc.uint8Array({ maxLength: 400 });

  test('mean the same in every spelling, order and spacing', () => {
    fc.assert(
      fc.property(
        bytes,
        fc.boolean(),
        fc.constantFrom(0, 2),
        fc.constantFrom('upper', 'lower', 'camel'),
        (pcm, first, spaces, casing) => {
          const data = Buffer.from(pcm).toString('base64');
          const spell = (key: string) =>
            casing === 'upper' ? key[0]!.toUpperCase() + key.slice(1) : casing === 'lower' ? key.toLowerCase() : key;
          const kind = { [spell('kind')]: spell('audioData') };
          const audio = {
            [spell('audioData')]: { [spell('data')]: data, [spell('isSilent')]: false },
            [spell('stopAudio')]: {},
          };
          const text = JSON.stringify(first ? { ...kind, ...audio } : { ...audio, ...kind }, null, spaces);
          expect(parseOutbound(text)).toEqual({ kind: 'audio', pcm: Buffer.from(pcm) });
        },
      ),
    );
  });

  test('may escape their base64, as .NET does with plus', () => {
    const text = '{"Kind":"AudioData","AudioData":{"Data":"\\u002B\\u002B8A"}}';
    expect(parseOutbound(text)).toEqual({ kind: 'audio', pcm: Buffer.from('++8A', 'base64') });
  });

  test('stop by kind alone', () => {
    expect(parseOutbound('{"Kind":"StopAudio","AudioData":null,"StopAudio":{}}')).toEqual({ kind: 'stop' });
    expect(parseOutbound('{"kind":"stopAudio","audioData":{"data":"AAAA"}}')).toEqual({ kind: 'stop' });
  });

  test('that mean nothing are unknown, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), text => {
        expect(parseOutbound(text).kind).toBe('unknown');
      }),
    );
    for (const text of ['{"kind":"audioData"}', '{"kind":"audioData","audioData":{"data":"AAA', 'null', '[]']) {
      expect(parseOutbound(text).kind).toBe('unknown');
    }
  });
});
