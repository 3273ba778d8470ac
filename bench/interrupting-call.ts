import { type Caller, dial, type Utterance } from '../emulators/caller/caller.ts';
import { seeded } from './duplex-script.ts';
import { fetchChannels, noteFrameTimes, type TwoChannels } from './two-channels.ts';

/**
 * A caller who asks for a story and interrupts it again and again, each time some seconds into it. What it did and what
 * happened to the agent's voice is told afterwards, with times of the line.
 */
export interface InterruptingCall {
  correlationId: string;
  acts: readonly Act[];
  caller: Caller;
  channels: TwoChannels | undefined;
}

export interface Act {
  utterance: Utterance;
  /** The agent's reply that it met began after this, µs. */
  replyFromUs: number;
}

export interface InterruptingCallOptions {
  acs: { url: string; line: string };
  from: string;
  seed: number;
  /** Makes the sounds of the interruptions, one after another. */
  sounds: readonly ((caller: Caller) => Promise<Utterance>)[];
  /** Into the agent's speech, ms. */
  afterMs: { least: number; most: number };
  /** Whether the agent answers each with a new reply; else it is to go on with the same. @default true */
  answered?: boolean;
  /** ACS records: both channels are fetched at the end. @default false */
  recorded?: boolean;
}

const patienceMs = 15_000;
/** The agent's voice is told by frames of 20 ms: so much later than the last one it is silent. */
const soundsUs = 40_000;

export async function makeInterruptingCall(options: InterruptingCallOptions): Promise<InterruptingCall> {
  const { acs, from, seed, sounds, afterMs, answered = true, recorded = false } = options;
  const random = seeded(seed);
  const caller = await dial({ line: acs.line, from, seed });
  const frames = recorded ? noteFrameTimes(caller) : undefined;
  const { callConnectionId } = await caller.answered(patienceMs);
  await caller.mediaOpen(patienceMs);
  await caller.agentFallsSilent({ quietMs: 700, timeoutMs: patienceMs });
  const asked = await caller.say('Please tell me about the garden.');
  const acts: Act[] = [];
  let replyFromUs = asked.endedUs;
  let quietUntilUs = asked.endedUs;
  for (const sound of sounds) {
    const waitMs = afterMs.least + random() * (afterMs.most - afterMs.least);
    await agentSpeaksFor(caller, quietUntilUs, waitMs);
    const utterance = await sound(caller);
    acts.push({ utterance, replyFromUs });
    quietUntilUs = utterance.endedUs;
    if (answered) replyFromUs = utterance.endedUs;
  }
  await agentSpeaksFor(caller, quietUntilUs, 1000);
  await caller.hangUp();
  await frames?.over;
  return {
    correlationId: caller.correlationId,
    acts,
    caller,
    channels: frames && (await fetchChannels(acs.url, callConnectionId, frames.frameUs)),
  };
}

/** Waits until the agent sounds, having begun so long ago and after `afterUs`. */
async function agentSpeaksFor(caller: Caller, afterUs: number, ms: number): Promise<void> {
  await caller.until(
    () => {
      const first = caller.agentSounds.find(({ endUs }) => endUs > afterUs + soundsUs);
      const last = caller.agentSounds.at(-1);
      if (!first || !last || caller.earClockUs() - last.endUs > soundsUs) return undefined;
      return caller.earClockUs() - Math.max(first.startUs, afterUs) >= ms * 1000 ? true : undefined;
    },
    { what: `the agent to have spoken for ${Math.round(ms)} ms`, timeoutMs: patienceMs },
  );
}
