import type { Spoken } from '../emulators/caller/caller.ts';
import { seeded } from './duplex-script.ts';
import { type SayingKind, sayings } from './turn-sayings.ts';

/**
 * Callers of the turn benchmark, drawn from a seed. People: 8, 22 or 45 % of a caller's turns have a hesitation; pauses are
 * log-normal around 600 ms, within 300 to 1200; three of twenty follow words that could have been all; two of five are
 * voiced ("um"). Groups of digits and of addresses are parted by a pause seven times of ten. The voice of the stand-ins says
 * 187 words a minute; slower talkers leave 50 or 100 ms after every word (about 165 and 145).
 */
export interface PlannedTurn {
  kind: 'plain' | 'hesitating' | 'digits' | 'email';
  spoken: Spoken;
  /** Without marks and sounds of thinking. */
  words: string;
  /** After the agent fell silent, ms. */
  quietMs: number;
}

export interface TurnPlan {
  seed: number;
  wordGapMs: number;
  turns: readonly PlannedTurn[];
}

const hesitating = [0.08, 0.08, 0.22, 0.22, 0.45] as const;
const wordGapsMs = [0, 50, 100] as const;
const afterWhole = 0.15;
const voiced = 0.4;
const groupPauses = 0.7;

export function planTurns(seed: number, say: SayingKind, turns: number): TurnPlan {
  const random = seeded(seed);
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const hesitates = hesitating[seed % hesitating.length]!;
  const pause = () => pauseMs(random);

  const sentence = (text: string): PlannedTurn => {
    const parts = text.split(/\s(?=[|~])/);
    const wished = random() < afterWhole ? '~' : '|';
    const places = parts.flatMap((part, i) => (i > 0 && part.startsWith(wished) ? [i] : []));
    const at = random() < hesitates ? oneOf(places) : undefined;
    const spoken = parts.flatMap((part, i): (string | number)[] => {
      if (i !== at) return [plain(part)];
      return random() < voiced ? [pause(), 'um', Math.round(pause() * 0.75), plain(part)] : [pause(), plain(part)];
    });
    return {
      kind: at === undefined ? 'plain' : 'hesitating',
      spoken: joined(spoken),
      words: plain(text),
      quietMs: 600 + random() * 600,
    };
  };
  const groups = (text: string): PlannedTurn => ({
    kind: say === 'email' ? 'email' : 'digits',
    spoken: joined(
      text
        .split('|')
        .flatMap((group, i) => (i > 0 && random() < groupPauses ? [pause(), group.trim()] : [group.trim()])),
    ),
    words: plain(text),
    quietMs: 600 + random() * 600,
  });
  return {
    seed,
    wordGapMs: wordGapsMs[seed % wordGapsMs.length]!,
    turns: Array.from({ length: turns }, () => {
      const text = oneOf(sayings[say]);
      return say === 'anything' ? sentence(text) : groups(text);
    }),
  };
}

function pauseMs(random: () => number): number {
  for (;;) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    const ms = Math.round(600 * Math.exp(0.4 * normal));
    if (ms >= 300 && ms <= 1200) return ms;
  }
}

const plain = (text: string): string => text.replace(/[|~]\s*/g, '').trim();

/** Parts between which there is no pause are one. */
function joined(parts: readonly (string | number)[]): Spoken {
  const whole: (string | number)[] = [];
  for (const part of parts) {
    const last = whole.at(-1);
    if (typeof part === 'string' && typeof last === 'string') whole[whole.length - 1] = `${last} ${part}`;
    else whole.push(part);
  }
  return whole;
}
