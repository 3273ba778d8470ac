import { createPlayout } from './acs/playout.ts';
import type { Clock } from './clock.ts';
import { allMade, heardOf, newReply, type Reply, type ReplyMarks } from './reply.ts';
import type { SpokenWord } from './turn/heard.ts';

/**
 * The agent's voice in one call: at most one reply is on its way from sentences to the ear. What belongs to an older
 * epoch is ignored here, whoever sends it; a reply ends when ACS has played all of it, or when it is cut.
 */
export interface Speaking {
  /** A new reply; one that nobody heard yet is given up in silence. */
  begin(turn: number, epoch: number, marks: ReplyMarks): void;
  /** @returns the number of the utterance to be made of the sentence, or undefined when it is stale. */
  sentence(sentence: {
    epoch: number;
    text: string;
    askedUs: number;
    firstTokenUs: number;
    cutUs: number;
  }): number | undefined;
  /** A round of model or tools took `ms`; before the first sentence that is service time of the reply. */
  round(epoch: number, ms: number): void;
  sounding(epoch: number, askedUs: number, firstByteUs: number): void;
  /** @returns true when this is the reply's first sound. */
  sound(epoch: number, utterance: number, pcm: Uint8Array): boolean;
  word(epoch: number, utterance: number, word: SpokenWord): void;
  /** The utterance is made, or never will be. */
  made(epoch: number, utterance: number): void;
  /** No more sentences will come. */
  ended(epoch: number): void;
  /** Lets the reply out. `late`: it was held back while the caller spoke. */
  release(late: boolean): void;
  /** Barge-in: forgets all that was not sent. */
  cut(): Cut;
  /** Sends what is due; called every 20 ms. */
  pump(): void;
}

export interface Cut {
  /** Audio made but never sent, and sent but not played. */
  unsentMs: number;
  unplayedMs: number;
  reply?: { reply: Reply; heard: string };
}

export interface SpeakingOptions {
  sampleRate: number;
  leadMs: number;
  clock: Clock;
  /** Writes one frame. @returns false when there is no socket. */
  send: (pcm: Uint8Array) => boolean;
  /** A reply was played to its end; `heard` is its text. */
  played: (reply: Reply, heard: string) => void;
}

export function createSpeaking({ sampleRate, leadMs, clock, send, played }: SpeakingOptions): Speaking {
  let reply: Reply | undefined;
  let utterances = 0;
  let forgetEnd: (() => void) | undefined;

  const playout = createPlayout({
    sampleRate,
    leadMs,
    now: () => clock.monotonicUs() / 1000,
    send: pcm => {
      if (send(pcm) && reply) reply.marks.firstFrameUs ??= clock.monotonicUs();
    },
  });

  const of = (epoch: number): Reply | undefined => (reply?.epoch === epoch ? reply : undefined);
  const utteranceOf = (epoch: number, id: number) => of(epoch)?.utterances.find(utterance => utterance.id === id);

  /** Once all of a reply is made, its end is when ACS will have played it. */
  const watchEnd = (mine: Reply) => {
    if (mine !== reply || !allMade(mine)) return;
    forgetEnd?.();
    const restMs = playout.unsentMs() + playout.leadMs();
    if (restMs > 0) {
      forgetEnd = clock.after(Math.max(20, Math.ceil(restMs)), () => watchEnd(mine));
      return;
    }
    reply = undefined;
    played(mine, heardOf(mine, playout.playedMs, false));
  };

  const forget = () => {
    forgetEnd?.();
    const given = playout.clear();
    const gone = reply;
    reply = undefined;
    return { given, gone };
  };

  return {
    begin: (turn, epoch, marks) => {
      forget();
      reply = newReply(turn, epoch, marks);
    },
    sentence: ({ epoch, text, askedUs, firstTokenUs, cutUs }) => {
      const mine = of(epoch);
      if (!mine) return undefined;
      if (mine.utterances.length === 0) Object.assign(mine.marks, { modelAskedUs: askedUs, firstTokenUs, cutUs });
      const id = ++utterances;
      mine.utterances.push({ id, text, words: [], made: false });
      return id;
    },
    round: (epoch, ms) => {
      const mine = of(epoch);
      if (mine?.utterances.length === 0) mine.roundsMs += ms;
    },
    sounding: (epoch, askedUs, firstByteUs) => {
      const mine = of(epoch);
      if (!mine || mine.marks.firstByteUs !== undefined) return;
      Object.assign(mine.marks, { voiceAskedUs: askedUs, firstByteUs });
    },
    sound: (epoch, utterance, pcm) => {
      const mine = of(epoch);
      if (!mine) return false;
      const first = !mine.sounding;
      mine.sounding = true;
      playout.append(utterance, pcm);
      return first;
    },
    word: (epoch, utterance, word) => {
      utteranceOf(epoch, utterance)?.words.push(word);
    },
    made: (epoch, id) => {
      const utterance = utteranceOf(epoch, id);
      if (!utterance || !reply) return;
      utterance.made = true;
      playout.finish(id);
      watchEnd(reply);
    },
    ended: epoch => {
      const mine = of(epoch);
      if (!mine) return;
      mine.ended = true;
      watchEnd(mine);
    },
    release: late => {
      if (reply && late) reply.waited = true;
      playout.release();
    },
    cut: () => {
      const { given, gone } = forget();
      return { ...given, ...(gone && { reply: { reply: gone, heard: heardOf(gone, playout.playedMs, true) } }) };
    },
    pump: playout.pump,
  };
}
