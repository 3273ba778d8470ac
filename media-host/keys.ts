import type { CallFact } from '../contracts/call-event.ts';
import type { Clock } from './clock.ts';
import { createKeypad } from './digits/keypad.ts';
import { keysText } from './digits/keys-text.ts';
import { createHoldWords } from './hold-words.ts';
import type { Lane } from './lanes/lane.ts';
import type { AgentCard, FromTurn, ToTurn } from './lanes/turn-messages.ts';
import type { Speaking } from './speaking.ts';
import type { ConversationEvent } from './turn/conversation-state.ts';

/**
 * The caller's keys in one call: answers go to the conversation as one message, a secret that a tool waits for goes to
 * that tool, for as long as its reply is the current one. The journal learns how many keys there were.
 */
export interface Keys {
  pressed(tone: string): void;
  /** The carrier's callback told of a tone. */
  told(tone: string, sequence: number): void;
  wanted(message: Extract<FromTurn, { type: 'digits-wanted' }>): void;
  done(message: Extract<FromTurn, { type: 'digits-done' }>): void;
  /** The conversation is at this epoch now. */
  moved(epoch: number): void;
  /** What is said to a caller who is to press keys; undefined where nobody waits for them. */
  wordsOfWait(): string | undefined;
  end(): void;
}

export interface KeysOptions {
  call: number;
  agent: AgentCard;
  turns: Lane<ToTurn>;
  clock: Clock;
  speaking: Pick<Speaking, 'afterWords'>;
  note(fact: CallFact): void;
  apply(event: ConversationEvent): void;
  /** The conversation's turn and epoch. */
  now(): { turn: number; epoch: number };
  fill(epoch: number, text: string): void;
}

export function createKeys({ call, agent, turns, clock, speaking, note, apply, now, fill }: KeysOptions): Keys {
  const words = createHoldWords(agent.keypad.waiting);
  /** The reply whose tool waits for a secret. */
  let wantedIn: number | undefined;

  const keypad = createKeypad({
    ...agent.turns.digits,
    clock,
    key: how => {
      note({ type: 'dtmf-pressed', turn: now().turn });
      apply({ type: 'dtmf', at: clock.now(), ...(how && { how }) });
    },
    answered: keys => {
      apply({ type: 'keyed', text: keysText(keys), at: clock.now() });
      note({ type: 'digits-given', turn: now().turn, count: keys.length });
    },
  });

  const wantNone = () => {
    wantedIn = undefined;
    keypad.wantNone();
  };

  return {
    pressed: tone => keypad.pressed(tone, 'socket'),
    told: (tone, sequence) => keypad.pressed(tone, 'callback', sequence),
    wanted: ({ epoch, length, prompt }) => {
      if (epoch !== now().epoch) return;
      wantedIn = epoch;
      keypad.wantSecret(length, keys => turns.post({ type: 'keys-given', call, epoch, keys }));
      speaking.afterWords(epoch, () => {
        if (keypad.awaitsFirst) fill(epoch, prompt);
      });
    },
    done: ({ epoch }) => {
      if (epoch === wantedIn) wantNone();
    },
    moved: epoch => {
      if (wantedIn !== undefined && wantedIn !== epoch) wantNone();
    },
    wordsOfWait: () => (wantedIn === undefined ? undefined : words.next()),
    end: keypad.end,
  };
}
