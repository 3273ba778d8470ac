import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { callbacksSeen } from './call-callbacks.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import type { ShownHistory } from './durable-api.ts';
import { callWithTones, type Folding, foldings, plainCall } from './durable-calls.ts';
import type { Replayed } from './replayed-episodes.ts';
import { atMost, type Benchmark, type BenchResult, machine, rounded, spread } from './result.ts';

/**
 * What a call costs in durable state, and how soon its status is right, all of it read from the durable management API.
 * That shows no brackets of episodes: for plain calls they are counted by replaying what is kept, for the long call as
 * many are assumed as there can be, one pair for each thing the orchestration was told.
 */
export const durable: Benchmark = {
  about: 'durable actions and history of calls, and how soon an event is in the status',
  run: async (say, { quick }) => {
    const plan = quick ? { plain: 5, foldingCalls: 4, folded: 20 } : { plain: 20, foldingCalls: 20, folded: 50 };
    const dir = await mkdtemp(path.join(os.tmpdir(), 'switchboard-bench-'));
    const callbacks = callbacksSeen();
    let plane: ControlPlane | undefined;
    try {
      plane = await startControlPlane({ dir, tapped: callbacks.see });
      const calls = { plane, callbacks };
      say(`  ${plan.plain} plain calls`);
      const plain: ShownHistory[] = [];
      for (let n = 0; n < plan.plain; n++) plain.push(await plainCall(calls));
      const replayed = await plane.replayed();
      say(`  a call with ${tones} tones`);
      const long = await callWithTones(calls, tones);
      say(`  ${plan.foldingCalls * plan.folded} events, each looked for in the status`);
      const folding: Folding[] = [];
      for (let n = 0; n < plan.foldingCalls; n++) folding.push(await foldings(calls, plan.folded));
      const { differences } = await plane.replayed();
      return report({ plain, replayed, long, folding, differences });
    } finally {
      await plane?.stop();
      await rm(dir, { recursive: true, force: true });
    }
  },
};

const tones = 200;

interface Found {
  plain: readonly ShownHistory[];
  /** After the plain calls. */
  replayed: Replayed;
  long: ShownHistory;
  folding: readonly Folding[];
  /** After everything. */
  differences: number;
}

function report({ plain, replayed, long, folding, differences }: Found): BenchResult {
  const actions = spread(plain.map(history => history.actions));
  const episodes = replayed.episodes / plain.length;
  const events = plain.reduce((sum, history) => sum + history.events, 0) / plain.length;
  const longest = long.events + 2 * long.arrivals;
  return {
    name: 'durable',
    machine: machine(),
    metrics: {
      'durable actions of a plain call': actions,
      'episodes of a plain call': rounded(episodes),
      'history of a plain call, events': rounded(events + 2 * episodes),
      [`call with ${tones} tones`]: {
        actions: long.actions,
        'events raised': long.raised,
        'events kept': long.events,
        'with brackets, at most': longest,
      },
      'callback sent to seen in the status, ms': spread(folding.flatMap(({ sinceSent }) => sinceSent)),
      'callback answered to seen in the status, ms': spread(folding.flatMap(({ sinceAnswered }) => sinceAnswered)),
    },
    promises: [
      atMost('durable actions of a plain call', 25, actions.max, 'actions'),
      atMost(`longest history of a call with ${tones} tones`, 300, longest, 'events'),
      atMost('episodes that replay otherwise', 0, differences, 'episodes'),
    ],
  };
}
