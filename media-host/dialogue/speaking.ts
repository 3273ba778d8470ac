import { createPlayout, type Given } from '../acs/playout.ts';
import type { Clock } from '../clock.ts';
import { type SpokenWord, wordAt } from '../turn/heard.ts';
import {
  fullText,
  heardIn,
  newReply,
  partsOf,
  type Reply,
  type ReplyMarks,
  type ReplyPart,
  type Speaker,
  stretchesOf,
  type Utterance,
  wordsMade,
} from './reply.ts';

/**
 * The agent's voice in one call: at most one reply is on its way from sentences to the ear. What belongs to an older
 * epoch is ignored here, whoever sends it; a reply ends when ACS has played all of it, or when it is cut.
 */
export interface Speaking {
  /** A new reply; one that nobody heard yet is given up in silence. */
  begin(turn: number, epoch: number, marks: ReplyMarks): void;
  /** @returns the number of the utterance to be made of the sentence, or undefined when it is stale. */
  sentence(sentence: Sentence): number | undefined;
  /** Words that fill a wait of this epoch's reply. @returns as `sentence` does */
  filler(epoch: number, text: string): number | undefined;
  /** A round of model or tools took `ms`; before the first sentence that is service time of the reply. */
  round(epoch: number, ms: number): void;
  sounding(epoch: number, utterance: number, askedUs: number, firstByteUs: number): void;
  /** @returns what began to sound with it, if anything did for the first time. */
  sound(epoch: number, utterance: number, pcm: Uint8Array): 'filler' | 'answer' | undefined;
  word(epoch: number, utterance: number, word: SpokenWord): void;
  /** The utterance is made, or never will be. */
  made(epoch: number, utterance: number): void;
  /** No more sentences will come. */
  ended(epoch: number): void;
  /** Lets the reply out. `late`: it was held back while the caller spoke. */
  release(late: boolean): void;
  /** The voice goes down, or back up, from the next frame on. */
  lower(): void;
  raise(): void;
  /** Silence that keeps the sentence: what ACS had not played is taken back to the word that was cut. */
  hold(): Given;
  giveBack(): void;
  /** Gives up what is being said, and not the reply, which goes on without it: what follows has to be let out anew. */
  skip(): Cut['reply'];
  /** Runs once all that this epoch's reply has said so far was played; never, if the reply is given up before. */
  afterWords(epoch: number, run: () => void): void;
  /** Barge-in: forgets all that was not sent. */
  cut(): Cut;
  /** Sends what is due; called every 20 ms. */
  pump(): void;
  /** What is being said now cannot be cut by a voice. */
  mustBeHeard(): boolean;
  /** What this reply and the one before it say: an echo repeats it. */
  lately(): string;
  /** What the reply before this one said. */
  before(): string;
  /** When all that can be played now will have been, in ms from now; negative: so long ago it was. */
  restMs(): number;
  /** What of the reply's own sentences has reached the ear so far; undefined before any of it sounds. */
  heardSoFar(): { turn: number; heard: string } | undefined;
}

/** What one agent is saying: `said` has sounded to its end, `text` is what sounds now and what is known to follow. */
export interface Telling {
  turn: number;
  agent: string;
  said: string;
  text: string;
  /** No more sentences will come. */
  complete: boolean;
}

export interface Sentence {
  epoch: number;
  text: string;
  mustBeHeard?: boolean | undefined;
  askedUs: number;
  firstTokenUs: number;
  cutUs: number;
}

export interface Cut extends Given {
  reply?: HeardReply;
}

/** What has become of a reply: `parts` by the agents that spoke, in order, and those of them that `passed` has not told. */
export interface HeardReply {
  reply: Reply;
  heard: string;
  parts: readonly ReplyPart[];
  untold: readonly ReplyPart[];
}

export interface SpeakingOptions {
  sampleRate: number;
  leadMs: number;
  clock: Clock;
  /** Who says what is told now. */
  speaker: () => Speaker;
  /** Somebody takes frames: until then the sound waits. */
  ready: () => boolean;
  /** Writes one frame. @returns false when there is no socket. */
  send: (pcm: Uint8Array) => boolean;
  /** A sentence begins to sound, or more of the reply is known. */
  telling: (telling: Telling) => void;
  /** All that one agent had to say of a reply was played, and the next one's voice has begun. */
  passed: (reply: Reply, part: ReplyPart) => void;
  /** A reply was played to its end. */
  played: (reply: HeardReply) => void;
}

/** 12 dB: the words stay clear, and nobody has to speak up against them. */
const loweredTo = 0.25;

export function createSpeaking(options: SpeakingOptions): Speaking {
  const { sampleRate, leadMs, clock, speaker, ready, send, telling, passed, played } = options;
  let reply: Reply | undefined;
  let before = '';
  let utterances = 0;
  let held = false;
  let forgetEnd: (() => void) | undefined;
  /** Told when all that was said so far is out, though the reply has not ended. */
  let saidAll: (() => void)[] = [];

  const nowMs = () => clock.monotonicUs() / 1000;
  const playout = createPlayout({
    sampleRate,
    leadMs,
    now: nowMs,
    ready,
    send: (pcm, id) => {
      if (!send(pcm) || !reply) return;
      const utterance = reply.utterances.find(one => one.id === id);
      if (utterance?.filler) reply.marks.firstFillerUs ??= clock.monotonicUs();
      else reply.marks.firstFrameUs ??= clock.monotonicUs();
      if (!utterance || utterance.begun) return;
      utterance.begun = true;
      utterance.begunUs = clock.monotonicUs();
      if (!utterance.filler) tell(reply);
    },
  });

  const tell = (mine: Reply) => {
    const [now = [], ...next] = stretchesOf(mine.utterances.slice(mine.passed));
    const sentences = ownSentences(now);
    const from = sentences.findLastIndex(sentence => sentence.begun);
    const by = sentences[0]?.by;
    if (from === -1 || !by) return;
    const text = (some: readonly Utterance[]) => some.map(one => one.text).join(' ');
    const [said, rest] = [text(sentences.slice(0, from)), text(sentences.slice(from))];
    telling({ turn: mine.turn, agent: by.agent, said, text: rest, complete: mine.ended && next.length === 0 });
  };

  /** Where the voice has changed and the ear has heard all of the one before, that one's part is told. */
  const passOn = () => {
    if (!reply || held) return;
    const [now = [], next = []] = stretchesOf(reply.utterances.slice(reply.passed));
    if (!next.some(({ begun }) => begun)) return;
    if (now.some(({ id, made, soundMs }) => !made || playout.playedMs(id) < Math.floor(soundMs))) return;
    const part = partsOf(reply, playout.playedMs, false)[toldOf(reply)];
    reply.passed += now.length;
    if (part) passed(reply, part);
    tell(reply);
  };

  const heardReply = (mine: Reply, interrupted: boolean): HeardReply => {
    const parts = partsOf(mine, playout.playedMs, interrupted);
    const heard = heardIn(mine.utterances, playout.playedMs, interrupted);
    return { reply: mine, heard, parts, untold: parts.slice(toldOf(mine)) };
  };

  /** How many of a reply's parts have been told. */
  const toldOf = ({ utterances, passed: count }: Reply): number => stretchesOf(utterances.slice(0, count)).length;

  const of = (epoch: number): Reply | undefined => (reply?.epoch === epoch ? reply : undefined);
  const utteranceOf = (epoch: number, id: number) => of(epoch)?.utterances.find(utterance => utterance.id === id);

  const add = (mine: Reply, utterance: Pick<Utterance, 'text' | 'filler' | 'mustBeHeard'>): number => {
    const id = ++utterances;
    mine.utterances.push({ ...utterance, id, by: speaker(), words: [], made: false, begun: false, soundMs: 0 });
    return id;
  };

  /** Utterances stand in the order in which they sound: words that fill a wait may overtake a sentence that has none yet. */
  const saidNext = (mine: Reply, utterance: Utterance) => {
    const others = mine.utterances.filter(one => one !== utterance);
    const silent = others.findIndex(one => one.soundMs === 0 && !one.made);
    mine.utterances = silent === -1 ? [...others, utterance] : others.toSpliced(silent, 0, utterance);
  };

  const restMs = () => {
    const unsentMs = playout.unsentMs();
    if (unsentMs > 0) return unsentMs + playout.leadMs();
    return Math.ceil((playout.drainsAt() ?? nowMs()) - nowMs());
  };

  /** Once all of a reply is made, its end is when ACS will have played it. */
  const watchEnd = (mine: Reply) => {
    if (mine !== reply || held || !(mine.ended || saidAll.length > 0) || !wordsMade(mine)) return;
    forgetEnd?.();
    const rest = restMs();
    if (rest > 0) {
      forgetEnd = clock.after(Math.max(20, Math.ceil(rest)), () => watchEnd(mine));
      return;
    }
    const tellSaid = saidAll;
    saidAll = [];
    for (const run of tellSaid) run();
    if (!mine.ended || mine !== reply) return;
    before = fullText(mine);
    reply = undefined;
    played(heardReply(mine, false));
  };

  const forget = () => {
    forgetEnd?.();
    const given = playout.clear();
    const gone = reply;
    if (gone) before = fullText(gone);
    reply = undefined;
    held = false;
    saidAll = [];
    return { given, gone };
  };

  return {
    begin: (turn, epoch, marks) => {
      forget();
      playout.begin();
      reply = newReply(turn, epoch, marks);
    },
    sentence: ({ epoch, text, mustBeHeard = false, askedUs, firstTokenUs, cutUs }) => {
      const mine = of(epoch);
      if (!mine) return undefined;
      if (mine.marks.cutUs === undefined) {
        Object.assign(mine.marks, { modelAskedUs: askedUs, firstTokenUs, cutUs });
        // Told of after its sentence, or before: a round that was at work when this one was asked for is this one.
        mine.roundsMs = mine.rounds.reduce(
          (total, { ms, endedUs }) => total + (endedUs - ms * 500 < askedUs ? ms : 0),
          0,
        );
      }
      return add(mine, { text, filler: false, mustBeHeard });
    },
    filler: (epoch, text) => {
      const mine = of(epoch);
      return mine && add(mine, { text, filler: true, mustBeHeard: false });
    },
    round: (epoch, ms) => {
      const mine = of(epoch);
      if (mine && mine.marks.cutUs === undefined) mine.rounds.push({ ms, endedUs: clock.monotonicUs() });
    },
    sounding: (epoch, id, askedUs, firstByteUs) => {
      const mine = of(epoch);
      if (!mine || mine.marks.firstByteUs !== undefined || utteranceOf(epoch, id)?.filler) return;
      Object.assign(mine.marks, { voiceAskedUs: askedUs, firstByteUs });
    },
    sound: (epoch, id, pcm) => {
      const mine = of(epoch);
      const utterance = mine?.utterances.find(one => one.id === id);
      if (!mine || !utterance) return undefined;
      const first = !mine.utterances.some(one => one.soundMs > 0 && one.filler === utterance.filler);
      if (utterance.soundMs === 0) saidNext(mine, utterance);
      utterance.soundMs += (pcm.length * 1000) / (sampleRate * 2);
      playout.append(id, pcm);
      return first ? (utterance.filler ? 'filler' : 'answer') : undefined;
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
      tell(mine);
      watchEnd(mine);
    },
    release: late => {
      if (reply && late) reply.waited = true;
      playout.release();
    },
    lower: () => playout.gain(loweredTo),
    raise: () => playout.gain(1),
    hold: () => {
      held = true;
      forgetEnd?.();
      const words = (id: number) => reply?.utterances.find(utterance => utterance.id === id)?.words ?? [];
      return playout.hold((id, playedMs) => wordAt(words(id), playedMs)?.offsetMs ?? playedMs);
    },
    giveBack: () => {
      if (!held) return;
      held = false;
      playout.release();
      if (reply) watchEnd(reply);
    },
    skip: () => {
      forgetEnd?.();
      held = false;
      playout.clear();
      if (!reply) return undefined;
      const { turn, epoch, ended } = reply;
      const skipped = heardReply(reply, true);
      reply = { ...newReply(turn, epoch, {}), ended };
      watchEnd(reply);
      return skipped;
    },
    afterWords: (epoch, run) => {
      const mine = of(epoch);
      if (!mine) return;
      saidAll.push(run);
      watchEnd(mine);
    },
    cut: () => {
      const { given, gone } = forget();
      return { ...given, ...(gone && { reply: heardReply(gone, true) }) };
    },
    pump: () => {
      playout.pump();
      passOn();
    },
    mustBeHeard: () => reply?.utterances.find(utterance => utterance.id === playout.playing())?.mustBeHeard ?? false,
    lately: () => (reply ? `${before} ${fullText(reply)}` : before),
    before: () => before,
    restMs,
    heardSoFar: () => {
      if (!reply || held) return undefined;
      const [now = []] = stretchesOf(reply.utterances.slice(reply.passed));
      const sentences = ownSentences(now);
      if (!sentences.some(sentence => sentence.begun)) return undefined;
      return { turn: reply.turn, heard: heardIn(sentences, playout.playedMs, true) };
    },
  };
}

const ownSentences = (utterances: readonly Utterance[]) => utterances.filter(utterance => !utterance.filler);
