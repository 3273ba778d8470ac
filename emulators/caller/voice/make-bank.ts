/**
 * Makes the callers' voices: `apt-get install espeak-ng`, then `node emulators/caller/voice/make-bank.ts`. Of many sentences
 * it keeps those whose beginning a neural voice detector notices soonest, since synthetic onsets are not all alike.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { encodeText } from '../../tone/tone.ts';
import { type BankIndex, expandMuLaw, WAVE_HEADER_BYTES } from './bank.ts';
import { openSilero, type Silero, WINDOW } from './silero.ts';
import { durationMs, faded, fromEspeak, levelled, RATE, telephoned, withoutPauses } from './studio.ts';

const VOICES = [
  { voice: 'en-us+m3', pitch: 35 },
  { voice: 'en-gb-scotland', pitch: 55 },
  { voice: 'en-us+f4', pitch: 60 },
  { voice: 'en-us+f3', pitch: 75 },
];
const SENTENCES = [
  'One moment, my neighbour wanted a new lamp.',
  'And then we were looking for yellow umbrellas.',
  'Only later did anyone borrow another ladder.',
  'Maybe nobody knew where all of it had gone.',
  'All morning long they were moving around.',
  'Any of those rooms would be large enough.',
  'Now and again a wagon goes along our lane.',
  'Ella will arrive in the early evening.',
  'You never know how well a garden will grow.',
  'No one on our road owns a red wheelbarrow.',
  'Iron and amber were worn by men and women.',
  'Learning another language may be enough.',
];
const KEPT_PER_VOICE = 5;
const CLIP_MS = 1300;
/** As espeak-ng is to pronounce them, and as long as the code of the word is to sound with a full stop behind it, in ms. */
const BACKCHANNELS = { 'uh-huh': "[[V h'V]]", 'mm-hmm': "[[@m h'@m]]", yeah: 'yeah', okay: 'okay', right: 'right' };
const codeMs = (word: string): number => (word.length + 4) * 40 - 10;

interface Take {
  pcm: Int16Array;
  /** From the first sample to the end of the first window that sounds like a voice, in ms, at worst. */
  noticedMs: number;
  /** Part of the windows that sound like a voice. */
  share: number;
}

async function judged(pcm: Int16Array, silero: Silero): Promise<Take> {
  const code = encodeText('x'.repeat(60), { sampleRate: RATE, band: 'high' }).pcm;
  let noticedMs = 0;
  let voiced = 0;
  let windows = 0;
  for (const offset of [0, 64, 128, 192, 256, 320, 384, 448]) {
    const lead = WINDOW * 20 + offset;
    const line = new Int16Array(lead + pcm.length);
    for (let i = 0; i < pcm.length; i += 1) line[lead + i] = pcm[i]! + code[i % code.length]!;
    const told = (await silero.listen(line)).slice(20);
    const first = told.findIndex(p => p > 0.3);
    noticedMs = Math.max(noticedMs, first < 0 ? 1000 : ((first + 1) * WINDOW - offset) / 16);
    voiced += told.filter(p => p > 0.3).length;
    windows += told.length;
  }
  return { pcm, noticedMs, share: voiced / windows };
}

async function clipsOf({ voice, pitch }: (typeof VOICES)[number], silero: Silero): Promise<Take[]> {
  const takes: Take[] = [];
  for (const sentence of SENTENCES) {
    const pcm = telephoned(faded(withoutPauses(levelled(fromEspeak(voice, sentence, { pitch, speed: 170 })))));
    takes.push(await judged(pcm.subarray(0, (CLIP_MS * RATE) / 1000), silero));
  }
  return takes.sort((a, b) => a.noticedMs - b.noticedMs || b.share - a.share).slice(0, KEPT_PER_VOICE);
}

/** Of the speeds and pitches at which the word lasts about as long as its code, the one that is noticed soonest. */
async function backchannelOf(
  { voice, pitch }: (typeof VOICES)[number],
  [word, pronounced]: [string, string],
  silero: Silero,
): Promise<Take> {
  const wanted = (codeMs(word) * RATE) / 1000;
  const takes: Take[] = [];
  for (let speed = 110; speed <= 400; speed += 10) {
    for (const change of [-8, 0, 8, 16]) {
      const sound = levelled(fromEspeak(voice, pronounced, { pitch: pitch + change, speed }));
      const share = durationMs(sound) / codeMs(word);
      if (share < 0.85 || share > 1.03) continue;
      takes.push(await judged(telephoned(faded(sound)).subarray(0, wanted), silero));
    }
  }
  const best = takes.sort((a, b) => a.noticedMs - b.noticedMs || b.share - a.share)[0];
  if (!best) throw new Error(`${voice} cannot say "${word}" in ${codeMs(word)} ms.`);
  return best;
}

function compressed(sample: number): number {
  let best = 0;
  for (let byte = 1; byte < 256; byte += 1) {
    if (Math.abs(expandMuLaw(byte) - sample) < Math.abs(expandMuLaw(best) - sample)) best = byte;
  }
  return best;
}

function waveFile(samples: Uint8Array): Buffer {
  const header = Buffer.alloc(WAVE_HEADER_BYTES);
  header.write('RIFF', 0, 'latin1');
  header.writeUInt32LE(WAVE_HEADER_BYTES - 8 + samples.length, 4);
  header.write('WAVEfmt ', 8, 'latin1');
  header.writeUInt32LE(18, 16);
  header.writeUInt16LE(7, 20); // mu-law
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(RATE, 24);
  header.writeUInt32LE(RATE, 28);
  header.writeUInt16LE(1, 32);
  header.writeUInt16LE(8, 34);
  header.write('fact', 38, 'latin1');
  header.writeUInt32LE(4, 42);
  header.writeUInt32LE(samples.length, 46);
  header.write('data', 50, 'latin1');
  header.writeUInt32LE(samples.length, 54);
  return Buffer.concat([header, samples]);
}

const silero = await openSilero();
if (!silero) throw new Error('The voice detector is missing. Run `npm install` with optional packages.');
console.log(execFileSync('espeak-ng', ['--version']).toString().trim());
const index: BankIndex = { voices: [] };
const parts: Int16Array[] = [];
let samples = 0;
const keep = (name: string, { pcm, noticedMs, share }: Take): [number, number] => {
  console.log(`${name}: ${Math.round(pcm.length / 16)} ms, noticed in ${noticedMs} ms, voiced ${share.toFixed(2)}`);
  parts.push(pcm);
  samples += pcm.length;
  return [samples - pcm.length, samples];
};
for (const one of VOICES) {
  const clips = (await clipsOf(one, silero)).map(take => keep(one.voice, take));
  const backchannels: Record<string, [number, number]> = {};
  for (const entry of Object.entries(BACKCHANNELS)) {
    backchannels[entry[0]] = keep(`${one.voice} "${entry[0]}"`, await backchannelOf(one, entry, silero));
  }
  index.voices.push({ name: one.voice, clips, backchannels });
}
const bytes = Buffer.concat(parts.map(part => Buffer.from(Uint8Array.from(part, compressed))));
writeFileSync(new URL('bank.wav', import.meta.url), waveFile(bytes));
writeFileSync(new URL('bank.json', import.meta.url), `${JSON.stringify(index, undefined, 2)}\n`);
console.log(`${index.voices.length} voices, ${(samples / RATE).toFixed(1)} s, ${bytes.length} bytes`);
