import { type AgentSound, type Caller, dial, type Utterance } from '../emulators/caller/caller.ts';
import type { PlannedTurn, TurnPlan } from './turn-plan.ts';

/** A caller who takes turns with the agent, speaking only when the agent has been silent for a while. */
export interface TurnCall {
  correlationId: string;
  /** When sound began to flow and when the call was over, µs of the monotonic clock. */
  fromUs: number;
  toUs: number;
  turns: readonly { planned: PlannedTurn; utterance: Utterance }[];
  agentSounds: readonly AgentSound[];
}

const patienceMs = 20_000;

export async function makeTurnCall(line: string, from: string, plan: TurnPlan): Promise<TurnCall> {
  const { caller, fromUs } = await ring(line, from, plan);
  const turns: { planned: PlannedTurn; utterance: Utterance }[] = [];
  let lastUs = fromUs;
  for (const planned of plan.turns) {
    await agentIsDone(caller, lastUs, planned.quietMs);
    const utterance = await caller.say(planned.spoken);
    lastUs = utterance.endedUs;
    turns.push({ planned, utterance });
  }
  await agentIsDone(caller, lastUs, 500);
  const toUs = caller.earClockUs();
  await caller.hangUp();
  return { correlationId: caller.correlationId, fromUs, toUs, turns, agentSounds: caller.agentSounds };
}

export async function ring(
  line: string,
  from: string,
  { seed, wordGapMs }: Pick<TurnPlan, 'seed' | 'wordGapMs'>,
): Promise<{ caller: Caller; fromUs: number }> {
  const caller = await dial({ line, from, seed, wordGapMs });
  await caller.answered(patienceMs);
  const { atUs: fromUs } = await caller.mediaOpen(patienceMs);
  return { caller, fromUs };
}

/** Waits until the agent has spoken after `sinceUs` and has been silent for `quietMs`. */
export async function agentIsDone(caller: Caller, sinceUs: number, quietMs: number): Promise<void> {
  await caller.until(
    () => {
      const last = caller.agentSounds.at(-1);
      return last && last.endUs > sinceUs && caller.earClockUs() - last.endUs >= quietMs * 1000 ? true : undefined;
    },
    { what: 'the agent to have answered', timeoutMs: patienceMs },
  );
}
