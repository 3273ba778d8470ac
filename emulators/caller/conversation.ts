/**
 * A scripted call: the caller listens, speaks when it is its turn (or cuts in), and every reply is timed at the ear. The
 * greeting and a reply of several sentences are over when the agent has been silent for a while, not at the first pause.
 */
import type { AgentSound, Caller, HeardWord, StopRecord } from './caller.ts';
import { perform, type Sounds, saidIn, wantsReply } from './step-sounds.ts';

export interface Step extends Sounds {
  /** What to wait for: the agent to be done (`quiet`), or these words of it. @default 'quiet' */
  hear?: string;
  /** Speak this long after the agent started (or after the words of `hear`), while it speaks; without it, when it is done. */
  bargeInMs?: number;
  /** Whether the agent is to answer. @default true, but false for coughs, backchannels, clicks and puffs alone */
  reply?: boolean;
}

export interface Conversation {
  steps: readonly Step[];
  /** Who speaks first. @default 'agent' */
  opening?: 'agent' | 'caller';
  /** Who hangs up after the last reply. @default 'caller' */
  ending?: 'caller' | 'agent';
  /** Silence after which a reply is over, in ms. @default 1200 */
  replyGapMs?: number;
  /** Longest wait for an answer of the phone or of the agent, in ms. @default 15000 */
  patienceMs?: number;
  /** Longest reply, in ms. @default 60000 */
  longestReplyMs?: number;
}

export interface Turn {
  /** What the caller's audio carried. */
  said: string;
  /** What the ear decoded of the reply. */
  heard: string;
  /** From the caller's last sample to the first of the reply at the ear, in ms; undefined without a reply. */
  replyMs: number | undefined;
  agentAudioMs: number;
}

export interface BargeIn {
  /** Onset of the caller's voice, in µs of the monotonic clock. */
  onsetUs: number;
  /** StopAudio at the carrier; undefined when the agent was not stopped. */
  stopAtUs: number | undefined;
  onsetToStopMs: number | undefined;
  framesAfterStop: number | undefined;
  /** Agent audio the carrier still held and threw away, in ms. */
  leftoverMs: number | undefined;
  /** What the ear had of the interrupted speech. */
  agentTextHeard: string;
}

export interface ConversationResult {
  /** From dialling, in ms. */
  answeredMs: number;
  /** From the moment audio could flow to the first of the agent, in ms. */
  firstAudioMs: number | undefined;
  greeting: string;
  turns: Turn[];
  bargeIns: BargeIn[];
  endedBy: 'caller' | 'app' | 'service';
  /** Steps that could not be done because the call was over. */
  stepsLeft: number;
}

/** Something the caller did, and where the agent's answer to it may begin. */
interface Move {
  said: string;
  startedUs: number;
  endedUs: number;
  bargeIn: boolean;
}

const AFTER_STOP_US = 40_000;

/** Carries a dialled call through its steps and ends it; throws, after hanging up, when the agent does not do its part. */
export async function converse(caller: Caller, conversation: Conversation): Promise<ConversationResult> {
  const { steps, opening = 'agent', ending = 'caller', patienceMs = 15_000 } = conversation;
  const { replyGapMs = 1200, longestReplyMs = 60_000 } = conversation;
  const { afterMs: answeredMs } = await caller.answered(patienceMs);
  const { atUs: openUs } = await caller.mediaOpen(patienceMs);
  const start: Move = { said: '', startedUs: openUs, endedUs: openUs, bargeIn: false };
  const moves: Move[] = [start];
  const cutIns: { onsetUs: number; interrupted: Move }[] = [];
  let stepsLeft = steps.length;

  async function onset(of: Move): Promise<AgentSound> {
    const what = of === start ? 'the agent to speak first' : `a reply to "${of.said}"`;
    return caller.until(() => replyTo(caller, of), { what, timeoutMs: patienceMs });
  }

  async function agentIsDone(after: Move): Promise<void> {
    await onset(after);
    await caller.until(
      () => {
        const last = caller.agentSounds.at(-1);
        return last && caller.earClockUs() - last.endUs >= replyGapMs * 1000 ? true : undefined;
      },
      { what: `the agent to finish (silent for ${replyGapMs} ms)`, timeoutMs: longestReplyMs },
    );
  }

  async function momentFor(step: Step, last: Move, replyDue: boolean): Promise<void> {
    let fromUs: number | undefined;
    if (step.hear !== undefined && step.hear !== 'quiet') {
      const { words } = await caller.hears(step.hear, { timeoutMs: patienceMs });
      fromUs = words.at(-1)?.endUs;
    }
    if (step.bargeInMs === undefined) {
      if (replyDue) await agentIsDone(last);
      return;
    }
    const dueUs = (fromUs ?? (await onset(last)).startUs) + step.bargeInMs * 1000;
    await caller.until(() => (caller.earClockUs() >= dueUs ? true : undefined), {
      what: `the moment to cut in (${step.bargeInMs} ms)`,
      timeoutMs: patienceMs + step.bargeInMs,
    });
  }

  async function play(): Promise<void> {
    let last = start;
    let replyDue = opening === 'agent';
    for (const step of steps) {
      await momentFor(step, last, replyDue);
      const done = await perform(caller, step);
      const said = saidIn(step);
      if (step.bargeInMs !== undefined) cutIns.push({ onsetUs: done.startedUs, interrupted: last });
      if (step.reply ?? wantsReply(step)) {
        last = { said, startedUs: done.startedUs, endedUs: done.endedUs, bargeIn: step.bargeInMs !== undefined };
        moves.push(last);
        replyDue = true;
      }
      stepsLeft -= 1;
    }
    if (replyDue) await agentIsDone(last);
    if (ending === 'agent') await caller.ended(longestReplyMs);
  }

  try {
    await play();
  } catch (error) {
    // The app may hang up whenever it likes; only an agent that keeps us waiting is an error.
    if (!caller.over()) {
      await Promise.allSettled([caller.hangUp(patienceMs)]);
      throw error;
    }
  }
  const { by: endedBy } = caller.over() ?? (await caller.hangUp(patienceMs));
  const replies = moves.map(move => replyTo(caller, move));
  const told = moves.map((move, i) => turnOf(caller, move, replies[i], nextOnsetUs(replies, i)));
  return {
    answeredMs,
    firstAudioMs: caller.agentSounds[0] && msBetween(openUs, caller.agentSounds[0].startUs),
    greeting: opening === 'agent' ? told[0]!.heard : '',
    turns: told.slice(1),
    bargeIns: cutIns.map(({ onsetUs, interrupted }, i) =>
      bargeInOf(caller, onsetUs, replyTo(caller, interrupted)?.startUs ?? 0, cutIns[i + 1]?.onsetUs),
    ),
    endedBy,
    stepsLeft,
  };
}

/** The agent's first sound that can be an answer: not the tail of what it was saying when the caller cut in. */
function replyTo(caller: Caller, { startedUs, endedUs, bargeIn }: Move): AgentSound | undefined {
  const stop = bargeIn ? caller.stops.find(({ atUs }) => atUs >= startedUs) : undefined;
  const fromUs = stop ? stop.atUs + AFTER_STOP_US : bargeIn ? endedUs : startedUs;
  return caller.agentSounds.find(sound => sound.startUs >= fromUs);
}

function nextOnsetUs(replies: readonly (AgentSound | undefined)[], index: number): number {
  return replies.slice(index + 1).find(reply => reply)?.startUs ?? Number.POSITIVE_INFINITY;
}

function turnOf(caller: Caller, move: Move, reply: AgentSound | undefined, untilUs: number): Turn {
  // Words are placed by the decoder, sounds by frames: a word may seem to begin a frame early.
  const fromUs = reply ? reply.startUs - AFTER_STOP_US / 2 : untilUs;
  const sounds = caller.agentSounds.filter(({ startUs }) => startUs >= fromUs && startUs < untilUs);
  return {
    said: move.said,
    heard: textOf(caller.heard, fromUs, untilUs - AFTER_STOP_US / 2),
    replyMs: reply && msBetween(move.endedUs, reply.startUs),
    agentAudioMs: sounds.reduce((total, { soundMs }) => total + soundMs, 0),
  };
}

function bargeInOf(caller: Caller, onsetUs: number, speechUs: number, nextCutInUs = Number.POSITIVE_INFINITY): BargeIn {
  const stop: StopRecord | undefined = caller.stops.find(({ atUs }) => atUs >= onsetUs && atUs < nextCutInUs);
  return {
    onsetUs,
    stopAtUs: stop?.atUs,
    onsetToStopMs: stop && msBetween(onsetUs, stop.atUs),
    framesAfterStop: stop?.framesAfterStop,
    leftoverMs: stop?.discardedMs,
    agentTextHeard: textOf(caller.heard, speechUs - AFTER_STOP_US / 2, stop?.atUs ?? nextCutInUs),
  };
}

function textOf(words: readonly HeardWord[], fromUs: number, untilUs: number): string {
  return words
    .filter(({ startUs }) => startUs >= fromUs && startUs < untilUs)
    .map(({ text }) => text)
    .join(' ');
}

function msBetween(fromUs: number, toUs: number): number {
  return Math.round((toUs - fromUs) / 10) / 100;
}
