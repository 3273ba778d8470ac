import { isMainThread } from 'node:worker_threads';

/**
 * Preloaded into programs that `npm start` runs: when the starter is gone, even by SIGKILL, its end of stdin closes and
 * the program is asked to stop, so that nothing is left running on a laptop.
 */
// Worker threads are preloaded too, with a stdin that ends at once.
if (isMainThread) {
  let asked = false;
  const stop = () => {
    // A second SIGTERM would end a program that is tidying up after the first.
    if (!asked) process.kill(process.pid, 'SIGTERM');
    asked = true;
  };
  process.stdin.once('end', stop).once('close', stop).resume();
  // A watch and not a duty: stdin alone must not keep the program alive.
  (process.stdin as unknown as { unref?: () => void }).unref?.();
}
