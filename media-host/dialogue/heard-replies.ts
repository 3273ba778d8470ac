import type { Lane } from '../lanes/lane.ts';
import type { ToTurn } from '../lanes/turn-messages.ts';
import type { HeardReply } from './speaking.ts';
import type { SpokenNotes } from './spoken-notes.ts';

/** Tells what has become of a reply: the model's history learns what of it the ear got, the journal all of it. */
export interface HeardReplies {
  /** It was said to its end, or `interrupted`. */
  ended(whole: HeardReply, interrupted: boolean): void;
  /** Its words so far were cut, and it goes on with others. */
  goesOn(whole: HeardReply): void;
}

export interface HeardRepliesOptions {
  call: number;
  turns: Lane<ToTurn>;
  spoken: Pick<SpokenNotes, 'reply'>;
  /** Whether the reply of this epoch is a line about a search, which the model learns of otherwise. */
  isLine(epoch: number): boolean;
}

export function createHeardReplies({ call, turns, spoken, isLine }: HeardRepliesOptions): HeardReplies {
  const tell = ({ reply, heard: text, parts }: HeardReply, interrupted: boolean) => {
    if (isLine(reply.epoch)) return;
    const byAgent = parts.map(({ by, heard }) => ({ stint: by.stint, text: heard }));
    const several = byAgent.some(({ stint }) => stint > 0);
    turns.post({
      ...{ type: 'heard', call, turn: reply.turn, text, interrupted },
      ...(several && { parts: byAgent }),
    });
  };

  return {
    ended: (whole, interrupted) => {
      tell(whole, interrupted);
      spoken.reply(whole.reply, whole.untold, interrupted);
    },
    goesOn: whole => {
      tell(whole, false);
      spoken.reply(whole.reply, whole.untold, true);
    },
  };
}
