import { another, type Callbacks } from './call-callbacks.ts';
import type { ControlPlane } from './control-plane.ts';
import { type Post, type Posted, postAll } from './posting.ts';

/**
 * Rounds of callbacks to live calls, each beside as many of the same requests to the empty function, taking turns at
 * going first. Two kinds: what a call's orchestration need not know (`noted`), and what it is told (`told`), which the
 * host keeps before it answers and folds afterwards; the round ends when all of it is folded.
 */
export interface LoadPlan {
  rounds: number;
  /** Live calls of a round, and callbacks of each kind to each of them. */
  calls: number;
  each: number;
  /** Requests under way at once. */
  atOnce: number;
}

export type Kind = 'noted' | 'told';

export interface Measured {
  webhook: Posted;
  empty: Posted;
}

export async function webhookLoad(
  plane: ControlPlane,
  callbacks: Callbacks,
  plan: LoadPlan,
): Promise<Record<Kind, Measured[]>> {
  const measured: Record<Kind, Measured[]> = { noted: [], told: [] };
  for (let round = 0; round < plan.rounds; round++) {
    const calls = await connectedCalls(plane, callbacks, plan.calls);
    for (const kind of ['noted', 'told'] as const) {
      const posts = spreadOver(await Promise.all(calls.map(call => call.posts(kind, plan.each))));
      const toEmpty = () =>
        postAll(
          posts.map(post => ({ ...post, url: `${plane.url}/empty` })),
          plan.atOnce,
        );
      const emptyFirst = round % 2 === 0 ? await toEmpty() : undefined;
      const webhook = await postAll(posts, plan.atOnce);
      await Promise.all(calls.map(call => call.hasFolded()));
      measured[kind].push({ webhook, empty: emptyFirst ?? (await toEmpty()) });
    }
    await Promise.all(calls.map(call => call.end()));
  }
  return measured;
}

interface LiveCall {
  posts(kind: Kind, count: number): Promise<Post[]>;
  /** Settles when its orchestration has folded all it was told. */
  hasFolded(): Promise<void>;
  end(): Promise<void>;
}

async function connectedCalls(plane: ControlPlane, callbacks: Callbacks, count: number): Promise<LiveCall[]> {
  const rung = await plane.ring(count);
  return Promise.all(
    rung.map(async ({ callId }): Promise<LiveCall> => {
      const participants = await callbacks.of(callId, 'ParticipantsUpdated');
      await callbacks.of(callId, 'MediaStreamingStarted');
      await plane.until(callId, 'connected', ({ life }) => life.phase === 'connected');
      const { callConnectionId } = participants.event.data;
      await plane.inject(callConnectionId, 'PlayStarted', {});
      const play = await callbacks.of(callId, 'PlayStarted');
      let sequence = participants.event.data.sequenceNumber ?? 0;
      return {
        posts: async (kind, each) => {
          if (kind === 'noted') return another(plane, play, { count: each });
          const made = await another(plane, participants, { count: each, from: sequence });
          sequence += each;
          return made;
        },
        hasFolded: () =>
          plane.until(callId, 'told of its people', ({ life }) => (life.participants?.sequence ?? 0) >= sequence),
        end: async () => {
          await plane.drop(callConnectionId);
          await plane.until(callId, 'ended', ({ life }) => life.phase === 'ended');
        },
      };
    }),
  );
}

/** One of each call in turn, as they come when many calls are live. */
const spreadOver = (lists: readonly Post[][]): Post[] =>
  Array.from({ length: Math.max(...lists.map(list => list.length)) }, (_, i) =>
    lists.flatMap(list => list.slice(i, i + 1)),
  ).flat();
