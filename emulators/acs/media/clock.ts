/**
 * The one 20 ms clock of the process. Deadlines are absolute (start + n x 20 ms), so the clock never drifts; a late
 * tick is followed by ticks at half distance until the schedule is met again, so that being late never makes a burst.
 * Calls are spread over phases, as calls that began at different moments are.
 */

/** Distance of frames, ms. */
export const frameMs = 20;

const phases = 5;
const phaseMs = frameMs / phases;
/** A machine that slept longer than this starts a new schedule instead of playing the past. */
const giveUpMs = 1_000;

/** Called every 20 ms with the moment of the tick in microseconds of the monotonic clock. */
export type Tick = (atUs: number) => void;

interface Phase {
  members: Set<Tick>;
  /** Deadline of the next tick, ms of `performance.now()`. */
  nextMs: number;
  timer: NodeJS.Timeout | undefined;
}

const lanes: Phase[] = Array.from({ length: phases }, () => ({ members: new Set(), nextMs: 0, timer: undefined }));
let origin = 0;

/** Microseconds of the machine's monotonic clock, comparable between processes. */
export function nowUs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1e6 + nanoseconds / 1e3;
}

/** Joins the clock; the returned function leaves it. The timer runs only while somebody listens. */
export function everyFrame(tick: Tick): () => void {
  if (lanes.every(lane => lane.members.size === 0)) origin = performance.now();
  const lane = lanes.reduce((least, other) => (other.members.size < least.members.size ? other : least));
  lane.members.add(tick);
  if (lane.timer === undefined) {
    const offset = origin + lanes.indexOf(lane) * phaseMs;
    lane.nextMs = offset + Math.ceil((performance.now() - offset) / frameMs) * frameMs;
    arm(lane, lane.nextMs);
  }
  return () => {
    lane.members.delete(tick);
    if (lane.members.size > 0) return;
    clearTimeout(lane.timer);
    lane.timer = undefined;
  };
}

function arm(lane: Phase, atMs: number): void {
  lane.timer = setTimeout(() => beat(lane, atMs), Math.max(0, atMs - performance.now()));
}

function beat(lane: Phase, dueMs: number): void {
  const now = performance.now();
  if (now < dueMs - 0.5) {
    arm(lane, dueMs);
    return;
  }
  lane.nextMs += frameMs;
  if (now - lane.nextMs > giveUpMs) lane.nextMs += Math.ceil((now - lane.nextMs) / frameMs) * frameMs;
  const atUs = nowUs();
  for (const tick of lane.members) tick(atUs);
  if (lane.members.size > 0) arm(lane, Math.max(lane.nextMs, now + frameMs / 2));
}
