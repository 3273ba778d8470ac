import { setTimeout as after } from 'node:timers/promises';
import type { CallEvent } from '../contracts/call-event.ts';
import { callIdOf } from '../contracts/call-id.ts';
import type { Caller } from '../emulators/caller/caller.ts';
import { type CutQuestion, chatRequests, closedAfterMs } from './closed-streams.ts';
import { finishedJournal } from './finished-journal.ts';
import { makeInterruptingCall } from './interrupting-call.ts';
import { type Interruption, interruptionsOf } from './interruption-facts.ts';
import { interruptions, shuffled } from './narration.ts';
import type { WholeSystem } from './whole-system.ts';

/** Callers interrupt a story with the words people use for it, each of them with every phrase of the list. */
export interface NaturalInterruptions {
  all: Interruption[];
  /** From the floor taken to the close of the model's stream, ms. */
  streamClosedMs: number[];
  broken: string[];
}

/** A sentence that is held may still be given back, so its model writes on until words have taken the floor. */
const floorTakenUs = (journal: readonly CallEvent[], heldUs: number): number =>
  journal.flatMap(event => (event.type === 'floor-disputed' && event.heldAtUs === heldUs ? [event.atUs] : []))[0] ??
  heldUs;

const apartMs = 300;
const afterMs = { least: 1200, most: 3000 };

export async function naturalInterruptions(
  whole: WholeSystem,
  { calls, phrases, firstNumber }: { calls: number; phrases: number; firstNumber: number },
): Promise<NaturalInterruptions> {
  const all: Interruption[] = [];
  const cuts: CutQuestion[] = [];
  const broken: string[] = [];
  const one = async (i: number) => {
    await after(i * apartMs);
    const seed = firstNumber + i;
    const list = shuffled(interruptions, seed).slice(0, phrases);
    const sounds = list.map(phrase => (caller: Caller) => caller.say(phrase));
    try {
      const call = await makeInterruptingCall({
        acs: whole.acs,
        from: `+1555${String(seed)}`,
        seed,
        sounds,
        afterMs,
        recorded: true,
      });
      const journal = await finishedJournal(whole.store, callIdOf(call.correlationId));
      const found = interruptionsOf(call, journal);
      all.push(...found);
      found.forEach(({ decidedUs, onsetToStopMs }, n) => {
        const said = n === 0 ? 'tell me about the garden' : list[n - 1]!;
        if (decidedUs !== undefined && onsetToStopMs !== undefined)
          cuts.push({ said, decidedUs: floorTakenUs(journal, decidedUs) });
      });
    } catch (error) {
      // A call that breaks off is a finding too, and must not hide the others.
      broken.push(`call ${seed}: ${(error as Error).message}`);
    }
  };
  await Promise.all(Array.from({ length: calls }, (_, i) => one(i)));
  const offsetMs = Date.now() - Number(process.hrtime.bigint()) / 1e6;
  return { all, broken, streamClosedMs: closedAfterMs(await chatRequests(whole.system.chatUrl), cuts, offsetMs) };
}
