/**
 * When the caller has finished. A fold over the caller's voice and words; the silence it asks for depends on how
 * complete the words sound and on how this caller pauses. It acts on a hypothesis without waiting for its final (which
 * is a segmentation silence and a lag away), but not before the hypothesis can hold the last word: where recognition
 * tells until when its words were said, words that reach to the end of the voice are all there is.
 */
import type { Expectation } from '../../contracts/agent.ts';
import { type CallerPauses, cutIn, isPause, paused, silenceFor, turned, typicalPauses } from './caller-pauses.ts';
import { type Completeness, completeness } from './completeness.ts';
import { reconcile } from './words/reconcile.ts';

export { reconcile } from './words/reconcile.ts';

export interface EndOfTurnRules {
  language: string;
  /** What the agent asked for. */
  expects: Expectation;
  /** How many digits the agent asked for, where that is known. */
  digits?: number;
  /** The recogniser's declared lag from the end of speech to its final, ms. */
  sttLagMs: number;
  /** The recogniser closes a phrase after this much silence, ms; its final proves that much. @default 500 */
  segmentationMs?: number;
  /** How often hypotheses come while words are said, ms. @default 300 */
  partialEveryMs?: number;
  /** From a word's end to a hypothesis that may hold it, ms. @default 100 */
  partialLagMs?: number;
  /** The silence asked of a caller not known yet, ms. @default 180, 250, 1100, 1300, 1500 */
  silenceMs?: Readonly<Record<Completeness, number>>;
  /** After a final, voice that brings no words for this long is noise, ms. @default 2500 */
  noiseMs?: number;
}

const defaults = {
  segmentationMs: 500,
  partialEveryMs: 300,
  partialLagMs: 100,
  silenceMs: { complete: 180, likely: 250, open: 1100, unfinished: 1300, collecting: 1500 },
  noiseMs: 2500,
};

type Rules = Required<Omit<EndOfTurnRules, 'digits'>> & Pick<EndOfTurnRules, 'digits'>;

export interface EndOfTurn {
  /** The latest time told. */
  now: number;
  /** `unknown` until voice detection says something. */
  voice: 'unknown' | 'on' | 'off';
  /** When the voice last began and last ended. */
  voiceOnAt: number;
  voiceOffAt: number;
  finals: readonly string[];
  /** The last partial of the phrase whose final has not come. */
  open: string;
  /** When words were last told, and when they last changed. */
  toldAt: number;
  changedAt: number;
  /** When the last of the words told ended, where that is known. */
  saidUntil: number;
  takenAt: number;
  /** Silence before the voice now heard, ms, until words prove that it was a pause. */
  gapMs: number | undefined;
  /** The caller paused inside this turn. */
  hasPaused: boolean;
  caller: CallerPauses;
}

const never = Number.NEGATIVE_INFINITY;

export const nothingSaid: EndOfTurn = {
  now: never,
  voice: 'unknown',
  voiceOnAt: never,
  voiceOffAt: never,
  finals: [],
  open: '',
  toldAt: never,
  changedAt: never,
  saidUntil: never,
  takenAt: never,
  gapMs: undefined,
  hasPaused: false,
  caller: typicalPauses,
};

export type EndOfTurnEvent = {
  at: number;
} /** The caller's voice began or ended; `at` is when it really did, a little before it is told. */ & (
  | { type: 'voice'; on: boolean }
  /** Words so far of the phrase being said. `saidUntil`: when the last of them ended, by the sound. */
  | { type: 'partial'; text: string; saidUntil?: number | undefined }
  /** A phrase closed; several may make one turn. */
  | { type: 'final'; text: string; saidUntil?: number | undefined }
  | { type: 'no-match' }
  /** The turn was answered: begin anew, keep what was learnt of this caller. */
  | { type: 'taken' }
);

/** Without voice detection a long word is as silent as silence, ms. */
const LONG_WORD_MS = 1000;

/** What is left of the voice after the words told is no word if it is shorter, ms. */
const SHORT_WORD_MS = 80;

/** A hypothesis comes so much behind its beat, ms. */
const LATE_BEAT_MS = 60;

/** Going on so soon after the turn was taken means that it was taken too early, ms. */
const CUT_IN_MS = 1000;

export function endOfTurn(before: EndOfTurn, event: EndOfTurnEvent, rules: EndOfTurnRules): EndOfTurn {
  const state: EndOfTurn = { ...before, now: Math.max(before.now, event.at) };
  switch (event.type) {
    case 'voice':
      return event.on ? voiceBegan(state, event.at) : voiceEnded(state, event.at);
    case 'partial':
      if (event.text.trim() === '') return state;
      return words({ ...state, ...reaching(event), open: event.text }, event.text !== before.open, rules);
    case 'final': {
      if (event.text.trim() === '') return { ...state, open: '' };
      const changed = reconcile(before.open, event.text, rules.language).verdict !== 'same';
      const finals = [...state.finals, event.text];
      return words({ ...state, ...reaching(event), open: '', finals }, changed, rules);
    }
    case 'no-match':
      return { ...state, open: '', toldAt: state.now };
    case 'taken': {
      const caller = turned(state.caller, state.hasPaused);
      return { ...state, finals: [], open: '', takenAt: event.at, gapMs: undefined, hasPaused: false, caller };
    }
  }
}

/** What ended after it was told is dated wrongly: the sound came in a burst, say. */
const reaching = ({ at, saidUntil = never }: { at: number; saidUntil?: number | undefined }) => ({
  saidUntil: saidUntil > at ? never : saidUntil,
});

function voiceBegan(state: EndOfTurn, at: number): EndOfTurn {
  if (state.voice === 'on') return state;
  const voiceOnAt = Math.max(at, state.voiceOffAt);
  const follows = state.voice === 'off' && (saidAnything(state) || voiceOnAt - state.takenAt < CUT_IN_MS);
  return { ...state, voice: 'on', voiceOnAt, gapMs: follows ? voiceOnAt - state.voiceOffAt : undefined };
}

function voiceEnded(state: EndOfTurn, at: number): EndOfTurn {
  return state.voice === 'off' ? state : { ...state, voice: 'off', voiceOffAt: Math.max(at, state.voiceOnAt) };
}

/** Words were told. More of them may prove that the silence before was a pause, or that the agent cut in. */
function words(told: EndOfTurn, changed: boolean, given: EndOfTurnRules): EndOfTurn {
  const rules: Rules = { ...defaults, ...given };
  const state = { ...told, toldAt: told.now, changedAt: changed ? told.now : told.changedAt };
  const deaf = state.voice === 'unknown';
  const gapMs = deaf ? wordGap(told, changed, rules) : told.gapMs;
  // A hypothesis just after the voice came back still brings words from before.
  if (!changed || gapMs === undefined || (!deaf && state.now < state.voiceOnAt + rules.partialLagMs)) return state;
  const onAt = deaf ? state.now : state.voiceOnAt;
  if (onAt - state.takenAt < CUT_IN_MS && told.changedAt <= state.takenAt) {
    return { ...state, gapMs: undefined, caller: cutIn(state.caller, gapMs) };
  }
  return {
    ...state,
    gapMs: undefined,
    hasPaused: state.hasPaused || isPause(gapMs),
    caller: paused(state.caller, gapMs),
  };
}

/** Without voice detection a pause is what is missing between two hypotheses. */
function wordGap(told: EndOfTurn, changed: boolean, { partialEveryMs }: Rules): number | undefined {
  const gap = told.now - told.changedAt - partialEveryMs;
  return changed && Number.isFinite(gap) && gap >= partialEveryMs ? gap : undefined;
}

/**
 * When the turn is over unless something else happens before; undefined while the caller speaks or has said nothing.
 */
export function turnEndsAt(state: EndOfTurn, given: EndOfTurnRules): number | undefined {
  if (!saidAnything(state)) return undefined;
  const rules: Rules = { ...defaults, ...given };
  if (state.voice === 'on') {
    if (state.open !== '') return undefined;
    return Math.max(state.now, Math.max(state.voiceOnAt, state.toldAt) + rules.noiseMs);
  }
  const sounds = completeness(saidSoFar(state).text, rules.language, rules.expects, rules.digits);
  const silence = silenceFor(state.caller, sounds, rules.silenceMs[sounds]);
  return Math.max(state.now, silentSince(state, rules) + silence, settledAt(state, rules));
}

/** Since when the caller is silent. */
function silentSince(state: EndOfTurn, { partialEveryMs, partialLagMs, segmentationMs, sttLagMs }: Rules): number {
  const { voice, voiceOffAt, changedAt, toldAt, open } = state;
  const byFinal = open === '' && changedAt === toldAt;
  if (voice === 'unknown') return changedAt - (byFinal ? segmentationMs : partialLagMs);
  // Words that come long after the voice ended were said after it: detection missed a soft voice.
  return Math.max(voiceOffAt, changedAt - (byFinal ? sttLagMs : partialEveryMs + partialLagMs));
}

/** When the words told hold all that was said: until the next hypothesis could have come a word may be missing. */
function settledAt(state: EndOfTurn, { partialEveryMs, partialLagMs, segmentationMs }: Rules): number {
  const { voice, voiceOnAt, voiceOffAt, changedAt, toldAt, saidUntil, open } = state;
  const closed = open === '';
  if (voice === 'unknown') return closed ? toldAt : toldAt + LONG_WORD_MS;
  if (saidUntil > voiceOffAt - SHORT_WORD_MS) return toldAt;
  if (closed && voiceOnAt <= toldAt - segmentationMs) return toldAt;
  if (!closed && toldAt >= voiceOffAt + partialLagMs) {
    const unheard = changedAt > voiceOffAt + partialEveryMs + 2 * partialLagMs;
    return unheard ? changedAt + partialEveryMs + partialLagMs : toldAt;
  }
  // The first hypothesis of new speech has no beat to keep yet.
  const first = toldAt < voiceOnAt ? partialEveryMs : 0;
  return Math.max(voiceOffAt + first + partialLagMs, toldAt + partialEveryMs + LATE_BEAT_MS);
}

function saidAnything(state: EndOfTurn): boolean {
  return state.finals.length > 0 || state.open !== '';
}

/** All the caller said in the turn so far: finals, and the open phrase's last partial where its final has not come. */
export function saidSoFar({ finals, open }: EndOfTurn): { text: string; finals: readonly string[]; open: string } {
  return { text: open === '' ? finals.join(' ') : [...finals, open].join(' '), finals, open };
}
