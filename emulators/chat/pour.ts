/**
 * Writes an answer at the script's pace. Every event is written by itself and at its own due time, counted from the
 * request and not from the event before, so that late timers do not add up.
 */
import type { ServerResponse } from 'node:http';
import type { Frame } from './frame.ts';
import type { Patience } from './patience.ts';
import type { Trouble } from './trouble.ts';

export type Pouring = {
  res: ServerResponse;
  patience: Patience;
  trouble: Trouble;
  /** When each delta is due, on the clock of `performance.now()`. */
  dueMs: number[];
  /** Destroys the socket, as a crashing service would. */
  kill: () => void;
  /** Called when a delta has been written, with its slot. */
  sent: (slot: number) => void;
};

/** Writes all frames and ends the response; returns early when the client goes away or the script kills the stream. */
export async function pourFrames(frames: Iterable<Frame>, pouring: Pouring): Promise<void> {
  const { res, patience, trouble, dueMs } = pouring;
  const hangAt = deltasBeforeHang(trouble, dueMs.length);
  const killAt = typeof trouble.kill === 'object' ? trouble.kill.afterDeltas : undefined;
  let deltas = 0;
  const strange = strangeLines(trouble);
  for (const frame of frames) {
    if (frame.slot >= 0) {
      if (deltas === hangAt) return void (await patience.forEver());
      if (!(await patience.until(dueMs[frame.slot]!))) return;
      if (deltas === killAt) return pouring.kill();
      while (strange[0] && deltas >= strange[0].afterDeltas) res.write(strange.shift()!.wire);
    }
    if (!(await write(frame.wire, pouring))) return;
    if (frame.delta) {
      deltas += 1;
      pouring.sent(frame.slot);
    }
  }
  if (hangAt !== undefined) return void (await patience.forEver());
  if (killAt !== undefined) return pouring.kill();
  res.end();
}

async function write(wire: string, { res, patience, trouble }: Pouring): Promise<boolean> {
  if (!trouble.drip) return res.write(wire) || patience.drained();
  const bytes = Buffer.from(wire);
  for (let at = 0; at < bytes.length; at += trouble.drip.bytes) {
    res.write(bytes.subarray(at, at + trouble.drip.bytes));
    if (!(await patience.until(performance.now() + trouble.drip.everyMs))) return false;
  }
  return true;
}

function deltasBeforeHang({ hang }: Trouble, total: number): number | undefined {
  if (hang === 'after-headers') return 0;
  if (hang === 'mid-stream') return Math.floor(total / 2);
  return typeof hang === 'object' ? hang.afterDeltas : undefined;
}

function strangeLines({ garbage, novelty }: Trouble): { afterDeltas: number; wire: string }[] {
  const unknown = 'event: response.novelty\ndata: {"type":"response.novelty","choices":[],"sequence_number":0}\n\n';
  return [
    ...(novelty ? [{ ...novelty, wire: `: keep-alive\n\n${unknown}` }] : []),
    ...(garbage ? [{ ...garbage, wire: 'data: {"type": <<<\n\n' }] : []),
  ];
}
