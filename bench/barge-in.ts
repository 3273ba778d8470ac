import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { bargeInResult } from './barge-in-result.ts';
import { hundredInterruptions } from './hundred-interruptions.ts';
import { lateSound } from './late-sound.ts';
import { narrates } from './narration.ts';
import { naturalInterruptions } from './natural-interruptions.ts';
import type { Benchmark } from './result.ts';
import { startWholeSystem } from './whole-system.ts';
import { wordlessVoices } from './wordless-voices.ts';

/**
 * Callers interrupt the agent: a hundred at once beside a bare `ws` relay, with and without a tool that burns a core; with
 * the words people use, at a graded and at an eager agent; while sound is late; and with voices that say nothing.
 */
export const bargeIn: Benchmark = {
  about: 'from the caller’s onset and from the decision to StopAudio, beside a bare ws relay',
  run: async (say, { quick }) => {
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    try {
      const hundredPlan = quick
        ? { calls: 20, floorCalls: 4, quietMs: 12_000, busyMs: 12_000 }
        : { calls: 100, floorCalls: 12, quietMs: 66_000, busyMs: 30_000 };
      say(`  ${hundredPlan.calls} calls, beside ${hundredPlan.floorCalls} through a bare relay`);
      const hundred = await hundredInterruptions(path.join(dir, 'hundred'), hundredPlan, say);
      const people = await interruptedByPeople(path.join(dir, 'people'), quick, say);
      return bargeInResult({ plan: hundredPlan, hundred, ...people });
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

const recordMs = 300_000;
/** Slow enough that the stream is open when the caller interrupts. */
const script = narrates(200);

async function interruptedByPeople(dir: string, quick: boolean, say: (line: string) => void) {
  const phrases = quick ? 4 : 12;
  const [graded, eager] = await Promise.all(
    ['narrator', 'eager'].map(agent => startWholeSystem({ dir: path.join(dir, agent), agent, script, recordMs })),
  );
  try {
    say('  callers with the words people use');
    const [natural, atOnce] = await Promise.all([
      naturalInterruptions(graded!, { calls: quick ? 3 : 10, phrases, firstNumber: 3_000_000 }),
      naturalInterruptions(eager!, { calls: quick ? 2 : 6, phrases, firstNumber: 4_000_000 }),
    ]);
    say('  sound that comes late');
    const late = await lateSound(graded!, { calls: quick ? 2 : 10, each: 1, firstNumber: 5_000_000 });
    say('  voices without words');
    const falseStops = await wordlessVoices(graded!, {
      calls: quick ? 2 : 10,
      each: quick ? 2 : 4,
      firstNumber: 6_000_000,
    });
    for (const why of [...natural.broken, ...atOnce.broken]) say(`  ${why}`);
    return { natural, atOnce, late, falseStops };
  } finally {
    await Promise.all([graded!.stop(), eager!.stop()]);
  }
}
