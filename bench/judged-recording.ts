import { spawn } from 'node:child_process';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import type { Sound } from './line-sounds.ts';

/** A recorded call, judged by the media host's own program in a process of its own. */
export interface Recording {
  caller: Sound;
  /** What was played to the caller meanwhile. */
  played?: Sound;
  /** Where utterances begin, ms. */
  onsets: number[];
}

const toldLine = z.object({
  heard: z.enum(['quiet', 'sound', 'voice']),
  toldMs: z.number(),
  above: z.boolean(),
});
export type Told = z.infer<typeof toldLine>;
const costLine = z.object({ detector: z.string(), audioMs: z.number(), cpuUs: z.number() });

/** @param calls hear the recording at once; what one of them is told is returned. */
export async function judge(detector: 'silero' | 'level', { caller, played }: Recording, calls = 1) {
  const program = [
    path.join(import.meta.dirname, '../media-host/audio/judge-recording.ts'),
    '--detector',
    detector,
    '--calls',
    String(calls),
  ];
  const child = spawn(process.execPath, program, { stdio: ['pipe', 'pipe', 'inherit'] });
  const told: Told[] = [];
  let cost: z.infer<typeof costLine> | undefined;
  // A program that dies early is told of below.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stereo(caller, played));
  for await (const line of createInterface({ input: child.stdout })) {
    const value: unknown = JSON.parse(line);
    const window = toldLine.safeParse(value);
    if (window.success) told.push(window.data);
    else cost = costLine.parse(value);
  }
  if (!cost) throw new Error(`${program.join(' ')} ended before it had judged the recording.`);
  return { told, cost };
}

function stereo(left: Sound, right: Sound | undefined): Buffer {
  const bytes = Buffer.alloc(left.length * 4);
  const clip = (sample: number) => Math.max(-32_768, Math.min(32_767, Math.round(sample)));
  for (let i = 0; i < left.length; i++) {
    bytes.writeInt16LE(clip(left[i]!), i * 4);
    bytes.writeInt16LE(clip(right?.[i] ?? 0), i * 4 + 2);
  }
  return bytes;
}
