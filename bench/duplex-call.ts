/**
 * One call of the duplex benchmark as a person makes it: follows its plan, notes what it really did and when, and when the
 * agent falls silent for too long, asks whether it is still there.
 */
import type { Caller, HeardWord, StopRecord, Utterance } from '../emulators/caller/caller.ts';
import type { CallerAct } from './duplex-panel.ts';
import type { Act, CallPlan } from './duplex-script.ts';
import { cough, hum, ring, speak } from './duplex-voice.ts';
import { fetchChannels, noteFrameTimes, type TwoChannels } from './two-channels.ts';

export interface DuplexCall {
  plan: CallPlan;
  correlationId: string;
  /** When the caller's acts began, in µs of the monotonic clock; `acts` has them on the time line of the channels. */
  onsetsUs: readonly number[];
  acts: readonly CallerAct[];
  channels: TwoChannels;
  stops: readonly StopRecord[];
  heard: readonly HeardWord[];
  /** Why the caller hung up before the plan was done. */
  gaveUp: string | undefined;
}

const stillThereUs = 5_000_000;
/** Longer than any answer. */
const patienceMs = 40_000;
const mostRescues = 3;
/** A pause of the agent's up to this long is one between words or sentences, µs. */
const pauseUs = 300_000;
const frameUs = 20_000;

export async function makeCall(plan: CallPlan, acsUrl: string): Promise<DuplexCall> {
  const url = acsUrl.replace('http', 'ws');
  const from = `+1555${String(3_000_000 + plan.seed)}`;
  const caller = await ring({ url, from, kind: plan.line, seed: plan.seed });
  const { frameUs: times, over } = noteFrameTimes(caller);
  const done: { kind: CallerAct['kind']; utterance: Utterance }[] = [];
  const { callConnectionId } = await caller.answered(20_000);
  await caller.mediaOpen(20_000);
  const act = follow(caller, (kind, utterance) => done.push({ kind, utterance }));
  let gaveUp: string | undefined;
  try {
    for (const next of plan.acts) await act(next);
    await act({ do: 'listen', ms: 1200 });
  } catch (error) {
    // What led to it is in the recording, which is looked at like any other.
    gaveUp = (error as Error).message;
  }
  await caller.hangUp();
  await over;
  const channels = await fetchChannels(acsUrl, callConnectionId, times);
  return {
    plan,
    correlationId: caller.correlationId,
    onsetsUs: done.map(({ utterance }) => utterance.startedUs),
    acts: done.map(({ kind, utterance: { text, startedUs, endedUs } }) => ({
      kind,
      text,
      startMs: channels.msAt(startedUs),
      endMs: channels.msAt(endedUs),
    })),
    channels,
    stops: caller.stops,
    heard: caller.heard,
    gaveUp,
  };
}

/** Listening on to the agent's next words before hanging up, besides what a plan holds. */
type Doing = Act | { do: 'listen'; ms: number };

function follow(
  caller: Caller,
  did: (kind: CallerAct['kind'], utterance: Utterance) => void,
): (act: Doing) => Promise<void> {
  let lastEndUs = 0;
  /** What the agent says before this is no answer to the caller's last turn. */
  let turnEndUs = 0;
  let rescues = 0;

  const note = (kind: CallerAct['kind'], utterance: Utterance) => {
    lastEndUs = utterance.endedUs;
    if (kind === 'turn' || kind === 'interruption') turnEndUs = lastEndUs;
    did(kind, utterance);
  };

  /** Waits for the moment; a caller who hears nothing for too long speaks up and waits anew. */
  async function moment(is: () => boolean, what: string): Promise<void> {
    for (;;) {
      let quiet = false;
      await caller.until(
        () => {
          const silentSinceUs = Math.max(caller.agentSounds.at(-1)?.endUs ?? 0, lastEndUs);
          quiet = silentSinceUs > 0 && caller.earClockUs() - silentSinceUs > stillThereUs;
          return is() || quiet ? true : undefined;
        },
        { what, timeoutMs: patienceMs },
      );
      if (!quiet) return;
      if (++rescues > mostRescues)
        throw new Error(`The agent stayed silent ${rescues} times while waiting for ${what}.`);
      note('turn', await speak(caller, ['Are you still there?']));
    }
  }

  const speaksFor = (ms: number) => moment(() => agentSpeaksUs(caller, lastEndUs) >= ms * 1000, 'the agent to speak');
  const isSilentFor = (ms: number) =>
    moment(() => {
      const last = caller.agentSounds.at(-1);
      return last !== undefined && last.endUs > turnEndUs && caller.earClockUs() - last.endUs >= ms * 1000;
    }, 'the agent to finish');

  return async act => {
    switch (act.do) {
      case 'turn':
        await isSilentFor(act.quietMs);
        return note('turn', await speak(caller, act.parts, act.pausesMs));
      case 'interruption':
        await speaksFor(act.afterMs);
        return note('interruption', await speak(caller, [act.text]));
      case 'backchannel':
        await speaksFor(act.afterMs);
        return note('backchannel', await hum(caller, act.text));
      case 'cough':
        await speaksFor(act.afterMs);
        return note('cough', await cough(caller, act.ms));
      case 'cough-in-silence':
        await isSilentFor(act.afterMs);
        return note('cough', await cough(caller, act.ms));
      case 'listen':
        return speaksFor(act.ms);
    }
  };
}

/** How long the agent has been speaking since it began or since `afterUs`, in µs; 0 when it is silent just now. */
function agentSpeaksUs(caller: Caller, afterUs: number): number {
  const nowUs = caller.earClockUs();
  const last = caller.agentSounds.at(-1);
  if (!last || nowUs - last.endUs > frameUs) return 0;
  let startUs = last.startUs;
  for (let i = caller.agentSounds.length - 2; i >= 0; i--) {
    const { startUs: earlier, endUs } = caller.agentSounds[i]!;
    if (startUs - endUs > pauseUs) break;
    startUs = earlier;
  }
  return nowUs - Math.max(startUs, afterUs);
}
