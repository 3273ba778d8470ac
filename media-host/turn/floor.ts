import type { Policy } from '../../contracts/agent.ts';
import type { FloorMeaning } from './floor-words.ts';

/**
 * Who has the floor while the agent is audible. The caller's voice lowers the agent's at once, since a lowered voice
 * costs no word; a voice that goes on makes it hold its sentence; what follows decides: words that ask for the floor stop
 * the agent, and what turns out to be a cough or an "uh-huh" gives the sentence back.
 */
export interface Floor {
  /** `agent`: undisputed. `lowered`: in doubt, still speaking. `held`: silent, the sentence kept. */
  stance: 'agent' | 'lowered' | 'held';
  /** The caller's sound that may not be our echo: first and last heard, of this stretch. */
  soundSince: number | undefined;
  soundUntil: number;
  /** So much of the stretch was believed to be a person. */
  voicedMs: number;
  /** What the words of this stretch mean so far. */
  meaning: FloorMeaning;
  /** So much of the voice had been heard when its words were an "uh-huh". */
  explainedMs: number;
}

export type FloorEvent = {
  at: number;
} /** `ms` of sound louder than any echo of ours; `voice`: believed to be a person. */ & (
  | { type: 'sound'; ms: number; voice: boolean }
  | { type: 'words'; meaning: FloorMeaning; count: number }
  /** Recognition heard no words in the sound. */
  | { type: 'no-match' }
  | { type: 'wake' }
);

export type FloorMove = 'lower' | 'raise' | 'hold' | 'give-back' | 'stop';

export interface FloorRules {
  policy: Policy;
  /** Sound that nobody takes for a voice lowers ours when it lasts so long. @default 30 */
  noticeMs: number;
  /** A voice that goes on for so long without words holds the floor. @default 250 */
  decideMs: number;
  /** A voice that goes on for so long after an "uh-huh" has more to say. @default 160 */
  moreMs: number;
  /** `eager`: sound for so long takes the floor. @default 60 */
  eagerMs: number;
  /** `patient`: so many words take the floor. @default 3 */
  patientWords: number;
  /** Silence after which doubt is over, and a sentence held for a short voice is given back. @default 180 */
  quietMs: number;
  /** The same where its words were an "uh-huh". @default 60 */
  explainedQuietMs: number;
  /** The same where the voice was as long as words: they may still come. @default 400 */
  giveBackMs: number;
  /** Shorter than this, a voice without words was none. @default 420 */
  shortMs: number;
  /** Sound that is nobody's voice lowers ours no longer than this. @default 1500 */
  noiseMs: number;
}

export const floorRules: FloorRules = {
  policy: 'graded',
  noticeMs: 30,
  decideMs: 250,
  moreMs: 160,
  eagerMs: 60,
  patientWords: 3,
  quietMs: 180,
  explainedQuietMs: 60,
  giveBackMs: 400,
  shortMs: 420,
  noiseMs: 1500,
};

export const undisputed: Floor = {
  stance: 'agent',
  soundSince: undefined,
  soundUntil: 0,
  voicedMs: 0,
  meaning: 'nothing',
  explainedMs: 0,
};

interface FloorStep {
  floor: Floor;
  move?: FloorMove;
}

export function disputeFloor(floor: Floor, event: FloorEvent, rules: FloorRules): FloorStep {
  switch (event.type) {
    case 'sound':
      return onSound(settled(floor, event.at, rules), event, rules);
    case 'words': {
      if (takesFloor(event, rules)) return { floor: undisputed, move: 'stop' };
      if (event.meaning !== 'backchannel') return { floor };
      return { floor: { ...floor, meaning: event.meaning, explainedMs: floor.voicedMs } };
    }
    case 'no-match':
      return floor.stance === 'held' && event.at - floor.soundUntil >= rules.explainedQuietMs
        ? { floor: undisputed, move: 'give-back' }
        : { floor };
    case 'wake':
      return onWake(floor, event.at, rules);
  }
}

/** When the floor has to be looked at again, should nothing happen. */
export function floorWakesAt(floor: Floor, rules: FloorRules): number | undefined {
  if (floor.stance === 'agent') return undefined;
  return floor.soundUntil + doubtMs(floor, rules);
}

/** Silence that ends the doubt. */
function doubtMs({ stance, meaning, voicedMs }: Floor, rules: FloorRules): number {
  if (stance === 'lowered') return rules.quietMs;
  if (meaning === 'backchannel') return rules.explainedQuietMs;
  return voicedMs < rules.shortMs ? rules.quietMs : rules.giveBackMs;
}

function onSound(floor: Floor, event: Extract<FloorEvent, { type: 'sound' }>, rules: FloorRules): FloorStep {
  const soundSince = floor.soundSince ?? event.at - event.ms;
  const voicedMs = floor.voicedMs + (event.voice ? event.ms : 0);
  const next: Floor = { ...floor, soundSince, soundUntil: event.at, voicedMs };
  if (floor.stance === 'held') return { floor: next };
  if (lastsLongEnough(next, event.at, rules)) return { floor: { ...next, stance: 'held' }, move: 'hold' };
  const noise = voicedMs === 0 && event.at - soundSince >= rules.noiseMs;
  if (floor.stance === 'lowered') {
    return noise ? { floor: { ...next, stance: 'agent' }, move: 'raise' } : { floor: next };
  }
  const lasts = event.at - soundSince >= rules.noticeMs;
  const lowers = event.voice || (rules.policy !== 'patient' && lasts && !noise);
  return lowers ? { floor: { ...next, stance: 'lowered' }, move: 'lower' } : { floor: next };
}

function lastsLongEnough(floor: Floor, at: number, rules: FloorRules): boolean {
  if (rules.policy === 'patient') return false;
  if (rules.policy === 'eager') return at - (floor.soundSince ?? at) >= rules.eagerMs;
  return floor.voicedMs - floor.explainedMs >= (floor.explainedMs > 0 ? rules.moreMs : rules.decideMs);
}

function takesFloor({ meaning, count }: Extract<FloorEvent, { type: 'words' }>, rules: FloorRules): boolean {
  if (meaning === 'nothing') return false;
  if (rules.policy === 'eager' || meaning === 'stop') return true;
  return meaning === 'content' && (rules.policy === 'graded' || count >= rules.patientWords);
}

function onWake(floor: Floor, at: number, rules: FloorRules): FloorStep {
  const due = floorWakesAt(floor, rules);
  if (due === undefined || at < due) return { floor };
  return { floor: undisputed, move: floor.stance === 'held' ? 'give-back' : 'raise' };
}

/** A new stretch of sound begins after a silence; an undisputed floor has forgotten the last one by then. */
function settled(floor: Floor, at: number, rules: FloorRules): Floor {
  return floor.stance === 'agent' && floor.soundSince !== undefined && at - floor.soundUntil > rules.quietMs
    ? undisputed
    : floor;
}
