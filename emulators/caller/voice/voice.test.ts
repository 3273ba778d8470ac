import { describe, expect, test } from 'vitest';
import { Resampler } from '../../acs/media/resample.ts';
import { createEveryBandDecoder, encodeText } from '../../tone/tone.ts';
import { bankVoices } from './bank.ts';
import { createVoice, type SpokenSound } from './voice.ts';

const SENTENCE = 'Where is my parcel, please? It was to come on Tuesday at nine.';
const voices = Array.from({ length: 6 }, (_, seed) => createVoice({ kind: 'speech', seed }));

function heard(pcm: Int16Array, sampleRate = 16_000): string {
  const line = new Int16Array(pcm.length + sampleRate / 10);
  line.set(pcm);
  return createEveryBandDecoder({ sampleRate })
    .push(line)
    .map(word => word.text)
    .join(' ');
}

function rms(pcm: Int16Array): number {
  return Math.sqrt(pcm.reduce((total, sample) => total + sample * sample, 0) / pcm.length);
}

test('the words of every voice are understood, also after the way to 24 kHz', () => {
  const upwards = new Resampler(16_000, 24_000);
  for (const voice of voices) {
    const { pcm } = voice.say(SENTENCE, 0);
    expect(heard(pcm)).toBe(SENTENCE);
    const frames = Array.from({ length: Math.ceil(pcm.length / 320) }, (_, i) => {
      const frame = new Int16Array(320);
      frame.set(pcm.subarray(i * 320, (i + 1) * 320));
      const wide = new Int16Array(480);
      upwards.run(Buffer.from(frame.buffer), Buffer.from(wide.buffer));
      return wide;
    });
    const wide = new Int16Array(frames.length * 480);
    for (const [i, frame] of frames.entries()) wide.set(frame, i * 480);
    expect(heard(wide, 24_000)).toBe(SENTENCE);
  }
});

test('speech begins with the first sample and ends with the last tone of its words', () => {
  const code = encodeText(SENTENCE, { sampleRate: 16_000, band: 'high' });
  for (const voice of voices) {
    const { pcm, words } = voice.say(SENTENCE, 0);
    const end = code.words.at(-1)!.endSample;
    expect(pcm.length).toBe(code.pcm.length);
    expect(pcm.subarray(end).every(sample => sample === 0)).toBe(true);
    expect(words.map(word => word.startSample)).toEqual(code.words.map(word => word.startSample));
    expect(rms(withoutCode(pcm).subarray(0, 160))).toBeGreaterThan(700);
    expect(rms(withoutCode(pcm).subarray(end - 800, end))).toBeGreaterThan(100);
  }

  function withoutCode(pcm: Int16Array): Int16Array {
    return pcm.map((sample, i) => sample - code.pcm[i]!);
  }
});

test('speech is four times as loud as its code, and both together have room to spare', () => {
  const code = rms(encodeText(SENTENCE, { sampleRate: 16_000, band: 'high' }).pcm);
  for (const voice of voices) {
    const { pcm } = voice.say(SENTENCE, 0);
    expect(rms(pcm)).toBeGreaterThan(4 * code);
    expect(pcm.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThan(20_000);
  }
});

test('what the bank says is never taken for words, and nothing of it is where the words are', () => {
  for (const { clips, backchannels } of bankVoices()) {
    for (const clip of [...clips, ...backchannels.values()]) expect(heard(clip)).toBe('');
  }
});

test('a seed always gives the same voice, and seeds give different ones', () => {
  const said = (seed: number): SpokenSound => createVoice({ kind: 'speech', seed }).say('Hello there.', 0);
  expect(said(4)).toEqual(said(4));
  const different = new Set(Array.from({ length: 20 }, (_, seed) => rms(said(seed).pcm)));
  expect(different.size).toBeGreaterThan(8);
});

describe('pauses', () => {
  const voice = createVoice({ kind: 'speech', seed: 1 });

  test('between parts are silent and as long as asked', () => {
    const { text, pcm, words } = voice.say(['I want', 700, 'um', 400, 'to pay.'], 0);
    expect(text).toBe('I want um to pay.');
    expect(heard(pcm)).toBe(text);
    const spoken = encodeText('I want', { sampleRate: 16_000 }).words.at(-1)!.endSample;
    expect(pcm.subarray(spoken, spoken + 700 * 16).every(sample => sample === 0)).toBe(true);
    expect(pcm[spoken - 200]).not.toBe(0);
    expect(words[2]).toEqual({ text: 'um', startSample: spoken + 700 * 16 });
  });

  test('part the words of a slow talker', () => {
    const { pcm, words } = voice.say('one two three', 300);
    expect(heard(pcm)).toBe('one two three');
    expect(words[1]!.startSample).toBe(encodeText('one', { sampleRate: 16_000 }).words[0]!.endSample + 300 * 16);
  });
});

test('backchannels sound as themselves, in any spelling, and are understood', () => {
  for (const voice of voices) {
    for (const word of ['uh-huh', 'Mm-hmm.', 'Yeah,', 'Okay.', 'right', 'I see']) {
      expect(heard(voice.backchannel(word).pcm)).toBe(word);
    }
  }
  const { clips, backchannels } = bankVoices()[0]!;
  expect([...backchannels.keys()]).toEqual(['uh-huh', 'mm-hmm', 'yeah', 'okay', 'right']);
  expect(clips.length).toBeGreaterThan(3);
  const voice = createVoice({ kind: 'speech', seed: 3 });
  expect(voice.backchannel('right')).toEqual(voice.backchannel('right'));
  expect(voice.say('right', 0).pcm).not.toEqual(voice.backchannel('right').pcm);
});

test('a tone voice is the code alone, in the telephone band', () => {
  const voice = createVoice({ kind: 'tone', seed: 1 });
  expect(voice.say('Hello you.', 0).pcm).toEqual(encodeText('Hello you.', { sampleRate: 16_000 }).pcm);
  expect(voice.backchannel('okay').pcm).toEqual(encodeText('okay', { sampleRate: 16_000 }).pcm);
});
