/** Call records like those the system writes, made from a seed: the data set behind the analyst queries. */
export type Call = {
  id: 'call';
  pk: string;
  type: 'call';
  callId: string;
  day: string;
  startedAt: string;
  direction: 'in' | 'out';
  answered: boolean;
  outcome: string;
  durationSec: number;
  entryAgent: string;
  agent: string;
  turnCount: number;
  bargeIns: number;
  intents: string[];
  lat: { resp: { n: number; sum: number; max: number; b: number[] } };
  tools: { name: string; ok: boolean; ms: number }[];
  handoffs: { seq: number; from: string; to: string }[];
  email?: { opId: string; status: string };
};

const AGENTS = ['reception', 'billing', 'claims', 'sales'];
const OUTCOMES = ['contained', 'handoff', 'dropped', 'no_answer', 'voicemail', 'error'];
const INTENTS = ['invoice', 'cancel', 'address', 'complaint', 'other'];
const TOOLS = ['lookup_customer', 'send_email', 'book_slot'];
const STATUSES = ['queued', 'sent', 'delivered', 'bounced', 'failed'];

/** mulberry32: the same numbers for the same seed, everywhere. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `count` calls over the first ten days of November 2026, every start and every length different. */
export function seededCalls(count: number, seed = 7): Call[] {
  const random = generator(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <T>(list: T[]): T => list[below(list.length)]!;
  const some = <T>(limit: number, make: (index: number) => T): T[] =>
    Array.from({ length: below(limit + 1) }, (_, i) => make(i));
  const start = Date.UTC(2026, 10, 1);
  const step = Math.floor((10 * 86_400_000) / count);
  return Array.from({ length: count }, (_, index): Call => {
    const startedAt = new Date(start + index * step + below(step)).toISOString();
    const b = Array.from({ length: 16 }, () => below(5));
    const n = b.reduce((total, bucket) => total + bucket, 0);
    const callId = `call-${String(index).padStart(5, '0')}`;
    const email = random() < 0.5 ? { email: { opId: callId, status: pick(STATUSES) } } : {};
    return {
      id: 'call',
      pk: callId,
      type: 'call',
      callId,
      day: startedAt.slice(0, 10),
      startedAt,
      direction: random() < 0.8 ? 'in' : 'out',
      answered: random() < 0.9,
      outcome: pick(OUTCOMES),
      durationSec: index * 0.01 + below(600),
      entryAgent: pick(AGENTS),
      agent: pick(AGENTS),
      turnCount: below(40),
      bargeIns: below(6),
      intents: some(3, () => pick(INTENTS)),
      lat: { resp: { n, sum: n * 400, max: 300 + below(3000), b } },
      tools: some(3, () => ({ name: pick(TOOLS), ok: random() < 0.8, ms: below(900) })),
      handoffs: some(2, seq => ({ seq, from: pick(AGENTS), to: pick(AGENTS) })),
      ...email,
    };
  });
}
