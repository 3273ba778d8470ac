import type { CallFact } from '../../contracts/call-event.ts';
import type { ControlMessage } from '../../contracts/control.ts';
import type { HandoffAsk } from '../../contracts/handoff.ts';
import type { Clock } from '../clock.ts';
import type { Lane } from '../lanes/lane.ts';
import type { AgentCard, FromTurn, ToTurn } from '../lanes/turn-messages.ts';
import type { ConversationEvent, Intent } from '../turn/conversation-state.ts';
import { createSeekingLines, noteOf } from './seeking-lines.ts';
import type { Speaking } from './speaking.ts';

/**
 * The search for a person in one call: asks the control plane for one, says what the conversation wants said about it,
 * and brings the caller back to the agent. What is said meanwhile comes from the media thread and is no part of what the
 * model knows: it is told once, how the search ended.
 */
export interface Search {
  /** A tool wants a person, once the agent's words are out. */
  wanted(message: Extract<FromTurn, { type: 'person-wanted' }>): void;
  told(message: Extract<ControlMessage, { do: 'seek-person' | 'back-to-agent' }>): void;
  say(intent: Extract<Intent, { do: 'say-seeking' }>): void;
  end(intent: Extract<Intent, { do: 'return' }>): void;
  cancel(): void;
  /** Whether the reply of this epoch is a line about the search. */
  isLine(epoch: number): boolean;
}

export interface SearchOptions {
  call: number;
  /** The one that has the caller. */
  agent(): AgentCard;
  turns: Lane<ToTurn>;
  clock: Clock;
  speaking: Pick<Speaking, 'sentence' | 'ended' | 'afterWords'>;
  note(fact: CallFact): void;
  apply(event: ConversationEvent): void;
  /** The conversation's turn. */
  turn(): number;
  begin(turn: number, epoch: number): void;
  /** Has the sound of an utterance made. */
  voice(epoch: number, utterance: number, text: string): void;
  answer(intent: Extract<Intent, { do: 'answer' }>): void;
  fill(epoch: number, text: string): void;
  askForPerson(ask: HandoffAsk, refused: () => void): void;
  cancelPerson(): void;
}

export function createSearch(options: SearchOptions): Search {
  const { call, turns, clock, speaking, note, apply } = options;
  let lines = { of: options.agent(), say: createSeekingLines(options.agent().seeking) };
  const linesNow = () => {
    const of = options.agent();
    if (lines.of !== of) lines = { of, say: createSeekingLines(of.seeking) };
    return lines.say;
  };
  let lineEpoch: number | undefined;
  let toldAt = Number.NEGATIVE_INFINITY;

  const ask = ({ turn, epoch, ask: wish }: Extract<FromTurn, { type: 'person-wanted' }>) => {
    note({ type: 'handoff-asked', turn, reason: wish.reason });
    apply({ type: 'seek', stage: 'wanted', asking: 0, of: 0, epoch, at: clock.now() });
    turns.post({ type: 'person-asked', call, epoch });
    const { language } = options.agent();
    options.askForPerson({ ...wish, language }, () =>
      apply({ type: 'seek-ended', reason: 'refused', at: clock.now() }),
    );
  };

  return {
    wanted: message => speaking.afterWords(message.epoch, () => ask(message)),
    told: message => {
      // One orchestration tells of the search, in order; what comes late is not true any more.
      if (message.at < toldAt) return;
      toldAt = message.at;
      const at = clock.now();
      if (message.do === 'back-to-agent') return apply({ type: 'seek-ended', reason: message.reason, at });
      const { stage, asking, of } = message;
      note({ type: 'person-sought', turn: options.turn(), stage, asking, of });
      apply({ type: 'seek', stage, asking, of, at });
    },
    say: ({ epoch, turn, line }) => {
      options.begin(turn, epoch);
      lineEpoch = epoch;
      const now = clock.monotonicUs();
      const text = linesNow().next(line);
      const utterance = speaking.sentence({ epoch, text, askedUs: now, firstTokenUs: now, cutUs: now });
      if (utterance !== undefined) options.voice(epoch, utterance, text);
      speaking.ended(epoch);
    },
    end: ({ epoch, turn, said, reason }) => {
      note({ type: 'back-with-agent', turn, reason });
      turns.post({ type: 'note', call, text: noteOf(reason) });
      const text = linesNow().over(reason, said.length > 0);
      if (said.length > 0) {
        options.answer({ do: 'answer', epoch, turn, said, final: true, noted: true });
        return options.fill(epoch, text);
      }
      options.begin(turn, epoch);
      turns.post({ type: 'say', call, turn, epoch, text });
    },
    cancel: options.cancelPerson,
    isLine: epoch => epoch === lineEpoch,
  };
}
