/**
 * Listens for recordings in a stream. Every 5 ms in which there is sound could be the beginning of each of them; a guess
 * lives while its fingerprint agrees with what is heard, and is believed once it stands alone.
 */
import type { HeardWord, SoundEar } from '../stt/hearing.ts';
import { HOP_MS } from '../stt/loudness.ts';
import { changeOf, createBalance, FEATURES, STEP_MS } from './fingerprint.ts';
import type { Recording } from './recording.ts';
import { BANDS, createSpectrum, windowLength } from './spectrum.ts';

interface Guess {
  recording: Recording;
  /** Hop of the stream in which the recording began. */
  startHop: number;
  steps: number;
  agreement: number;
  heardPower: number;
  knownPower: number;
}

const STEP_HOPS = STEP_MS / HOP_MS;
/** Steps after which a guess is weighed for the first time, and what it needs then and later (correlation). */
const FIRST_WEIGHING = 8;
const LEAST_AT_FIRST = 0.35;
const ENOUGH_STEPS = 12;
const ENOUGH_EARLY = 0.72;
const ENOUGH = 0.6;
const SURE_STEPS = 20;
/** A guess is believed when no other recording comes this close. */
const MARGIN = 0.15;
/** Older steps count less: what is heard now must agree too. Half after about 0.7 s. */
const FADE = 0.98;
const GRACE_HOPS = 100 / HOP_MS;
/** Silence where the recording sounds, after which it has been cut off. */
const CUT_OFF_HOPS = 200 / HOP_MS;
const REST_HOPS = 200 / HOP_MS;
const SOFT_BEGINNING_HOPS = 200 / HOP_MS;

export function createPhrasebookEar(recordings: readonly Recording[], sampleRate: number): SoundEar {
  const length = windowLength(sampleRate);
  const spectrum = createSpectrum(sampleRate);
  const past = new Float64Array(length);
  const bands = new Float64Array(BANDS);
  const features = new Float64Array(FEATURES);
  let before = new Float64Array(BANDS);
  let now = new Float64Array(BANDS);
  let balance = createBalance();
  let guesses: Guess[] = [];
  let believed: { guess: Guess; told: number } | undefined;
  let hops = 0;
  let quietHops = REST_HOPS;
  let missing = 0;
  let sounding = false;
  let heldUntil = 0;

  const hopSamples = (HOP_MS * sampleRate) / 1000;
  const sampleAt = ({ startHop }: Guess, ms: number): number => Math.round((startHop + ms / HOP_MS) * hopSamples);
  const elapsedMs = ({ startHop }: Guess): number => (hops - startHop) * HOP_MS;

  function listen(): void {
    spectrum(past, bands);
    [before, now] = [now, before];
    balance.logBands(bands, now);
    changeOf(before, now, features);
    if (!believed && quietHops < STEP_HOPS) guessAnew();
    sounding = quietHops < STEP_HOPS;
    for (const guess of guesses) weigh(guess);
    guesses = guesses.filter(guess => guess === believed?.guess || isAlive(guess));
  }

  function guessAnew(): void {
    // A soft beginning is only noticed late: after silence, the recording may have begun a while ago.
    const furthest = sounding ? STEP_HOPS : SOFT_BEGINNING_HOPS;
    for (const recording of recordings) {
      for (let back = 0; back < furthest; back += 1) {
        guesses.push({
          recording,
          startHop: hops - 1 - back,
          steps: 0,
          agreement: 0,
          heardPower: 1e-9,
          knownPower: 1e-9,
        });
      }
    }
  }

  function weigh(guess: Guess): void {
    const known = guess.recording.features[hops - 1 - guess.startHop];
    if (!known) return;
    let agreement = 0;
    let heardPower = 0;
    let knownPower = 0;
    for (let i = 0; i < FEATURES; i += 1) {
      agreement += features[i]! * known[i]!;
      heardPower += features[i]! * features[i]!;
      knownPower += known[i]! * known[i]!;
    }
    guess.steps += 1;
    guess.agreement = guess.agreement * FADE + agreement;
    guess.heardPower = guess.heardPower * FADE + heardPower;
    guess.knownPower = guess.knownPower * FADE + knownPower;
  }

  function isAlive(guess: Guess): boolean {
    if (guess.steps >= FIRST_WEIGHING && scoreOf(guess) < LEAST_AT_FIRST) return false;
    if (guess.steps >= SURE_STEPS && scoreOf(guess) < ENOUGH) return false;
    return elapsedMs(guess) <= guess.recording.durationMs + GRACE_HOPS * HOP_MS;
  }

  /** Believes the best guess once it is good enough and alone, or the one that ends with the sound. */
  function decide(): void {
    const good = guesses.filter(isGood).sort((a, b) => scoreOf(b) - scoreOf(a));
    const best = good[0];
    if (!best) return;
    const rival = good.find(guess => guess.recording !== best.recording);
    const ended = good.find(guess => quietHops * HOP_MS >= 80 && elapsedMs(guess) >= guess.recording.durationMs);
    const chosen = !rival || scoreOf(best) - scoreOf(rival) >= MARGIN ? best : ended;
    if (!chosen) return;
    believed = { guess: chosen, told: 0 };
    missing = 0;
    heldUntil = sampleAt(chosen, chosen.recording.durationMs);
    guesses = [chosen];
  }

  function tellWords(): HeardWord[] {
    if (!believed) return [];
    const { guess } = believed;
    const { words, durationMs, loud } = guess.recording;
    const ms = elapsedMs(guess);
    const expected = loud[hops - 1 - guess.startHop] ?? false;
    if (quietHops === 0) missing = 0;
    else if (expected) missing += 1;
    const cutOff = missing >= CUT_OFF_HOPS || (guess.steps >= SURE_STEPS && scoreOf(guess) < LEAST_AT_FIRST);
    const over = ms >= durationMs;
    // While the sound is missing, its words wait: they may never have been said.
    const saidBy = cutOff || (missing > 0 && !over) ? 0 : ms;
    const said = words.slice(believed.told).filter(word => word.endMs <= saidBy);
    believed.told += said.length;
    if (cutOff) heldUntil = 0;
    if (cutOff || over) {
      believed = undefined;
      guesses = [];
    }
    return said.map(({ text, startMs, endMs }) => ({
      text,
      startSample: sampleAt(guess, startMs),
      endSample: sampleAt(guess, endMs),
    }));
  }

  return {
    push(hop, loud) {
      past.copyWithin(0, hop.length);
      past.set(hop, length - hop.length);
      hops += 1;
      quietHops = loud ? 0 : quietHops + 1;
      if (quietHops >= REST_HOPS && guesses.length === 0) {
        now.fill(0);
        sounding = false;
        return [];
      }
      if (hops % STEP_HOPS === 0) {
        listen();
        if (!believed) decide();
      }
      return tellWords();
    },
    holdsUntil: () => heldUntil,
    phraseOver() {
      guesses = [];
      believed = undefined;
      heldUntil = 0;
      balance = createBalance();
    },
  };
}

function scoreOf({ agreement, heardPower, knownPower }: Guess): number {
  return agreement / Math.sqrt(heardPower * knownPower);
}

function isGood(guess: Guess): boolean {
  const enoughSteps = Math.min(ENOUGH_STEPS, Math.floor(guess.recording.durationMs / STEP_MS) - 1);
  return guess.steps >= enoughSteps && scoreOf(guess) >= (guess.steps < SURE_STEPS ? ENOUGH_EARLY : ENOUGH);
}
