import { seeded } from './duplex-script.ts';

/**
 * What the narrator tells whatever it is asked: half a minute of speech that begins soon, in a stream that is still open
 * when somebody interrupts. No three words in a row occur twice, so that any place in it is known by its words.
 */
export const narration =
  'Gladly, listen. Our garden was planted ninety years ago by a captain who brought seeds from every port he visited. ' +
  'Near the gate grow lemons and figs, further inside there is bamboo, and behind a brick wall somebody keeps bees that ' +
  'make dark honey. In spring we open at seven for photographers, during summer evenings musicians play under lanterns, ' +
  'and each October volunteers collect leaves, repair benches, and plant several hundred tulips before frost arrives.';

/** @param gapMs between deltas of one to three words. */
export const narrates = (gapMs: number): string =>
  `- match: {}\n  say: "${narration}"\n  ttftMs: 60\n  gapMs: ${gapMs}\n`;

/** What a caller says who takes the floor. */
export const interruptions = [
  'Wait, I meant the other one.',
  "No, that's not what I asked.",
  'Sorry, can I ask something?',
  'Hold on.',
  "Actually, I'd rather come on Friday.",
  'Stop.',
  'But what about Sunday?',
  'Excuse me, who am I speaking to?',
  'I have another question.',
  'Can you repeat that?',
  'How much does it cost?',
  'Just tell me the price.',
  'Yes, but where do I park?',
  'Never mind, I will call again.',
] as const;

/** The list in an order of its own for each seed. */
export function shuffled<T>(list: readonly T[], seed: number): T[] {
  const random = seeded(seed);
  return list
    .map(item => ({ item, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

export const plainWords = (text: string): string[] =>
  text
    .toLowerCase()
    .split(/\s+/)
    .map(word => word.replace(/[^\p{L}\p{N}]+/gu, ''))
    .filter(word => word !== '');
