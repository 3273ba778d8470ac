import type { CallFact } from '../../contracts/call-event.ts';
import type { Lane } from '../lanes/lane.ts';
import type { ToTurn } from '../lanes/turn-messages.ts';
import type { ConversationEvent, Intent } from '../turn/conversation-state.ts';
import type { Asking } from './asking.ts';
import type { CallerSide } from './caller-side.ts';
import type { GivingWay } from './giving-way.ts';
import type { Keys } from './keys.ts';
import type { PresentAgent } from './present-agent.ts';
import type { Search } from './search.ts';
import type { Speaking } from './speaking.ts';
import type { SpokenNotes } from './spoken-notes.ts';
import type { Voicing } from './voicing.ts';

/** Does what the conversation wants done: each intent goes to the part of the dialogue whose matter it is. */
export type Perform = (intent: Intent, event: ConversationEvent) => void;

export interface PerformingOptions {
  call: number;
  turns: Lane<ToTurn>;
  note(fact: CallFact): void;
  present: Pick<PresentAgent, 'card' | 'holdWords'>;
  speaking: Pick<Speaking, 'release'>;
  asking: Asking;
  voicing: Pick<Voicing, 'fill'>;
  givingWay: GivingWay;
  spoken: Pick<SpokenNotes, 'caller' | 'aside'>;
  callerSide: Pick<CallerSide, 'takeMarks'>;
  search: Pick<Search, 'say' | 'end' | 'cancel'>;
  keys: Pick<Keys, 'wordsOfWait'>;
  /** The caller is to be hung up. `reason`: the agent's, where it ends the call. */
  hangUp(reason?: string): void;
}

export function createPerforming(options: PerformingOptions): Perform {
  const { call, turns, note, present, speaking, asking, voicing, givingWay, spoken, search, keys, hangUp } = options;

  return (intent, event) => {
    switch (intent.do) {
      case 'greet':
        return asking.greet(intent.epoch);
      case 'answer':
        return asking.answer(intent);
      case 'correct':
        return asking.correct(intent.turn, intent.said);
      case 'prompt':
        return asking.prompt(intent);
      case 'speak':
        return speaking.release(event.type !== 'reply-ready');
      case 'lower-voice':
        return givingWay.lower();
      case 'raise-voice':
        return givingWay.raise();
      case 'hold-voice':
        return givingWay.hold();
      case 'give-back':
        return givingWay.giveBack();
      case 'stop-speaking':
        return givingWay.stop(intent.epoch, intent.by);
      case 'give-up-reply':
        return givingWay.giveUp(intent.epoch);
      case 'skip-words':
        return givingWay.skip();
      case 'fill': {
        const { card, holdWords } = present;
        return voicing.fill(intent.epoch, intent.resumed ? card.resumed : (keys.wordsOfWait() ?? holdWords.next()));
      }
      case 'note-aside':
        return spoken.aside(intent.turn, intent.text);
      case 'note-caller':
        return spoken.caller(intent.turn, intent.said.join(' '));
      case 'say-seeking':
        return search.say(intent);
      case 'cancel-person':
        return search.cancel();
      case 'return':
        options.callerSide.takeMarks();
        return search.end(intent);
      case 'hang-up':
        return hangUp();
      case 'end-call': {
        const { epoch, turn, reason } = intent;
        note({ type: 'end-asked', turn, reason });
        turns.post({ type: 'end-begun', call, epoch });
        return hangUp(reason);
      }
    }
  };
}
