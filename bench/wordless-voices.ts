import type { Caller } from '../emulators/caller/caller.ts';
import { bankVoices } from '../emulators/caller/voice/bank.ts';
import { seeded } from './duplex-script.ts';
import { type InterruptingCall, makeInterruptingCall } from './interrupting-call.ts';
import { narration } from './narration.ts';
import type { WholeSystem } from './whole-system.ts';
import { wordsAround } from './words-around.ts';

/**
 * Voices that say nothing to the agent: somebody talks in the caller's room long enough to take the floor, no word of it can
 * be recognised, and then it is quiet. The agent is to go on from where it was cut.
 */
export interface FalseStop {
  noiseMs: number;
  stopped: boolean;
  /** From the end of the noise until the agent is heard again; undefined when it was not stopped, or never came back. */
  givenBackMs?: number;
  lost?: number;
  repeated?: number;
  gaveUp?: boolean;
}

const lengthsMs = [600, 800, 1000, 1300] as const;

export async function wordlessVoices(
  whole: WholeSystem,
  { calls, each, firstNumber }: { calls: number; each: number; firstNumber: number },
): Promise<FalseStop[]> {
  const found = await Promise.all(
    Array.from({ length: calls }, async (_, i) => {
      const seed = firstNumber + i;
      const call = await makeInterruptingCall({
        acs: whole.acs,
        from: `+1555${String(seed)}`,
        seed,
        sounds: Array.from({ length: each }, (_, n) => {
          const pcm = talkNearby(seed + n, lengthsMs[(i + n) % lengthsMs.length]!);
          return (caller: Caller) => caller.play(pcm, '');
        }),
        afterMs: { least: 1500, most: 2500 },
        answered: false,
      });
      return falseStopsOf(call);
    }),
  );
  return found.flat();
}

/** Speech without the code in which the stand-in of recognition finds words. */
function talkNearby(seed: number, ms: number): Int16Array {
  const voices = bankVoices();
  const random = seeded(seed);
  const { clips } = voices[Math.floor(random() * voices.length)]!;
  const pcm = new Int16Array(ms * 16);
  for (let at = 0, next = Math.floor(random() * clips.length); at < pcm.length; next++) {
    const clip = clips[next % clips.length]!.subarray(0, pcm.length - at);
    pcm.set(clip, at);
    at += clip.length;
  }
  return pcm;
}

function falseStopsOf({ caller, acts }: InterruptingCall): FalseStop[] {
  return acts.map(({ utterance: { startedUs, endedUs } }, i): FalseStop => {
    const nextUs = acts[i + 1]?.utterance.startedUs ?? Number.POSITIVE_INFINITY;
    const noiseMs = Math.round((endedUs - startedUs) / 1000);
    const stop = caller.stops.find(({ atUs }) => atUs >= startedUs && atUs < nextUs);
    const words = wordsAround(
      [narration],
      caller.heard.filter(({ endUs }) => endUs <= startedUs).map(({ text }) => text),
      caller.heard.filter(({ endUs }) => endUs > startedUs && endUs < nextUs).map(({ text }) => text),
    );
    const back = stop && caller.agentSounds.find(({ startUs }) => startUs > stop.atUs && startUs < nextUs);
    return {
      noiseMs,
      stopped: stop !== undefined,
      ...(back && { givenBackMs: Math.max(0, (back.startUs - endedUs) / 1000) }),
      ...words,
    };
  });
}
