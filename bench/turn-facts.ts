import type { CallEvent } from '../contracts/call-event.ts';
import { plainWords } from './narration.ts';
import type { TurnCall } from './turn-call.ts';
import type { PlannedTurn } from './turn-plan.ts';

/**
 * What became of each turn of a call. A turn is cut off when it was taken as over, or the agent was heard to begin, before
 * the caller's last sound; one that was taken too early, went on and was taken again before anything was heard is cut off
 * too, and counted apart as well. The caller's end is the end of its last frame at the carrier; the decision is journalled
 * in whole milliseconds. Nobody takes a word before it was said: where every word was taken before the caller's end, a busy
 * machine has told the end late, and the turn is `misdated`, neither cut off nor measured.
 */
export interface TurnFacts {
  planned: PlannedTurn;
  cutOff: boolean;
  misdated: boolean;
  /** Where it was cut off first, for one who wants to know why. */
  cut?: { atMs: number; ofMs: number; taken: string };
  /** Only the agent's thoughts were early: nothing was heard before the caller had finished. */
  silently: boolean;
  /** From the caller's last sound to the decision; absent for a turn that was cut off. */
  endOfTurnMs?: number;
  /** From the caller's last sound to the agent's first at the ear. */
  replyAtEarMs?: number;
  /** Words of the caller that the record lacks. */
  wordsMissing: number;
  /** The media host's own account of the reply. */
  legs: Legs;
}

type Spoke = Extract<CallEvent, { type: 'agent-spoke' }>;
export type Legs = Partial<Pick<Spoke, (typeof legNames)[number]>>;
export const legNames = [
  'replyMs',
  'ownMs',
  'endOfTurnMs',
  'sttMs',
  'modelMs',
  'sentenceMs',
  'ttsMs',
  'outMs',
] as const;

/** @param offsetUs what the monotonic clock is ahead of the time of day. */
export function turnFacts(call: TurnCall, journal: readonly CallEvent[], offsetUs: number): TurnFacts[] {
  const said = journal.flatMap(event =>
    event.type === 'caller-spoke' ? [{ ...event, atUs: event.at * 1000 + offsetUs }] : [],
  );
  let lastTurn = 0;
  return call.turns.map(({ planned, utterance: { startedUs, endedUs } }, i): TurnFacts => {
    const nextUs = call.turns[i + 1]?.utterance.startedUs ?? Number.POSITIVE_INFINITY;
    // What recognition still corrects of the turn before is no decision about this one.
    const taken = said.filter(({ atUs, turn }) => atUs > startedUs && atUs < nextUs && turn > lastTurn);
    const turns = [...new Set(taken.map(({ turn }) => turn))];
    lastTurn = Math.max(lastTurn, ...turns);
    const firstTaken = taken.find(({ atUs }) => atUs < endedUs);
    const early = firstTaken !== undefined;
    const before = taken.flatMap(({ atUs, text }) => (atUs < endedUs ? [text] : []));
    const misdated = before.length > 0 && missing(planned.words, before.join(' ')) === 0;
    const sounded = call.agentSounds.some(({ startUs }) => startUs > startedUs && startUs < endedUs);
    const decision = taken.find(({ atUs }) => atUs >= endedUs);
    const reply = call.agentSounds.find(({ startUs }) => startUs >= endedUs && startUs < nextUs);
    const spoke = journal.find((event): event is Spoke => event.type === 'agent-spoke' && event.turn === lastTurn);
    const record = turns.map(turn => taken.findLast(one => one.turn === turn)?.text ?? '').join(' ');
    return {
      planned,
      cutOff: (early || sounded) && !misdated,
      misdated,
      silently: early && !sounded,
      ...(firstTaken && {
        cut: {
          atMs: Math.round((firstTaken.atUs - startedUs) / 1000),
          ofMs: Math.round((endedUs - startedUs) / 1000),
          taken: firstTaken.text,
        },
      }),
      ...(!early && !sounded && decision && { endOfTurnMs: (decision.atUs - endedUs) / 1000 }),
      ...(reply && { replyAtEarMs: (reply.startUs - endedUs) / 1000 }),
      wordsMissing: missing(planned.words, record),
      legs: Object.fromEntries(legNames.flatMap(leg => (spoke?.[leg] === undefined ? [] : [[leg, spoke[leg]]]))),
    };
  });
}

/** How many words of `text` are not in `record`, in their order. */
export function missing(text: string, record: string): number {
  const found = plainWords(record);
  let at = 0;
  let lost = 0;
  for (const word of plainWords(text)) {
    const next = found.indexOf(word, at);
    if (next < 0) lost++;
    else at = next + 1;
  }
  return lost;
}

/** The longest time in a call in which neither side was heard, ms. */
export function longestSilenceMs({ fromUs, toUs, turns, agentSounds }: TurnCall): number {
  const sounds = [
    ...turns.map(({ utterance: { startedUs, endedUs } }) => ({ startUs: startedUs, endUs: endedUs })),
    ...agentSounds,
  ].sort((a, b) => a.startUs - b.startUs);
  let longest = 0;
  let quietUs = fromUs;
  for (const { startUs, endUs } of [...sounds, { startUs: toUs, endUs: toUs }]) {
    longest = Math.max(longest, startUs - quietUs);
    quietUs = Math.max(quietUs, endUs);
  }
  return longest / 1000;
}
