import { openPhoneLine } from '../emulators/caller/phone-line.ts';
import { encodeText } from '../emulators/tone/tone.ts';
import { callerSays, turnStarts } from './turns.ts';

/**
 * Callers that speak at the times of the plan and do not listen to words: telling what a hundred agents say would cost the
 * machine more than the agents do. They count what reaches the ear.
 */
export interface PlannedCaller {
  /** Settles when its sound flows. */
  open: Promise<void>;
  /** 20 ms frames in which the agent was heard. */
  heardFrames(): number;
  /** StopAudio while the plan has nobody interrupt. */
  stops(): number;
  over(): boolean;
  hangUp(): void;
}

const question = encodeText(callerSays, { sampleRate: 16_000 }).pcm;

export async function plannedCaller(acsUrl: string, from: string): Promise<PlannedCaller> {
  const opened = Promise.withResolvers<void>();
  let heard = 0;
  let stops = 0;
  let over = false;
  let timers: NodeJS.Timeout[] = [];
  const finish = (why: string) => {
    over = true;
    for (const timer of timers) clearTimeout(timer);
    timers = [];
    opened.reject(new Error(`The call from ${from} was over before its sound flowed: ${why}.`));
  };
  const url = new URL(`/phone?${new URLSearchParams({ from, to: '+15550199' })}`, acsUrl.replace('http', 'ws'));
  const line = await openPhoneLine(url, {
    event: event => {
      if (event.event === 'stop-audio') stops++;
      else if (event.event === 'failed') finish(event.reason);
      else if (event.event === 'ended') finish(`ended by the ${event.by}`);
      else if (event.event === 'media-open') {
        timers = turnStarts().map(ms => setTimeout(() => line.speak(question), ms));
        opened.resolve();
      }
    },
    frame: frame => {
      if (frame.played) heard++;
    },
    closed: (code, reason) => finish(`closed ${code} ${reason}`),
  });
  return {
    open: opened.promise,
    heardFrames: () => heard,
    stops: () => stops,
    over: () => over,
    hangUp: () => {
      if (!over) line.send({ do: 'hang-up' });
    },
  };
}
