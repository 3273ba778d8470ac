/**
 * Whether a caller knows a secret, by keys. A fold that fails closed: it opens for one right answer and for nothing else;
 * no keys in time, keys that are wrong too often, or nobody who can compare them, and it stays shut.
 */
export interface PinGate {
  phase: 'waiting' | 'comparing' | 'open' | 'shut';
  tries: number;
}

export type PinEvent =
  /** The keys that came; undefined: none in time. */
  | { type: 'given'; keys: string | undefined }
  /** `away`: nobody could compare them. */
  | { type: 'compared'; verdict: 'right' | 'wrong' | 'away' }
  /** The caller does something else, or the time is up. */
  | { type: 'given-up' };

export type PinIntent = { do: 'compare'; keys: string } | { do: 'ask-again' } | { do: 'settle'; ok: boolean };

export interface PinRules {
  length: number;
  /** @default 3 */
  tries: number;
}

export const shutGate: PinGate = { phase: 'waiting', tries: 0 };

export interface PinStep {
  gate: PinGate;
  intents: readonly PinIntent[];
}

const refuse = (gate: PinGate): PinStep => ({
  gate: { ...gate, phase: 'shut' },
  intents: [{ do: 'settle', ok: false }],
});

export function passGate(gate: PinGate, event: PinEvent, { length, tries: most }: PinRules): PinStep {
  if (gate.phase === 'open' || gate.phase === 'shut') return { gate, intents: [] };
  const fails = (): PinStep => {
    const tries = gate.tries + 1;
    if (tries >= most) return refuse({ ...gate, tries });
    return { gate: { phase: 'waiting', tries }, intents: [{ do: 'ask-again' }] };
  };
  switch (event.type) {
    case 'given-up':
      return refuse(gate);
    case 'given':
      if (gate.phase !== 'waiting') return { gate, intents: [] };
      if (event.keys === undefined) return refuse(gate);
      // Too short to be right: comparing it would only tell somebody how long it must be.
      if (event.keys.length !== length) return fails();
      return { gate: { ...gate, phase: 'comparing' }, intents: [{ do: 'compare', keys: event.keys }] };
    case 'compared':
      if (gate.phase !== 'comparing' || event.verdict === 'away') return refuse(gate);
      if (event.verdict === 'wrong') return fails();
      return { gate: { ...gate, phase: 'open' }, intents: [{ do: 'settle', ok: true }] };
  }
}
