import type { CallFact } from '../../contracts/call-event.ts';
import type { Clock } from '../clock.ts';
import { type Epochs, type Lane, setEpoch } from '../lanes/lane.ts';
import type { ToSpeech } from '../lanes/speech-lane.ts';
import type { ToTurn } from '../lanes/turn-messages.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { FloorDispute } from './floor-dispute.ts';
import type { HeardReplies } from './heard-replies.ts';
import type { Speaking } from './speaking.ts';

/**
 * How the agent's voice gives way to the caller, step by step, up to silence. Whatever stops, the order matters: our own
 * sound first, then all that was made for it is stale, ACS is emptied, then others are told.
 */
export interface GivingWay {
  lower(): void;
  raise(): void;
  /** Silent at once, and the sentence is kept. */
  hold(): void;
  giveBack(): void;
  /** Barge-in. */
  stop(epoch: number, by: 'voice' | 'dtmf'): void;
  /** A reply that is not wanted any more. */
  giveUp(epoch: number): void;
  /** What is being said, and not the reply. */
  skip(): void;
}

export interface GivingWayOptions {
  call: number;
  cell: number;
  epochs: Epochs;
  speech: Lane<ToSpeech>;
  turns: Lane<ToTurn>;
  clock: Clock;
  metrics: Metrics;
  note(fact: CallFact): void;
  speaking: Pick<Speaking, 'lower' | 'raise' | 'hold' | 'giveBack' | 'cut' | 'skip'>;
  dispute: FloorDispute;
  replies: HeardReplies;
  /** Empties ACS. */
  sendStop(): void;
  /** The conversation's turn. */
  turn(): number;
}

export function createGivingWay(options: GivingWayOptions): GivingWay {
  const { call, cell, epochs, speech, turns, clock, metrics, note, speaking, dispute, replies, sendStop, turn } =
    options;

  const hush = (epoch: number) => {
    speech.post({ type: 'hush', call, epoch });
    turns.post({ type: 'hush', call, epoch });
  };

  return {
    lower: () => {
      dispute.lowers();
      speaking.lower();
    },
    raise: () => {
      speaking.raise();
      dispute.settled('raised', turn());
    },
    hold: () => {
      const heldAtUs = clock.monotonicUs();
      const { unplayedMs } = speaking.hold();
      sendStop();
      dispute.held(heldAtUs, unplayedMs);
    },
    giveBack: () => {
      speaking.giveBack();
      metrics.count('sentences-given-back');
      dispute.settled('given-back', turn());
    },
    stop: (epoch, by) => {
      const { heldAtUs, unplayedMs } = dispute.hold();
      const decidedAtUs = heldAtUs ?? clock.monotonicUs();
      const { reply, ...given } = speaking.cut();
      setEpoch(epochs, cell, epoch);
      if (heldAtUs === undefined) sendStop();
      hush(epoch);
      metrics.count('barge-ins');
      note({
        type: 'barge-in',
        turn: reply?.reply.turn ?? turn(),
        by,
        decidedAtUs,
        ...given,
        ...(unplayedMs !== undefined && { unplayedMs }),
      });
      dispute.settled('stopped', turn());
      if (reply) replies.ended(reply, true);
    },
    giveUp: epoch => {
      const { reply } = speaking.cut();
      setEpoch(epochs, cell, epoch);
      hush(epoch);
      if (!reply) return;
      sendStop();
      replies.ended(reply, true);
    },
    skip: () => {
      const skipped = speaking.skip();
      sendStop();
      if (skipped) replies.goesOn(skipped);
    },
  };
}
