import type { FloorMeaning } from './floor-words.ts';

/**
 * Who has the floor while the agent is audible. The caller's sound lowers the agent's voice at once, since a lowered
 * voice costs no word; what follows decides: words that ask for the floor stop the agent, a voice that goes on without
 * words holds it, and what turns out to be a cough or an "uh-huh" gives the sentence back.
 */
export type Policy = 'graded' | 'eager' | 'patient';

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
  /** Sound that nobody takes for a voice lowers ours when it lasts so long. @default 60 */
  noticeMs: number;
  /** A voice without words that goes on for so long takes the floor. @default 420 */
  decideMs: number;
  /** So much longer where its words are only "uh-huh". @default 900 */
  backchannelMs: number;
  /** `eager`: sound for so long takes the floor. @default 60 */
  eagerMs: number;
  /** `patient`: so many words take the floor. @default 3 */
  patientWords: number;
  /** Silence after which doubt is over. @default 180 */
  quietMs: number;
  /** Silence without words after which a held sentence is given back. @default 400 */
  giveBackMs: number;
  /** Sound that is nobody's voice lowers ours no longer than this. @default 1500 */
  noiseMs: number;
}

export const floorRules: FloorRules = {
  policy: 'graded',
  noticeMs: 60,
  decideMs: 420,
  backchannelMs: 900,
  eagerMs: 60,
  patientWords: 3,
  quietMs: 180,
  giveBackMs: 400,
  noiseMs: 1500,
};

export const undisputed: Floor = {
  stance: 'agent',
  soundSince: undefined,
  soundUntil: 0,
  voicedMs: 0,
  meaning: 'nothing',
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
      const heard = { ...floor, meaning: event.meaning === 'nothing' ? floor.meaning : event.meaning };
      return takesFloor(event, rules) ? { floor: undisputed, move: 'stop' } : { floor: heard };
    }
    case 'no-match':
      return floor.stance === 'held' && event.at - floor.soundUntil >= rules.quietMs ? giveBack(floor) : { floor };
    case 'wake':
      return onWake(floor, event.at, rules);
  }
}

/** When the floor has to be looked at again, should nothing happen. */
export function floorWakesAt(floor: Floor, rules: FloorRules): number | undefined {
  if (floor.stance === 'agent') return undefined;
  return floor.soundUntil + (floor.stance === 'held' ? rules.giveBackMs : rules.quietMs);
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
  return floor.voicedMs >= rules.decideMs + (floor.meaning === 'backchannel' ? rules.backchannelMs : 0);
}

function takesFloor({ meaning, count }: Extract<FloorEvent, { type: 'words' }>, rules: FloorRules): boolean {
  if (meaning === 'nothing') return false;
  if (rules.policy === 'eager' || meaning === 'stop') return true;
  return meaning === 'content' && (rules.policy === 'graded' || count >= rules.patientWords);
}

function onWake(floor: Floor, at: number, rules: FloorRules): FloorStep {
  const due = floorWakesAt(floor, rules);
  if (due === undefined || at < due) return { floor };
  return floor.stance === 'held' ? giveBack(floor) : { floor: undisputed, move: 'raise' };
}

const giveBack = (_: Floor): FloorStep => ({ floor: undisputed, move: 'give-back' });

/** A new stretch of sound begins after a silence; an undisputed floor has forgotten the last one by then. */
function settled(floor: Floor, at: number, rules: FloorRules): Floor {
  return floor.stance === 'agent' && floor.soundSince !== undefined && at - floor.soundUntil > rules.quietMs
    ? undisputed
    : floor;
}
