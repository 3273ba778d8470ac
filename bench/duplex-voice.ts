/**
 * The voice of a duplex caller: everything the benchmark asks of the caller emulator beyond listening, in one place. Each
 * seed is a person with a voice, coughs and a line of its own.
 */
import { type Caller, type CallerOptions, dial, type Utterance } from '../emulators/caller/caller.ts';
import type { LineKind } from './duplex-script.ts';

export interface Line {
  url: string;
  from: string;
  kind: LineKind;
  seed: number;
}

/** A street 26 dB below the voice; a speaker-phone whose microphone hears the agent 26 dB below it, a moment later. */
const lines: Record<LineKind, Pick<CallerOptions, 'lineNoise' | 'echo'>> = {
  clean: {},
  noise: { lineNoise: { kind: 'street', level: 130 } },
  echo: { echo: { delayMs: 120, attenuationDb: 26 } },
};

export const ring = ({ url, from, kind, seed }: Line): Promise<Caller> =>
  dial({ line: url, from, seed, ...lines[kind] });

/** Speaks with pauses inside: `pausesMs[i]` after `parts[i]`. One turn, from its first sound to its last. */
export const speak = (caller: Caller, parts: readonly string[], pausesMs: readonly number[] = []): Promise<Utterance> =>
  caller.say(parts.flatMap((part, i) => [part, ...pausesMs.slice(i, i + 1)]));

export const hum = (caller: Caller, text: string): Promise<Utterance> => caller.backchannel(text);
export const cough = (caller: Caller, ms: number): Promise<Utterance> => caller.cough(ms);
