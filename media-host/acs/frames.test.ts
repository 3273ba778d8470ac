import { existsSync, readFileSync } from 'node:fs';
import { createOutboundAudioData, createOutboundStopAudioData } from '@azure/communication-call-automation';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallError } from '../../contracts/error.ts';
import { audioMessage, readMessage, stopAudioMessage } from './frames.ts';

const pcm = Uint8Array.from({ length: 640 }, (_, i) => (i * 7) % 256);
const base64 = Buffer.from(pcm).toString('base64');
const read = (text: string) => readMessage(Buffer.from(text));

describe('what ACS says', () => {
  test('a frame of sound is read with its speaker, whatever the order of its fields', () => {
    const sound = { kind: 'audio', pcm, silent: false, speaker: '4:+15550100' };
    expect(
      read(
        `{"kind":"AudioData","audioData":{"timestamp":"2024-11-15T19:16:12.925Z","participantRawID":"4:+15550100","data":"${base64}","silent":false}}`,
      ),
    ).toEqual(sound);
    expect(
      read(
        `{"kind":"AudioData","audioData":{"timestamp":"t","data":"${base64}","silent":false,"participantRawID":"4:+15550100"}}`,
      ),
    ).toEqual(sound);
  });

  test('a silent frame is sound too, and mixed sound has no speaker', () => {
    expect(read(`{"kind":"AudioData","audioData":{"timestamp":"t","data":"${base64}","silent":true}}`)).toEqual({
      kind: 'audio',
      pcm,
      silent: true,
      speaker: undefined,
    });
  });

  test.each([
    `{"Kind":"AudioData","AudioData":{"Data":"${base64}","Silent":false}}`,
    `{ "kind" : "audioData", "audioData" : { "data" : "${base64}" } }`,
  ])('other spellings are read as well', text => {
    expect(read(text)).toMatchObject({ kind: 'audio', pcm });
  });

  test('metadata and tones are read, unknown kinds are named', () => {
    expect(
      read(
        '{"kind":"AudioMetadata","audioMetadata":{"subscriptionId":"s","encoding":"PCM","sampleRate":24000,"channels":1,"length":960}}',
      ),
    ).toEqual({
      kind: 'metadata',
      sampleRate: 24_000,
      channels: 1,
      encoding: 'PCM',
    });
    expect(read('{"kind":"DtmfData","dtmfData":{"data":"#"}}')).toEqual({ kind: 'dtmf', tone: '#' });
    expect(read('{"kind":"TranscriptionData","transcriptionData":{}}')).toEqual({
      kind: 'other',
      name: 'TranscriptionData',
    });
  });

  test('half a sample is dropped, no sound is no sound', () => {
    const odd = Buffer.from(pcm.subarray(0, 641 - 2 + 0)).subarray(0, 639);
    expect(read(`{"kind":"AudioData","audioData":{"data":"${odd.toString('base64')}"}}`)).toMatchObject({
      pcm: pcm.slice(0, 638),
    });
    expect(read('{"kind":"AudioData","audioData":{"data":""}}')).toMatchObject({ pcm: new Uint8Array(0) });
  });

  test('what is no message is a named error and nothing else', () => {
    for (const text of [
      '',
      '{',
      '[]',
      'null',
      '{"kind":7}',
      '{"kind":"AudioData","audioData":{"data":"###"}}',
      '{"kind":"AudioMetadata"}',
      '{"kind":"DtmfData","dtmfData":{}}',
    ]) {
      expect(() => read(text)).toThrow(CallError);
    }
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), bytes => {
        try {
          readMessage(Buffer.from(bytes));
        } catch (error) {
          expect(error).toBeInstanceOf(CallError);
        }
      }),
    );
  });

  const recorded = '../shared/data/acs-payloads/44-ws-inbound-frames.json';
  test.skipIf(!existsSync(recorded))(
    'every recorded message is understood (needs the recorded payloads beside the checkout)',
    () => {
      const kinds = (JSON.parse(readFileSync(recorded, 'utf8')) as unknown[]).map(
        message => read(JSON.stringify(message)).kind,
      );
      expect(kinds).toEqual(['metadata', 'audio', 'dtmf', 'other', 'other']);
    },
  );
});

describe('what we say', () => {
  test('sound and StopAudio are byte for byte what the SDK writes', () => {
    expect(audioMessage(pcm).toString()).toBe(createOutboundAudioData(base64));
    expect(stopAudioMessage.toString()).toBe(createOutboundStopAudioData());
  });

  test('two calls read in turn do not mix', () => {
    const one = read(`{"kind":"AudioData","audioData":{"data":"${base64}","participantRawID":"a"}}`);
    read('{"kind":"DtmfData","dtmfData":{"data":"1"}}');
    expect(one).toMatchObject({ kind: 'audio', speaker: 'a' });
  });
});
