import { heardText, type SpokenWord } from '../turn/heard.ts';

/**
 * One reply of the agent on its way from sentences to sound: which utterances it has, when each step happened, and what
 * of it reached the ear. A call has at most one that may be heard; older ones are closed.
 */
export interface Reply {
  readonly turn: number;
  readonly epoch: number;
  utterances: Utterance[];
  /** So many of the first utterances were another agent's and have been told of. */
  passed: number;
  /** No more sentences will come. */
  ended: boolean;
  /** The caller was speaking when it could have begun: its delay was chosen. */
  waited: boolean;
  marks: ReplyMarks;
  /** Rounds of model and tools told of before the first sentence, and how long those before its own took, in ms. */
  rounds: { ms: number; endedUs: number }[];
  roundsMs: number;
}

export interface Utterance {
  id: number;
  text: string;
  /** Whose voice says it. */
  by: Speaker;
  words: SpokenWord[];
  made: boolean;
  /** A frame of it is on the wire, since when, in monotonic microseconds. */
  begun: boolean;
  begunUs?: number;
  /** Fills a wait; the answer is still to come. */
  filler: boolean;
  /** The caller's voice cannot cut it. */
  mustBeHeard: boolean;
  /** Sound of it that came so far, in ms. */
  soundMs: number;
}

/** An agent, and how many changes of agent came before it. */
export interface Speaker {
  agent: string;
  stint: number;
}

/** What one agent says of a reply. */
export interface ReplyPart {
  by: Speaker;
  text: string;
  heard: string;
  /** Its first frame on the wire; undefined where none is. */
  startUs: number | undefined;
  /** The reply begins with it. */
  first: boolean;
}

/** Monotonic microseconds of one reply's path. */
export interface ReplyMarks {
  /** The caller's last sound, its final transcript here, and the decision that the turn is over. */
  spokenUs?: number;
  finalUs?: number;
  decidedUs?: number;
  modelAskedUs?: number;
  firstTokenUs?: number;
  cutUs?: number;
  voiceAskedUs?: number;
  firstByteUs?: number;
  firstFrameUs?: number;
  /** Of words that filled the wait. */
  firstFillerUs?: number;
}

export const newReply = (turn: number, epoch: number, marks: ReplyMarks): Reply => ({
  turn,
  epoch,
  utterances: [],
  passed: 0,
  ended: false,
  waited: false,
  marks,
  rounds: [],
  roundsMs: 0,
});

export const fullText = (reply: Reply): string => textOf(reply.utterances);

/** The utterances by the agent that says them, in the order in which they sound. */
export function stretchesOf(utterances: readonly Utterance[]): Utterance[][] {
  const stretches: Utterance[][] = [];
  for (const utterance of utterances) {
    const last = stretches.at(-1);
    if (last?.[0]?.by.stint === utterance.by.stint) last.push(utterance);
    else stretches.push([utterance]);
  }
  return stretches;
}

export function partsOf(reply: Reply, playedMs: (utterance: number) => number, interrupted: boolean): ReplyPart[] {
  const { marks } = reply;
  return stretchesOf(reply.utterances).flatMap((utterances, at) => {
    const by = utterances[0]?.by;
    if (!by) return [];
    const begunUs = utterances.find(({ begun }) => begun)?.begunUs;
    return {
      by,
      text: textOf(utterances),
      heard: heardIn(utterances, playedMs, interrupted),
      startUs:
        at === 0 && utterances.some(({ filler }) => !filler) ? (marks.firstFrameUs ?? marks.firstFillerUs) : begunUs,
      first: at === 0,
    };
  });
}

const textOf = (utterances: readonly Utterance[]): string => utterances.map(({ text }) => text).join(' ');

/** The words that were played to their end. */
export function heardIn(
  utterances: readonly Utterance[],
  playedMs: (utterance: number) => number,
  interrupted: boolean,
): string {
  return utterances
    .map(({ id, text, words, made, soundMs }) => {
      const played = playedMs(id);
      return heardText({
        text,
        words,
        playedMs: played,
        complete: made && soundMs > 0 && (!interrupted || played >= soundMs),
      });
    })
    .filter(text => text !== '')
    .join(' ');
}

export const wordsMade = (reply: Reply): boolean => reply.utterances.every(utterance => utterance.made);

/** Where the reply's time went, leg by leg, in milliseconds; what cannot be known is left out. */
export interface ReplyTimes {
  /** The caller's last sound to the agent's first frame on the wire. */
  replyMs?: number;
  /** The part of it that no service and no chosen delay explains. */
  ownMs?: number;
  /** The caller's last sound to the decision that the turn is over: a chosen delay. */
  endOfTurnMs?: number;
  /** The caller's last sound to the final transcript, wherever it came. */
  sttMs?: number;
  /** Asking the model to its first token, with the rounds of tools before it. */
  modelMs?: number;
  /** First token to the first sentence that can be spoken. */
  sentenceMs?: number;
  /** Asking for the sentence's sound to its first byte. */
  ttsMs?: number;
  /** First byte of sound to the first frame on the wire. */
  outMs?: number;
}

export function replyTimes({ marks, waited, roundsMs }: Reply): ReplyTimes {
  const between = (from: number | undefined, to: number | undefined): number | undefined =>
    from === undefined || to === undefined || to < from ? undefined : (to - from) / 1000;
  const out = between(marks.firstByteUs, marks.firstFrameUs);
  // A guess was asked for before the turn was over: the caller waited only from then on.
  const asked = marks.modelAskedUs === undefined ? undefined : Math.max(marks.modelAskedUs, marks.decidedUs ?? 0);
  const firstToken = marks.firstTokenUs === undefined ? undefined : Math.max(marks.firstTokenUs, asked ?? 0);
  const cut = marks.cutUs === undefined ? undefined : Math.max(marks.cutUs, firstToken ?? 0);
  const legs = [between(marks.decidedUs, asked), between(cut, marks.voiceAskedUs), out];
  const known = legs.filter(ms => ms !== undefined);
  const own =
    waited || known.length < legs.length
      ? undefined
      : Math.max(0, known.reduce((total, ms) => total + ms, 0) - roundsMs);
  const lastRound = between(asked, firstToken);
  return rounded({
    replyMs: between(marks.spokenUs, marks.firstFrameUs),
    ownMs: own,
    endOfTurnMs: between(marks.spokenUs, marks.decidedUs),
    sttMs: between(marks.spokenUs, marks.finalUs),
    modelMs: lastRound === undefined ? undefined : lastRound + roundsMs,
    sentenceMs: between(firstToken, cut),
    ttsMs: between(marks.voiceAskedUs, marks.firstByteUs),
    outMs: out,
  });
}

function rounded<T extends Record<string, number | undefined>>(times: T): { [K in keyof T]?: number } {
  return Object.fromEntries(
    Object.entries(times).flatMap(([name, ms]) => (ms === undefined ? [] : [[name, Math.round(ms)]])),
  ) as { [K in keyof T]?: number };
}
