import { callIdOf } from '../contracts/call-id.ts';
import type { Caller } from '../emulators/caller/caller.ts';
import { finishedJournal } from './finished-journal.ts';
import { makeInterruptingCall } from './interrupting-call.ts';
import { interruptionsOf } from './interruption-facts.ts';
import { turnSpeech, type WholeSystem } from './whole-system.ts';

/**
 * Sound that was ordered before the barge-in and comes after it: sentences wait in line, the model still writes, and
 * synthesis takes its time. The caller goes on speaking for seconds after the stop, so that a late frame would be counted.
 */
export interface LateSound {
  firstAudioMs: number;
  stops: number;
  framesAfterStop: number;
}

const longInterruption = 'Wait, before you go on I would like to ask you about something that is quite different.';
export const firstAudiosMs = [50, 200, 500, 1000] as const;

export async function lateSound(
  whole: WholeSystem,
  { calls, each, firstNumber }: { calls: number; each: number; firstNumber: number },
): Promise<LateSound[]> {
  const found: LateSound[] = [];
  for (const [round, firstAudioMs] of firstAudiosMs.entries()) {
    await turnSpeech(whole.speechUrl, 'knobs', { tts: { firstAudioMs } });
    const heard = await Promise.all(
      Array.from({ length: calls }, async (_, i) => {
        const seed = firstNumber + round * calls + i;
        const call = await makeInterruptingCall({
          acs: whole.acs,
          from: `+1555${String(seed)}`,
          seed,
          sounds: Array.from({ length: each }, () => (caller: Caller) => caller.say(longInterruption)),
          // The second sentence is on its way and the third still in the model.
          afterMs: { least: 300, most: 1500 },
        });
        return interruptionsOf(call, await finishedJournal(whole.store, callIdOf(call.correlationId)));
      }),
    );
    const stopped = heard.flat().filter(({ framesAfterStop }) => framesAfterStop !== undefined);
    const frames = stopped.reduce((sum, { framesAfterStop = 0 }) => sum + framesAfterStop, 0);
    found.push({ firstAudioMs, stops: stopped.length, framesAfterStop: frames });
  }
  await turnSpeech(whole.speechUrl, 'knobs', { tts: { firstAudioMs: 40 } });
  return found;
}
