/**
 * What a caller says: samples queued on the microphone between two marks, which tell when they began and ended to sound.
 * Words are told as they are played, by the clock of the ear frames: no timer of our own could be as right.
 */
import type { LineEvent, PhoneLine } from './phone-line.ts';
import type { SpokenWord } from './voice/voice.ts';

export interface Utterance {
  text: string;
  /** When its first and after its last sample were played, in µs of the monotonic clock. */
  startedUs: number;
  endedUs: number;
  /** Cleared from the microphone before it was over, or the call ended. */
  cut: boolean;
}

export interface Mouth {
  /** Queues audio; resolves when it has been played. */
  say(text: string, pcm: Int16Array, words: readonly SpokenWord[]): Promise<Utterance>;
  /** Empties the microphone; what was being said is cut. */
  hush(): void;
  event(event: LineEvent): void;
  /** Tells the words that have begun by now. */
  clock(atUs: number): void;
  /** The call is over: what was not said will never be. */
  over(atUs: number): void;
  /** Start of the last utterance that began, in µs. */
  lastOnsetUs(): number | undefined;
}

export interface MouthEvents {
  speaks(text: string, atUs: number): void;
  word(text: string, atUs: number): void;
  silent(text: string, atUs: number): void;
}

interface Pending {
  id: number;
  text: string;
  words: SpokenWord[];
  samples: number;
  startedUs: number | undefined;
  told: boolean;
  done: (utterance: Utterance) => void;
}

const FRAME_SAMPLES = 320;
const SAMPLE_US = 62.5;

export function createMouth(line: PhoneLine, events: MouthEvents): Mouth {
  const pending: Pending[] = [];
  let ids = 0;
  let onsetUs: number | undefined;
  let lastEndUs = 0;

  function begin(one: Pending, atUs: number): void {
    one.startedUs = atUs;
    onsetUs = atUs;
    if (one.told) return;
    one.told = true;
    events.speaks(one.text, atUs);
  }

  function end(one: Pending, markUs: number, cut: boolean): void {
    pending.splice(pending.indexOf(one), 1);
    // A mark is answered with the frame that holds the last sample, so the end is as much later as the sound is long.
    const atUs = cut ? markUs : Math.max(markUs, (one.startedUs ?? markUs) + one.samples * SAMPLE_US);
    lastEndUs = atUs;
    if (!cut) tellWords(one, Number.POSITIVE_INFINITY);
    if (one.told) events.silent(one.text, atUs);
    one.done({ text: one.text, startedUs: one.startedUs ?? atUs, endedUs: atUs, cut });
  }

  function tellWords(one: Pending, atUs: number): void {
    while (one.startedUs !== undefined && one.words[0]) {
      const wordUs = one.startedUs + one.words[0].startSample * SAMPLE_US;
      if (wordUs > atUs) return;
      events.word(one.words.shift()!.text, wordUs);
    }
  }

  const cutAll = (atUs: number): void => {
    for (const one of [...pending]) end(one, atUs, true);
  };

  return {
    say(text, pcm, words) {
      return new Promise(done => {
        ids += 1;
        const whole = wholeFrames(pcm);
        pending.push({
          id: ids,
          text,
          words: [...words],
          samples: whole.length,
          startedUs: undefined,
          told: false,
          done,
        });
        line.send({ do: 'mark', name: `begin-${ids}` });
        line.speak(whole);
        line.send({ do: 'mark', name: `end-${ids}` });
      });
    },
    hush() {
      line.send({ do: 'clear-mic' });
      cutAll(Number(process.hrtime.bigint() / 1000n));
    },
    event(event) {
      if (event.event === 'mic-started') {
        // The mark of an idle microphone is answered at once; the sound begins with the next tick.
        const first = pending[0];
        if (first) begin(first, event.atUs);
      } else if (event.event === 'mark') {
        const [kind, id] = event.name.split('-');
        const one = pending.find(candidate => String(candidate.id) === id);
        if (!one) return;
        if (kind === 'end') end(one, event.atUs, false);
        else one.startedUs ??= Math.max(event.atUs, lastEndUs);
      }
    },
    clock(atUs) {
      const first = pending[0];
      if (first?.startedUs === undefined || first.startedUs >= atUs) return;
      begin(first, first.startedUs);
      tellWords(first, atUs);
    },
    over: cutAll,
    lastOnsetUs: () => onsetUs,
  };
}

/** Whole 20 ms frames, so that the end of one utterance is not in the frame of the next. */
function wholeFrames(pcm: Int16Array): Int16Array {
  const whole = new Int16Array(Math.ceil(pcm.length / FRAME_SAMPLES) * FRAME_SAMPLES);
  whole.set(pcm);
  return whole;
}
