import { hopSamples, soundLevel } from './sound-level.ts';
import { unforetold } from './tone-guard.ts';
import type { Attention, VoiceWindow } from './voice-activity.ts';
import { windowSamples } from './voice-model.ts';

/**
 * One call's sound in windows of 32 ms, judged by level: sound is what stands out from the line's floor, a voice is sound
 * that lasts and is no tone. Windows are counted from the first sample, so chunks of any size give the same judgement.
 */
export interface LevelJudge {
  hear(pcm: Int16Array): void;
  /** Coarsely it does not look for tones, so that nothing is a voice. */
  attend(how: Attention): void;
}

export interface LevelListener {
  /** Sound began inside the window that is not whole yet. */
  begins(rms: number, endMs: number): void;
  /** Sound ended inside the window that is not whole yet; told only while attention is coarse. */
  ends(rms: number, endMs: number): void;
  /** The next window is whole: `window` counts from 0, its samples lie in the ring. */
  window(heard: VoiceWindow['heard'], rms: number, endMs: number): void;
}

export const windowMs = 32;
const hopMs = 8;
const hopsPerWindow = windowSamples / hopSamples;

/** A voice is loud in 96 ms of 128. */
const voiceWindows = 4;
const voiceHops = 12;
/** Two tones leave less than this of themselves unforetold, a voice more. */
const toneRest = 0.01;

/** @param ring takes the last samples; a whole number of windows. */
export function levelJudge(ring: Int16Array, listener: LevelListener): LevelJudge {
  const level = soundLevel();
  const loudHops = new Uint8Array(voiceWindows);
  let heard = 0;
  let at = 0;
  let inHop = 0;
  let hopSquares = 0;
  let windowSquares = 0;
  let hops = 0;
  let loud = 0;
  let sounding = false;
  let sound = false;
  let closely = false;

  const endHop = () => {
    const was = sounding;
    sounding = level.next(hopSquares / hopSamples);
    if (level.loud) loud++;
    sound ||= sounding;
    windowSquares += hopSquares;
    const inWindow = (hops % hopsPerWindow) + 1;
    hops++;
    if (!sounding && was && !closely) sound = false;
    if (inWindow === hopsPerWindow) endWindow();
    else if (sounding !== was && (sounding || !closely)) {
      const rms = Math.sqrt(windowSquares / (inWindow * hopSamples));
      if (sounding) listener.begins(rms, hops * hopMs);
      else listener.ends(rms, hops * hopMs);
    }
  };

  const endWindow = () => {
    loudHops[heard % voiceWindows] = closely && loud > 0 && !isTone() ? loud : 0;
    let lasting = 0;
    for (const count of loudHops) lasting += count;
    heard++;
    listener.window(
      !sound ? 'quiet' : lasting >= voiceHops ? 'voice' : 'sound',
      Math.sqrt(windowSquares / windowSamples),
      heard * windowMs,
    );
    sound = false;
    loud = 0;
    windowSquares = 0;
  };

  const isTone = () => unforetold(ring, (at + ring.length - windowSamples) % ring.length, windowSamples) < toneRest;

  return {
    attend: how => {
      closely = how === 'closely';
    },
    hear: pcm => {
      for (let from = 0; from < pcm.length; ) {
        const to = Math.min(pcm.length, from + hopSamples - inHop);
        // A hop never crosses the end of the ring.
        const shift = at - from;
        let squares = 0;
        for (let i = from; i < to; i++) {
          const sample = pcm[i]!;
          ring[i + shift] = sample;
          squares += sample * sample;
        }
        hopSquares += squares;
        inHop += to - from;
        at += to - from;
        from = to;
        if (inHop < hopSamples) return;
        if (at === ring.length) at = 0;
        endHop();
        inHop = 0;
        hopSquares = 0;
      }
    },
  };
}
