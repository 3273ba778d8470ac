import type { Clock } from '../clock.ts';
import type { Ears, EarsListener, EarsOptions, OpenEars } from '../speech/ears.ts';
import type { Chance } from './chance.ts';
import type { Uttered } from './mouth.ts';

/**
 * Recognition on the stage's clock. It knows from the mouth's script what is said, and tells it as the real one does: in
 * hypotheses every 300 ms, lower case and without marks, and in a final once 500 ms of silence have passed and a lag
 * after that. It hears only as far as sound has come.
 */
export interface RehearsedEars {
  readonly open: OpenEars;
  /** All that was told as final, in order. */
  readonly finals: readonly Final[];
  /** Nothing is told until `renew`. */
  mute(): void;
  /** The connection is gone for so long; what was said meanwhile is told after it. */
  lost(ms: number): void;
  /** Everything comes so much later from now on. */
  slow(ms: number): void;
  /** How often it was renewed. */
  renewals(): number;
  /** What it listened for, and from when on. */
  readonly listened: readonly (EarsOptions & { at: number })[];
}

const hypothesisEveryMs = 300;
const phraseSilenceMs = 500;
const patienceMs = 1500;

export interface Final {
  at: number;
  text: string;
  /** What of it the caller said; the rest was the agent's voice coming back. */
  own: string;
}

interface Phrase {
  words: Uttered[];
  told: number;
  toldAtMs: number;
}

interface Told {
  kind: 'partial' | 'final' | 'no-match';
  tell(): void;
}

export function createRehearsedEars(
  script: readonly Uttered[],
  { clock, chance }: { clock: Clock; chance: Chance },
): RehearsedEars {
  const finals: Final[] = [];
  let listener: EarsListener | undefined;
  let positionMs = 0;
  let next = 0;
  let phrase: Phrase | undefined;
  let noWords: Uttered | undefined;
  let shut: 'mute' | 'lost' | undefined;
  let kept: Told[] = [];
  let slowMs = 0;
  let renewals = 0;
  let toldUntil = 0;
  const forgets = new Set<() => void>();
  const listened: (EarsOptions & { at: number })[] = [];

  const later = (ms: number, run: () => void) => {
    const forget = clock.after(ms, () => {
      forgets.delete(forget);
      run();
    });
    forgets.add(forget);
  };

  const tellLater = (ms: number, told: Told) => {
    // What was said first is told first.
    toldUntil = Math.max(toldUntil, clock.now() + ms + slowMs);
    later(toldUntil - clock.now(), () => (shut ? kept.push(told) : told.tell()));
  };

  const catchUp = () => {
    shut = undefined;
    const missed = kept;
    kept = [];
    // Of what was only supposed nothing is left once it is certain.
    const last = missed.at(-1);
    for (const told of missed) if (told.kind !== 'partial' || told === last) tellLater(chance.between(100, 300), told);
  };

  const about = ({ words }: Phrase, text: string) => {
    const offsetMs = words[0]?.startMs ?? 0;
    return { text, offsetMs, durationMs: (words.at(-1)?.endMs ?? 0) - offsetMs };
  };

  const understands = (language = listened.at(-1)?.language) => language === listened.at(-1)?.language;

  const suppose = (open: Phrase) => {
    open.told = open.words.length;
    open.toldAtMs = positionMs;
    if (open.words[0]?.about.noPartials || !understands(open.words[0]?.about.language)) return;
    const told = about(open, open.words.map(({ word = '' }) => plain(word)).join(' '));
    tellLater(chance.between(20, 100), { kind: 'partial', tell: () => listener?.partial(told) });
  };

  const close = (closed: Phrase) => {
    const { written, finalLagMs = chance.between(60, 1000), language } = closed.words[0]?.about ?? {};
    const said = closed.words.map(({ word }) => word).join(' ');
    const told = about(closed, written ?? (/[.?!…]$/.test(said) ? said : `${said}.`));
    tellLater(finalLagMs, {
      kind: 'final',
      tell: () => {
        // Words that are not recognised yet are heard again in the language that is listened for now.
        if (!understands(language)) return listener?.noMatch();
        const own = closed.words.filter(({ saying }) => saying > 0);
        const ownText = own.length === closed.words.length ? told.text : own.map(({ word }) => word).join(' ');
        finals.push({ at: clock.now(), text: told.text, own: ownText });
        listener?.final(told);
      },
    });
  };

  const hear = () => {
    for (let uttered = script[next]; uttered && uttered.endMs <= positionMs; uttered = script[++next]) {
      if (uttered.word === undefined) {
        noWords = uttered;
        continue;
      }
      phrase ??= { words: [], told: 0, toldAtMs: uttered.startMs };
      phrase.words.push(uttered);
      noWords = undefined;
    }
    const speaks = (script[next]?.startMs ?? Number.POSITIVE_INFINITY) < positionMs;
    if (phrase) {
      if (phrase.words.length > phrase.told && positionMs - phrase.toldAtMs >= hypothesisEveryMs) suppose(phrase);
      if (!speaks && positionMs - (phrase.words.at(-1)?.endMs ?? 0) >= phraseSilenceMs) {
        close(phrase);
        phrase = undefined;
      }
    } else if (noWords && !speaks && positionMs - noWords.endMs >= phraseSilenceMs) {
      noWords = undefined;
      tellLater(chance.between(60, 600), { kind: 'no-match', tell: () => listener?.noMatch() });
    }
  };

  const ears: Ears = {
    hear: pcm => {
      positionMs += pcm.byteLength / 32;
      hear();
    },
    renew: () => {
      renewals++;
      if (shut === 'mute') later(chance.between(200, 500), catchUp);
    },
    relisten: options => {
      listened.push({ ...options, at: clock.now() });
      // The phrase that is being said is heard anew, from its beginning.
      if (phrase) phrase = { ...phrase, told: 0, toldAtMs: phrase.words[0]?.startMs ?? positionMs };
    },
    close: async () => {
      for (const forget of forgets) forget();
      forgets.clear();
      listener = undefined;
    },
  };

  return {
    finals,
    renewals: () => renewals,
    listened,
    open: (options, heard) => {
      listened.push({ ...options, at: clock.now() });
      listener = heard;
      later(50, () => heard.listening());
      return ears;
    },
    mute: () => {
      shut = 'mute';
    },
    slow: ms => {
      slowMs = ms;
    },
    lost: ms => {
      shut = 'lost';
      if (ms > patienceMs) later(patienceMs, () => listener?.lost('connection'));
      later(ms, () => {
        if (ms > patienceMs) listener?.again();
        catchUp();
      });
    },
  };
}

/** As a hypothesis has it: no case, no marks. */
const plain = (word: string): string => word.toLowerCase().replace(/^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu, '');
