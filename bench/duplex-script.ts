/**
 * What each caller of the duplex benchmark will do: drawn from a seed, so that a call that failed can be made again. The
 * agent's answers are longer than all that is done during one, and no three words in a row occur twice in them.
 */
export type Act =
  /** A turn when the agent is silent; a gap of `pausesMs[i]` follows `parts[i]`. */
  | { do: 'turn'; parts: readonly string[]; pausesMs: readonly number[]; quietMs: number }
  /** Something while the agent speaks: `afterMs` after it began, or after the last act. */
  | { do: 'interruption' | 'backchannel'; text: string; afterMs: number }
  | { do: 'cough'; ms: number; afterMs: number }
  /** A cough while nobody speaks, `afterMs` after the agent fell silent. */
  | { do: 'cough-in-silence'; ms: number; afterMs: number };

export type LineKind = 'clean' | 'noise' | 'echo';

export interface CallPlan {
  seed: number;
  line: LineKind;
  acts: readonly Act[];
}

const interruptions = [
  'Wait, I meant the other one.',
  "No, that's not it.",
  'Sorry, can I ask something?',
  'Hold on.',
  "Actually I'd rather come on Friday.",
  'Stop.',
  'Excuse me.',
  'But what about Sunday?',
  'I have another question.',
  'No, no, the blue one.',
  'Wait.',
  'Can you say that again?',
];
const backchannels = ['uh-huh', 'mm-hmm', 'yeah', 'okay', 'right', 'I see'];
const turns: readonly (readonly string[])[] = [
  ['Where is my parcel?'],
  ['Can you tell me about the tour?'],
  ['I would like to know more about the garden.'],
  ['What is there to see in the town?'],
  ['I want to', 'um', 'pay my bill.'],
  ['My name is', 'Anna Lopez, and I moved last week.'],
  ['I need a table for', 'uh', 'for six people.'],
  ['It is about the', 'the lamp I bought.'],
];
const lastQuestion = 'Actually, is that all?';
const goodbye = 'Thank you, goodbye.';

/** A small generator whose whole state is one number. */
export function seeded(seed: number): () => number {
  let state = (seed * 0x9e37_79b9) >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function planCall(seed: number): CallPlan {
  const random = seeded(seed);
  const between = (least: number, most: number) => Math.round(least + random() * (most - least));
  const oneOf = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;

  const parts = oneOf(turns);
  const turn: Act = {
    do: 'turn',
    parts,
    pausesMs: parts.slice(1).map(() => between(300, 700)),
    quietMs: between(700, 1200),
  };
  /** Two or three sounds that are none of the agent's business, then a caller who takes the floor. */
  const overAgent = (): Act[] => {
    const asides = Array.from({ length: between(1, 2) }, (): Act => {
      const afterMs = between(1600, 3200);
      return random() < 0.58
        ? { do: 'backchannel', text: oneOf(backchannels), afterMs }
        : { do: 'cough', ms: between(150, 450), afterMs };
    });
    return [...asides, { do: 'interruption', text: oneOf(interruptions), afterMs: between(1500, 4000) }];
  };
  const ending: Act[] =
    random() < 0.3
      ? [
          { do: 'interruption', text: lastQuestion, afterMs: between(1500, 2500) },
          { do: 'cough-in-silence', ms: between(150, 450), afterMs: between(500, 800) },
          { do: 'turn', parts: [goodbye], pausesMs: [], quietMs: 2700 },
        ]
      : [];
  const kind = random();
  return {
    seed,
    line: kind < 0.7 ? 'clean' : kind < 0.85 ? 'noise' : 'echo',
    acts: [turn, ...overAgent(), ...overAgent(), ...ending],
  };
}

const answers: readonly { to: string; say: string }[] = [
  {
    to: 'tour|town|table|friday|sunday|ask',
    say: 'The walk begins at the old harbour and follows the river for about two miles. After the stone bridge it turns north, climbs past three farms and a chapel, and then you can already see the lighthouse far below. Most people rest there, because a small kitchen sells soup and fresh bread until late in the afternoon. From that point a gravel road leads down through pine trees, and before sunset everybody is home again with tired feet and a good many pictures.',
  },
  {
    to: 'parcel|bill|lamp|moved|blue|wait|not it',
    say: 'Your order left our warehouse on Monday evening and travelled by train to the regional centre. There somebody opened the box, found one broken glass, and packed everything anew with twice as much paper. Since then it has been standing beside a driver who knows the narrow lanes around your village. We expect him tomorrow between nine and noon, he rings twice, and if nobody answers he leaves the whole delivery with the baker across your street.',
  },
  {
    to: '',
    say: 'Our garden was planted ninety years ago by a captain who brought seeds from every port he visited. Near the gate grow lemons and figs, further inside there is bamboo, and behind a brick wall somebody keeps bees that make dark honey. In spring we open at seven for photographers, during summer evenings musicians play under lanterns, and each October volunteers collect leaves, repair benches, and plant several hundred tulips before frost arrives.',
  },
];

/** The chat stand-in's lines: short ones for the end of a call, long ones for all else. */
export const agentScript = `
- match: { lastUser: "is that all" }
  say: "Yes, that is all for now."
- match: { lastUser: "goodbye" }
  say: "Goodbye, and thank you for calling."
${answers.map(({ to, say }) => `- match: { lastUser: "${to}" }\n  say: "${say}"\n  ttftMs: 120\n  gapMs: 4`).join('\n')}
`;

/** Every text the agent may be in the middle of. */
export const agentTexts: readonly string[] = answers.map(({ say }) => say);
