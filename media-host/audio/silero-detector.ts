import { type JudgedCall, judgedCall, type Surroundings } from './silero-call.ts';
import type { VoiceDetector } from './voice-activity.ts';
import type { VoiceModel } from './voice-model.ts';

/**
 * Judges the windows of all calls by one model, one run at a time, at most one window of a call in each: the model remembers
 * a call from window to window. Calls that are due wait in line, so that none is served twice before another.
 * @param firstMemory is what the model remembers as a call begins.
 */
export function sileroDetector(model: VoiceModel, firstMemory: Float32Array): VoiceDetector {
  const tally = { judged: 0, runs: 0, unjudged: 0, failedRuns: 0 };
  const line: JudgedCall[] = [];
  const idle: (() => void)[] = [];
  let running: Promise<void> | undefined;
  let attended = 0;
  let closed = false;

  const due = (call: JudgedCall) => {
    if (!call.inLine) line.push(call);
    call.inLine = true;
    running ??= judgeAll();
  };

  const judgeAll = async () => {
    await gathered(attended);
    while (line.length > 0 && !closed) await judgeSome();
    running = undefined;
    for (const resolve of idle.splice(0)) resolve();
  };

  const judgeSome = async () => {
    const calls = line.splice(0, model.most).filter(call => {
      call.inLine = false;
      return call.take();
    });
    if (calls.length === 0) return;
    const probabilities = await run(calls);
    for (const [i, call] of calls.entries()) {
      call.judged(probabilities?.[i]);
      if (call.isDue()) due(call);
    }
  };

  const run = async (calls: readonly JudgedCall[]): Promise<Float32Array | undefined> => {
    tally.runs++;
    try {
      const probabilities = await model.judge(calls);
      tally.judged += calls.length;
      return probabilities;
    } catch {
      // Level takes over for these windows, and they are counted: no call ends for it.
      tally.failedRuns++;
      return undefined;
    }
  };

  const around: Surroundings = {
    due,
    unjudged: () => {
      tally.unjudged++;
    },
    attended: by => {
      attended += by;
    },
    firstMemory,
  };

  return {
    name: 'silero',
    tally,
    open: listener => judgedCall(listener, around),
    idle: () => (running ? new Promise<void>(resolve => idle.push(resolve)) : Promise.resolve()),
    close: async () => {
      closed = true;
      await running;
      await model.close();
    },
  };
}

/** With few calls a window is judged as soon as the thread has read what came in; with many it pays to wait for company. */
const companyMs = 4;
const fewCalls = 4;

const gathered = (attended: number) =>
  new Promise<void>(resolve => {
    if (attended > fewCalls) setTimeout(resolve, companyMs);
    else setImmediate(resolve);
  });
