import { another, type Callbacks } from './call-callbacks.ts';
import type { ControlPlane } from './control-plane.ts';
import type { ShownHistory } from './durable-api.ts';
import { postAll } from './posting.ts';

/** Calls as their orchestrations see them, each from ring to record. */
export interface CallsOfPlane {
  plane: ControlPlane;
  callbacks: Callbacks;
}

/** A call in which nothing happens but talk. @returns its history when the record is saved. */
export async function plainCall(calls: CallsOfPlane): Promise<ShownHistory> {
  const call = await connected(calls);
  await call.over();
  return calls.plane.durable.history(call.callId);
}

/**
 * A call in which so many keys are pressed, one callback each. @returns the longest history it ever had; what only the
 * passing of half an hour would add, a look at the carrier every few minutes, is not in it.
 */
export async function callWithTones(calls: CallsOfPlane, tones: number): Promise<ShownHistory> {
  const { plane, callbacks } = calls;
  const call = await connected(calls);
  let longest = await plane.durable.history(call.callId);
  const look = async () => {
    const now = await plane.durable.history(call.callId);
    if (now.events > longest.events) longest = now;
  };
  for (let sequenceId = 1; sequenceId <= tones; sequenceId++) {
    const came = callbacks.next(call.callId, 'ContinuousDtmfRecognitionToneReceived');
    await plane.inject(call.callConnectionId, 'ContinuousDtmfRecognitionToneReceived', { sequenceId, tone: 'five' });
    await came;
    await look();
  }
  await call.over();
  await look();
  return longest;
}

/** How long each of `count` changes took from its callback, sent and answered, to being seen in the status, ms. */
export interface Folding {
  sinceSent: number[];
  sinceAnswered: number[];
}

export async function foldings(calls: CallsOfPlane, count: number): Promise<Folding> {
  const { plane, callbacks } = calls;
  const call = await connected(calls);
  const participants = await callbacks.of(call.callId, 'ParticipantsUpdated');
  const from = participants.event.data.sequenceNumber ?? 0;
  const took: Folding = { sinceSent: [], sinceAnswered: [] };
  const posts = await another(plane, participants, { count, from });
  for (const [i, post] of posts.entries()) {
    const sent = performance.now();
    await postAll([post], 1);
    const answered = performance.now();
    const isFolded = async () =>
      ((await plane.durable.status(call.callId))?.life.participants?.sequence ?? 0) > from + i;
    while (!(await isFolded())) if (performance.now() - answered > patienceMs) throw new Error('It was never folded.');
    took.sinceSent.push(performance.now() - sent);
    took.sinceAnswered.push(performance.now() - answered);
  }
  await call.over();
  return took;
}

const patienceMs = 10_000;

interface ConnectedCall {
  callId: string;
  callConnectionId: string;
  /** The caller hangs up; settles when the orchestration has ended. */
  over(): Promise<void>;
}

async function connected({ plane, callbacks }: CallsOfPlane): Promise<ConnectedCall> {
  const [rung] = await plane.ring(1);
  const callId = rung?.callId ?? '';
  const { event } = await callbacks.of(callId, 'CallConnected');
  const { callConnectionId } = event.data;
  await callbacks.of(callId, 'MediaStreamingStarted');
  await callbacks.of(callId, 'ParticipantsUpdated');
  await plane.until(callId, 'connected', ({ life }) => life.phase === 'connected');
  return {
    callId,
    callConnectionId,
    over: async () => {
      await plane.drop(callConnectionId);
      await plane.until(callId, 'over', ({ runtimeStatus }) => runtimeStatus === 'Completed');
    },
  };
}
