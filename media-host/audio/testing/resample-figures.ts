import { createResampler, type SampleRate } from '../resample.ts';
import { decibels, rms, tone, toneFit } from './tone-fit.ts';

/**
 * `node media-host/audio/testing/resample-figures.ts`: what the resampler does to pure tones fed in frames of 20 ms, and
 * how fast, as one line of JSON. The benchmark starts it and judges.
 */
const directions: readonly (readonly [SampleRate, SampleRate])[] = [
  [24_000, 16_000],
  [16_000, 24_000],
  [8000, 16_000],
  [16_000, 8000],
  [48_000, 16_000],
  [16_000, 48_000],
];
const peak = 16_000;
const settledMs = 20;

function resampled(from: SampleRate, to: SampleRate, hz: number, chunkMs: number): Int16Array {
  const resampler = createResampler({ from, to });
  const pcm = tone({ hz, rate: from, ms: 1000, peak });
  const chunk = (from * chunkMs) / 1000;
  const out = new Int16Array(to);
  let at = 0;
  for (let i = 0; i < pcm.length; i += chunk) {
    const part = resampler.push(pcm.subarray(i, i + chunk));
    out.set(part, at);
    at += part.length;
  }
  return out.subarray((to * settledMs) / 1000);
}

function figuresOf(from: SampleRate, to: SampleRate) {
  const nyquist = Math.min(from, to) / 2;
  const band = [200, 440, 1013, 1337, 2000, 3000, 3400, 5000, 6000].filter(hz => hz <= 0.85 * nyquist);
  const fits = band.map(hz => ({ hz, ...toneFit(resampled(from, to, hz, 20), hz, to) }));
  const gains = fits.map(fit => decibels(fit.peak / peak));
  const above = [1.125, 1.1875, 1.25, 1.4, 1.45].map(share => share * nyquist).filter(hz => hz < from / 2);
  return {
    direction: `${from / 1000} → ${to / 1000} kHz`,
    snrDb: Object.fromEntries(fits.map(({ hz, snrDb }) => [`${hz} Hz`, snrDb])),
    rippleDb: Math.max(...gains.map(Math.abs)),
    // A sound of 16 bits cannot tell less than half a step.
    aliasDb: Object.fromEntries(
      above.map(hz => [`${hz} Hz`, decibels((Math.max(rms(resampled(from, to, hz, 20)), 0.5) * Math.SQRT2) / peak)]),
    ),
    borderError: borderError(from, to),
    driftSamples: driftOfAMinute(from, to),
    delayMs: (createResampler({ from, to }).delaySamples * 1000) / to,
    timesRealTime: speed(from, to),
  };
}

/** The largest difference between a stream cut into frames and the same stream in one piece. */
function borderError(from: SampleRate, to: SampleRate): number {
  const whole = resampled(from, to, 1013, 1000);
  const cut = [10, 20, 50].map(chunkMs => resampled(from, to, 1013, chunkMs));
  return Math.max(...cut.map(pcm => pcm.reduce((most, x, i) => Math.max(most, Math.abs(x - (whole[i] ?? 0))), 0)));
}

/** A minute in pieces of 481 samples, which fit no ratio. */
function driftOfAMinute(from: SampleRate, to: SampleRate): number {
  const { push } = createResampler({ from, to });
  const piece = new Int16Array(481);
  let made = 0;
  for (let left = from * 60; left > 0; left -= piece.length) made += push(piece.subarray(0, left)).length;
  return Math.abs(made - to * 60);
}

/** The median of ten runs over ten seconds of frames, in processor time: what else the machine does is not our speed. */
function speed(from: SampleRate, to: SampleRate): number {
  const { push } = createResampler({ from, to });
  const frame = tone({ hz: 1013, rate: from, ms: 20, peak });
  const runs = Array.from({ length: 11 }, () => {
    const before = process.cpuUsage();
    for (let i = 0; i < 500; i++) push(frame);
    const { user, system } = process.cpuUsage(before);
    return 10_000_000 / (user + system);
  });
  // The first run also compiles.
  return runs.slice(1).sort((a, b) => a - b)[5] ?? 0;
}

export type ResampleFigures = ReturnType<typeof figuresOf>;

process.stdout.write(`${JSON.stringify({ ready: true, figures: directions.map(pair => figuresOf(...pair)) })}\n`);
