import { heardText, type SpokenWord } from './turn/heard.ts';

/**
 * One reply of the agent on its way from sentences to sound: which utterances it has, when each step happened, and what
 * of it reached the ear. A call has at most one that may be heard; older ones are closed.
 */
export interface Reply {
  readonly turn: number;
  readonly epoch: number;
  utterances: Utterance[];
  /** No more sentences will come. */
  ended: boolean;
  /** Some of it has been made. */
  sounding: boolean;
  /** The caller was speaking when it could have begun: its delay was chosen. */
  waited: boolean;
  failed?: string;
  marks: ReplyMarks;
  /** Rounds of model and tools that ended before the first sentence: service time, in ms. */
  roundsMs: number;
}

interface Utterance {
  id: number;
  text: string;
  words: SpokenWord[];
  made: boolean;
}

/** Monotonic microseconds of one reply's path. */
export interface ReplyMarks {
  /** The caller's last sound, and its final transcript here. */
  spokenUs?: number;
  finalUs?: number;
  modelAskedUs?: number;
  firstTokenUs?: number;
  cutUs?: number;
  voiceAskedUs?: number;
  firstByteUs?: number;
  firstFrameUs?: number;
}

export const newReply = (turn: number, epoch: number, marks: ReplyMarks): Reply => ({
  turn,
  epoch,
  utterances: [],
  ended: false,
  sounding: false,
  waited: false,
  marks,
  roundsMs: 0,
});

export const fullText = (reply: Reply): string => reply.utterances.map(utterance => utterance.text).join(' ');

/** The words that were played to their end. */
export function heardOf(reply: Reply, playedMs: (utterance: number) => number, interrupted: boolean): string {
  return reply.utterances
    .map(({ id, text, words, made }) =>
      heardText({ text, words, playedMs: playedMs(id), complete: made && !interrupted }),
    )
    .filter(text => text !== '')
    .join(' ');
}

export const allMade = (reply: Reply): boolean => reply.ended && reply.utterances.every(utterance => utterance.made);

/** Where the reply's time went, in milliseconds; what cannot be known is left out. */
export function replyTimes({ marks, waited, roundsMs }: Reply): {
  replyMs?: number;
  ownMs?: number;
  sttMs?: number;
  modelMs?: number;
  ttsMs?: number;
} {
  const between = (from: number | undefined, to: number | undefined): number | undefined =>
    from === undefined || to === undefined || to < from ? undefined : (to - from) / 1000;
  const legs = [
    between(marks.finalUs, marks.modelAskedUs),
    between(marks.cutUs, marks.voiceAskedUs),
    between(marks.firstByteUs, marks.firstFrameUs),
  ];
  const known = legs.filter(ms => ms !== undefined);
  const own =
    waited || known.length < legs.length
      ? undefined
      : Math.max(0, known.reduce((total, ms) => total + ms, 0) - roundsMs);
  const lastRound = between(marks.modelAskedUs, marks.firstTokenUs);
  return rounded({
    replyMs: between(marks.spokenUs, marks.firstFrameUs),
    ownMs: own,
    sttMs: between(marks.spokenUs, marks.finalUs),
    modelMs: lastRound === undefined ? undefined : lastRound + roundsMs,
    ttsMs: between(marks.voiceAskedUs, marks.firstByteUs),
  });
}

function rounded<T extends Record<string, number | undefined>>(times: T): { [K in keyof T]?: number } {
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, Math.round(ms)]])),
  ) as { [K in keyof T]?: number };
}
