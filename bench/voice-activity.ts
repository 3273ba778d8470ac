import { bankVoices } from '../emulators/caller/voice/bank.ts';
import { judge, type Recording } from './judged-recording.ts';
import {
  add,
  atLevel,
  coughs,
  hiss,
  keys,
  music,
  type Random,
  rate,
  rmsOf,
  type Sound,
  seeded,
  soundOf,
  street,
  telephone,
} from './line-sounds.ts';
import { begins, delays, gated, percent, summary, type Trial, trial } from './onset-trials.ts';
import { atMost, type Benchmark, type BenchPromise, type BenchResult, machine, rounded, spread } from './result.ts';

/**
 * How soon and how surely the detectors tell a caller's voice: trials as if the agent were speaking a second before each
 * onset, and sound without a voice. The voices are synthetic and were chosen to begin clearly, so a ranking holds for people
 * and an exact figure may not.
 */
const detectors = ['silero', 'level'] as const;
type Detector = (typeof detectors)[number];

const quietLine = 26;
const speechLevel = 2500;

export const voiceActivity: Benchmark = {
  about: 'onsets of a caller’s voice, and what else is taken for one',
  run: async (say, { quick }) => {
    const trials = quick ? 12 : 48;
    const adverseMs = quick ? 60_000 : 300_000;
    const metrics: BenchResult['metrics'] = {};
    const promises: BenchPromise[] = [];
    for (const detector of detectors) {
      say(`  ${detector}: ${trials} onsets on each line, ${adverseMs / 1000} s of each other sound`);
      promises.push(
        ...(await judgeSpeech(detector, trials, metrics)),
        ...(await judgeNoise(detector, adverseMs, metrics)),
      );
      for (const calls of [1, 25]) {
        const { cost } = await judge(
          detector,
          speech(seeded(9), quick ? 4 : 12, line => line),
          calls,
        );
        const perSecond = cost.cpuUs / calls / (cost.audioMs / 1000);
        metrics[`${detector}: CPU per s of sound, ${calls} at once, µs`] = rounded(perSecond);
        if (detector === 'silero' && calls > 1)
          promises.push(atMost('silero: CPU per s of sound, 25 calls at once', 2500, perSecond, 'µs'));
      }
    }
    return { name: 'voice-activity', machine: machine(), metrics, promises };
  },
};

type Line = (voice: Sound, random: Random) => Sound;
const withNoise =
  (noise: (ms: number, random: Random) => Sound, db: number): Line =>
  (voice, random) => {
    const line = atLevel(noise((voice.length * 1000) / rate, random), speechLevel * 10 ** (-db / 20));
    add(line, voice, 0);
    return line;
  };
const lines: Record<string, Line> = {
  clean: voice => voice,
  telephone: voice => telephone(voice),
  'hiss 20 dB below': withNoise(hiss, 20),
  'hiss 10 dB below': withNoise(hiss, 10),
  'street 10 dB below': (voice, random) => telephone(withNoise(street, 10)(voice, random)),
};

async function judgeSpeech(
  detector: Detector,
  trials: number,
  metrics: BenchResult['metrics'],
): Promise<BenchPromise[]> {
  const all = { sound: [] as Trial[], voice: [] as Trial[] };
  const clear: Trial[] = [];
  for (const [name, line] of Object.entries(lines)) {
    const recording = speech(seeded(name.length), trials, line);
    const { told } = await judge(detector, recording);
    const sound = recording.onsets.map(onset => trial(told, onset, ({ heard }) => heard !== 'quiet'));
    const voice = recording.onsets.map(onset => trial(told, onset, ({ heard }) => heard === 'voice'));
    metrics[`${detector}: onset to sound, ${name}, ms`] = summary(sound);
    metrics[`${detector}: onset to voice, ${name}, ms`] = summary(voice);
    all.sound.push(...sound);
    all.voice.push(...voice);
    if (name === 'clean' || name === 'telephone') clear.push(...sound);
  }
  const over = overOurVoice(seeded(4), trials);
  const { told } = await judge(detector, over);
  const believed = told.map(gated);
  const talkedOver = over.onsets.map(onset => trial(believed, onset, ({ heard }) => heard === 'voice'));
  metrics[`${detector}: onset to voice over our own, gated, ms`] = summary(talkedOver);
  const clearSpread = spread(delays(clear));
  const missed = percent(all.voice, 'missed');
  const sound = atMost(`${detector}: onset to sound on a clear line, p95`, 60, clearSpread.p95, 'ms');
  if (detector === 'level') return [sound];
  return [
    sound,
    atMost('silero: onset to voice on all lines, p50', 100, spread(delays(all.voice)).p50, 'ms'),
    atMost('silero: onsets missed on all lines', 2, missed, '%'),
    atMost('silero: onsets missed or too early over our own voice', 2, 100 - percent(talkedOver, 'told'), '%'),
    atMost('silero: voice told before there was one', 2, percent(all.voice, 'early'), '%'),
  ];
}

async function judgeNoise(detector: Detector, ms: number, metrics: BenchResult['metrics']): Promise<BenchPromise[]> {
  const sounds: Record<string, (random: Random) => Recording> = {
    'coughs and clicks': random => bare(coughs(ms, random)),
    keys: random => bare(telephone(keys(ms, random))),
    hiss: random => bare(atLevel(hiss(ms, random), 790)),
    street: random => bare(atLevel(street(ms, random), 790)),
    music: random => bare(music(ms, random)),
    'echo 20 dB below, gated': random => echo(random, ms, 20),
    'echo 30 dB below, gated': random => echo(random, ms, 30),
  };
  const perHour: Record<string, number> = {};
  for (const [name, make] of Object.entries(sounds)) {
    const { told } = await judge(detector, make(seeded(name.length)));
    perHour[name] = rounded((begins(told.map(gated)) * 3_600_000) / ms);
  }
  metrics[`${detector}: false voices an hour`] = perHour;
  const worst = (...names: string[]) => Math.max(...names.map(name => perHour[name] ?? Number.NaN));
  const echoes = atMost(
    `${detector}: our own echo taken for a caller`,
    0,
    worst('echo 20 dB below, gated', 'echo 30 dB below, gated'),
    'per h',
  );
  if (detector === 'level') return [echoes];
  return [
    echoes,
    atMost(
      'silero: coughs, keys and noise taken for a voice',
      12,
      worst('coughs and clicks', 'keys', 'hiss', 'street'),
      'per h',
    ),
  ];
}

/** Utterances of all voices, 2.5 s apart, at levels of -4 to +2 dB and paces of 0.9 to 1.1. */
function speech(random: Random, count: number, line: Line): Recording {
  const utterances = Array.from({ length: count }, (_, i) => utterance(random, i));
  const gap = rate * 2.5;
  const voice = new Float64Array(utterances.reduce((total, each) => total + gap + each.length, gap));
  const onsets: number[] = [];
  let at = gap;
  for (const each of utterances) {
    add(voice, each, at);
    onsets.push(((at + onsetOf(each)) * 1000) / rate);
    at += each.length + gap;
  }
  return { caller: withHum(line(voice, random), random), onsets };
}

function utterance(random: Random, i: number): Sound {
  const voices = bankVoices();
  const voice = voices[i % voices.length]!;
  const clip = voice.clips[Math.floor(random() * voice.clips.length)]!;
  const pace = 0.9 + 0.2 * random();
  const paced = soundOf((clip.length / pace / rate) * 1000, n => {
    const x = n * pace;
    const left = Math.floor(x);
    return (clip[left] ?? 0) * (1 - (x - left)) + (clip[left + 1] ?? 0) * (x - left);
  });
  return atLevel(paced, speechLevel * 10 ** ((random() * 6 - 4) / 20));
}

/** The first 10 ms louder than 12 % of the whole. */
function onsetOf(sound: Sound): number {
  const hop = rate / 100;
  const gate = 0.12 * rmsOf(sound);
  let at = 0;
  while (at < sound.length && rmsOf(sound, at, at + hop) < gate) at += hop;
  return at;
}

function withHum(sound: Sound, random: Random): Sound {
  return sound.map(sample => sample + (random() * 2 - 1) * quietLine * Math.sqrt(3));
}

const bare = (caller: Sound): Recording => ({ caller: withHum(caller, seeded(3)), onsets: [] });

/** The agent speaks all the time and comes back through the caller's loudspeaker, 180 ms later. */
function echo(random: Random, ms: number, db: number): Recording {
  const played = new Float64Array((ms * rate) / 1000);
  for (let at = rate, i = 0; at < played.length - 3 * rate; i++) {
    const said = utterance(random, i);
    add(played, said, at);
    at += said.length + Math.round(random() * rate);
  }
  const caller = new Float64Array(played.length);
  add(caller, atLevel(played, rmsOf(played) * 10 ** (-db / 20)), rate * 0.18);
  return { ...bare(caller), played };
}

/** A caller who speaks over an agent that comes back 20 dB softer. */
function overOurVoice(random: Random, count: number): Recording {
  const { caller, onsets } = speech(random, count, voice => voice);
  const { caller: back, played } = echo(random, (caller.length * 1000) / rate, 20);
  add(caller, back, 0);
  return { caller, onsets, ...(played && { played }) };
}
