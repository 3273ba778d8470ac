import type { CallFact } from '../../contracts/call-event.ts';
import type { Clock } from '../clock.ts';
import { createKeypad } from '../digits/keypad.ts';
import { keysText } from '../digits/keys-text.ts';
import type { Lane } from '../lanes/lane.ts';
import type { AgentCard, FromTurn, ToTurn } from '../lanes/turn-messages.ts';
import type { Conversation, ConversationEvent, ConversationRules } from '../turn/conversation-state.ts';
import { saidSoFar } from '../turn/end-of-turn.ts';
import { createHoldWords } from './hold-words.ts';
import type { Speaking } from './speaking.ts';

/**
 * The caller's keys in one call: answers go to the conversation as one message, keys that a tool waits for go to that tool,
 * for as long as its reply is the current one. The journal learns how many keys there were.
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
  /** How turns are taken where a number is asked for, which callers may say as well; else as `usual`. */
  rules(usual: ConversationRules): ConversationRules;
  end(): void;
}

export interface KeysOptions {
  call: number;
  /** The one that has the caller. */
  agent(): AgentCard;
  turns: Lane<ToTurn>;
  clock: Clock;
  speaking: Pick<Speaking, 'afterWords' | 'heardSoFar'>;
  note(fact: CallFact): void;
  apply(event: ConversationEvent): void;
  /** Where the conversation stands. */
  now(): Conversation;
  fill(epoch: number, text: string): void;
}

/** What a tool waits for, in the reply of this epoch. */
interface Wanted {
  epoch: number;
  next(): string;
}

/** A number was asked for and may be said: in the turn that follows this one. */
interface Sayable {
  turn: number;
  length: number | undefined;
  rules?: { usual: ConversationRules; patient: ConversationRules };
}

export function createKeys({ call, agent, turns, clock, speaking, note, apply, now, fill }: KeysOptions): Keys {
  let wanted: Wanted | undefined;
  let sayable: Sayable | undefined;

  const keypad = createKeypad({
    rules: () => agent().turns.digits,
    clock,
    speaks: () => now().soundSince !== undefined || saidSoFar(now().caller).text !== '',
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
    wanted = undefined;
    keypad.wantNone();
  };

  const want = ({ epoch, secret, length }: Extract<FromTurn, { type: 'digits-wanted' }>) => {
    const given = (keys: string | undefined) => turns.post({ type: 'keys-given', call, epoch, keys });
    if (secret) return keypad.wantSecret(length ?? 0, given);
    keypad.wantNumber(length, keys => {
      if (keys !== undefined) note({ type: 'digits-given', turn: now().turn, count: keys.length });
      given(keys);
    });
  };

  return {
    pressed: tone => keypad.pressed(tone, 'socket'),
    told: (tone, sequence) => keypad.pressed(tone, 'callback', sequence),
    wanted: message => {
      const { epoch, secret, length, prompt } = message;
      if (epoch !== now().epoch) return;
      const { waiting, askNumber } = agent().keypad;
      // Whose waiting has begun is not asked in the same words again.
      const next = wanted?.epoch === epoch ? wanted.next : createHoldWords(waiting).next;
      wanted = { epoch, next };
      sayable = secret ? undefined : { turn: now().turn, length };
      want(message);
      speaking.afterWords(epoch, () => {
        const asked = prompt === undefined && speaking.heardSoFar() !== undefined;
        if (keypad.awaitsFirst && !asked) fill(epoch, prompt ?? askNumber);
      });
    },
    done: ({ epoch }) => {
      if (epoch !== wanted?.epoch) return;
      sayable = undefined;
      wantNone();
    },
    moved: epoch => {
      if (wanted && wanted.epoch !== epoch) wantNone();
    },
    wordsOfWait: () => wanted?.next(),
    rules: usual => {
      if (sayable?.turn !== now().turn) return usual;
      if (sayable.rules?.usual !== usual) sayable.rules = { usual, patient: patientRules(usual, sayable.length) };
      return sayable.rules.patient;
    },
    end: keypad.end,
  };
}

/** Digits are said with pauses. */
const patientRules = (usual: ConversationRules, length: number | undefined): ConversationRules => ({
  ...usual,
  turn: { ...usual.turn, expects: 'digits', ...(length !== undefined && { digits: length }) },
});
