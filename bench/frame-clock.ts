/**
 * One timer for the frames of all calls of a floor: every call is served each 20 ms, spread over as many moments of a frame
 * as the ACS stand-in spreads them. The schedule is absolute, so that a late frame is made up for.
 */
export function frameClock(): (tick: () => void) => () => void {
  const lanes: Set<() => void>[] = Array.from({ length: phases }, () => new Set());
  let joined = 0;
  let lane = 0;
  let dueMs = performance.now();
  const run = (): void => {
    for (const tick of lanes[lane] ?? []) tick();
    lane = (lane + 1) % phases;
    dueMs += frameMs / phases;
    setTimeout(run, Math.max(0, dueMs - performance.now()));
  };
  run();
  return tick => {
    const mine = lanes[joined++ % phases];
    mine?.add(tick);
    return () => mine?.delete(tick);
  };
}

const frameMs = 20;
const phases = 5;
