import type { CallFact } from '../../contracts/call-event.ts';
import type { ControlMessage } from '../../contracts/control.ts';
import type { HandoffAsk } from '../../contracts/handoff.ts';
import { rmsOf } from '../audio/loudness.ts';
import type { Clock } from '../clock.ts';
import type { HeardMark, Resumption } from '../journal/resume.ts';
import type { Epochs, Lane } from '../lanes/lane.ts';
import type { FromSpeech, ToSpeech } from '../lanes/speech-lane.ts';
import type { AgentCard, FromTurn, ToTurn } from '../lanes/turn-messages.ts';
import type { Metrics } from '../observe/metrics.ts';
import { converse, wakesAt } from '../turn/conversation.ts';
import { type Conversation, type ConversationEvent, listening } from '../turn/conversation-state.ts';
import { atRest } from '../turn/resuming.ts';
import { standsBack } from '../turn/seeking.ts';
import { createAlarm } from './alarm.ts';
import { createAsking } from './asking.ts';
import { createCallerSide } from './caller-side.ts';
import { createFloorDispute } from './floor-dispute.ts';
import { readFromSpeech } from './from-speech.ts';
import { readFromTurns } from './from-turns.ts';
import { createGivingWay } from './giving-way.ts';
import { createGuessing } from './guessing.ts';
import { createHeardMarks } from './heard-marks.ts';
import { createHeardReplies } from './heard-replies.ts';
import { createKeys } from './keys.ts';
import { createListening } from './listening.ts';
import { createPerforming } from './performing.ts';
import { createPresentAgent } from './present-agent.ts';
import { createPromptWords } from './prompt-words.ts';
import { createSearch } from './search.ts';
import { createSpeaking } from './speaking.ts';
import { createSpokenNotes } from './spoken-notes.ts';
import { createVoicing } from './voicing.ts';

/**
 * The dialogue of one call: tells the conversation what happens and does what it wants done, with the speech lane, the
 * turn lane and the agent's voice. Everything is done in short steps on the media thread; nothing here waits.
 */
export interface Dialogue {
  greet(): void;
  /** Goes on where another host was cut. */
  resume(from: Resumption): void;
  /** What the control plane says about the call, but for what ends it here. */
  told(message: ControlMessage): void;
  /** Nobody speaks and nothing is owed: the caller would not notice another host. */
  atRest(): boolean;
  hear(message: FromSpeech): void;
  think(message: Extract<FromTurn, { call: number }>): void;
  /** The media socket tells that the caller pressed a key. */
  pressed(tone: string): void;
  /** Sends what is due of the agent's voice; called every 20 ms. */
  pump(): void;
  /** Nothing more is said or heard; what was being said is noted. */
  end(): void;
}

export interface DialogueOptions {
  call: number;
  cell: number;
  /** The one that has the caller, and how many changes of agent came before it. */
  agent: AgentCard;
  stint: number;
  leadMs: number;
  /** Silence after which recognition ends a phrase. */
  segmentationMs: number;
  sampleRate: number;
  speech: Lane<ToSpeech>;
  turns: Lane<ToTurn>;
  epochs: Epochs;
  clock: Clock;
  metrics: Metrics;
  note(fact: CallFact): void;
  /** How far the agent's words have sounded; for the disk only, since it changes all the time. */
  mark(mark: HeardMark): void;
  /** There is a socket. */
  ready(): boolean;
  /** Writes a frame of sound. @returns false when there is no socket */
  send(pcm: Uint8Array): boolean;
  /** Empties ACS. */
  sendStop(): void;
  /** A person is to be found for the caller. `refused`: it will not be done. */
  askForPerson(ask: HandoffAsk, refused: () => void): void;
  /** Nobody needs to be found any more. */
  cancelPerson(): void;
  /** The conversation is over: the caller is to be hung up. `reason`: the agent's, where it ends the call. */
  hangUp(reason?: string): void;
  /** Monotonic microseconds as milliseconds since the media socket first opened. */
  sinceOpenMs(us: number): number;
  /** When the caller's first sound came, monotonic microseconds. */
  soundStartedUs(): number | undefined;
}

export function createDialogue(options: DialogueOptions): Dialogue {
  const { call, cell, speech, turns, epochs, clock, metrics, note, sinceOpenMs, soundStartedUs } = options;
  let conversation: Conversation = listening;
  let closely = false;
  let over = false;

  const present = createPresentAgent({
    ...{ agent: options.agent, stint: options.stint, segmentationMs: options.segmentationMs, note },
    relisten: card => listensFor.follow(card),
  });
  const agent = () => present.card;
  const listensFor = createListening(call, speech, options.agent);
  const dispute = createFloorDispute(clock, note);
  const spoken = createSpokenNotes({ clock, note, sinceOpenMs, soundStartedUs });
  const words = createPromptWords(agent);
  const replies = createHeardReplies({ call, turns, spoken, isLine: epoch => search.isLine(epoch) });

  const frame = new Int16Array((options.sampleRate / 1000) * 20);
  const frameBytes = new Uint8Array(frame.buffer);

  const speaking = createSpeaking({
    sampleRate: options.sampleRate,
    leadMs: options.leadMs,
    clock,
    ready: options.ready,
    speaker: present.speaker,
    telling: telling => note({ type: 'agent-speaking', ...telling }),
    send: pcm => {
      if (!options.send(pcm)) {
        metrics.count('frames-without-socket');
        return false;
      }
      frameBytes.set(pcm);
      callerSide.played(rmsOf(frame));
      dispute.sent();
      return true;
    },
    passed: (reply, part) => spoken.reply(reply, [part], false),
    played: whole => {
      dispute.settled('raised', conversation.turn);
      replies.ended(whole, false);
      apply({
        type: 'reply-played',
        epoch: whole.reply.epoch,
        question: whole.heard.trimEnd().endsWith('?'),
        at: clock.now(),
      });
    },
  });
  const markHeard = createHeardMarks(speaking, options.mark);

  const guessingOf = ({ speculation }: AgentCard) =>
    createGuessing({
      ...speculation,
      clock,
      guess: (turn, said) => turns.post({ type: 'guess', call, turn, said }),
      drop: () => turns.post({ type: 'drop-guess', call }),
    });
  let guessing = guessingOf(present.card);

  const apply = (event: ConversationEvent) => {
    if (over) return;
    const step = converse(conversation, event, keys.rules(present.rules));
    conversation = step.state;
    for (const intent of step.intents) perform(intent, event);
    keys.moved(conversation.epoch);
    listensFor.moved(conversation);
    if (!standsBack(conversation)) guessing.moved(conversation, step.intents, event.at);
    attend();
    wakeUp(event.at);
    if (words.waiting() && atRest(conversation)) apply({ type: 'announce', at: event.at });
  };

  const attend = () => {
    if (closely === conversation.audible) return;
    closely = conversation.audible;
    callerSide.agentAudible(closely);
    speech.post({ type: 'attend', call, how: closely ? 'closely' : 'coarsely' });
  };

  const alarm = createAlarm(clock, at => apply({ type: 'wake', at, soundsUntil: at + speaking.restMs() }));
  const wakeUp = (now: number) => alarm.set(over ? undefined : wakesAt(conversation, now, keys.rules(present.rules)));

  const voicing = createVoicing({ call, speech, speaking, agent });

  const callerSide = createCallerSide({
    ...{ clock, speaking, apply, soundStartedUs },
    sounds: () => conversation.soundSince !== undefined,
    echoed: () => metrics.count('echoes'),
    placed: spoken.words,
  });

  const asking = createAsking({
    ...{ call, cell, epochs, speech, turns, clock, speaking, spoken },
    takeMarks: callerSide.takeMarks,
    settle: () => {
      dispute.settled('raised', conversation.turn);
      present.holdWords.newWait();
    },
    words: prompt => words.of(prompt, conversation.silence.prompts),
  });

  const givingWay = createGivingWay({
    ...{ call, cell, epochs, speech, turns, clock, metrics, note, speaking, dispute, replies },
    sendStop: options.sendStop,
    turn: () => conversation.turn,
  });

  const search = createSearch({
    ...{ call, turns, clock, speaking, note, apply, agent },
    turn: () => conversation.turn,
    begin: asking.begin,
    answer: asking.answer,
    fill: voicing.fill,
    voice: voicing.ownWords,
    askForPerson: options.askForPerson,
    cancelPerson: options.cancelPerson,
  });

  const keys = createKeys({
    ...{ call, turns, clock, speaking, note, apply, agent },
    fill: voicing.fill,
    now: () => conversation,
  });

  const perform = createPerforming({
    ...{ call, turns, note, present, speaking, asking, voicing, givingWay, spoken, callerSide, search, keys },
    hangUp: options.hangUp,
  });

  const hear = readFromSpeech({ clock, metrics, note, apply, callerSide, speaking });

  const think = readFromTurns({
    ...{ clock, metrics, note, apply, speaking, voicing, present, search, keys },
    epoch: () => conversation.epoch,
    agentChanged: change => {
      present.changed(change);
      guessing.end();
      guessing = guessingOf(present.card);
      listensFor.moved(conversation);
      wakeUp(clock.now());
    },
  });

  const resume = ({ turn, unanswered, apologises, rest, lost, openedAt, seeking }: Resumption) => {
    if (lost) {
      const { at, ...reply } = lost;
      const startMs = Math.max(0, at - (openedAt ?? at));
      note({ type: 'agent-spoke', ...reply, interrupted: true, startMs, endMs: startMs });
    }
    const first = [...(apologises ? [present.card.resumed] : []), ...(rest === '' ? [] : [rest])].join(' ');
    words.resume(first);
    apply({ type: 'resume', turn, unanswered, seeking, speaks: first !== '', at: clock.now() });
  };

  const told = (message: ControlMessage) => {
    switch (message.do) {
      case 'say':
        words.announce(message.text);
        if (atRest(conversation)) apply({ type: 'announce', at: clock.now() });
        return;
      case 'tone':
        return keys.told(message.tone, message.sequence);
      case 'seek-person':
      case 'back-to-agent':
        return search.told(message);
      case 'leave':
        return note({ type: 'handed-over', turn: conversation.turn });
      default:
        return;
    }
  };

  return {
    greet: () => apply({ type: 'greet', at: clock.now() }),
    resume,
    told: message => {
      if (!over) told(message);
    },
    atRest: () => atRest(conversation) && conversation.epoch > 0,
    hear: message => {
      if (!over) hear(message);
    },
    think: message => {
      if (!over) think(message);
    },
    pressed: tone => {
      if (!over) keys.pressed(tone);
    },
    pump: () => {
      speaking.pump();
      markHeard();
    },
    end: () => {
      over = true;
      alarm.set(undefined);
      keys.end();
      guessing.end();
      const { reply } = speaking.cut();
      if (reply) replies.ended(reply, true);
    },
  };
}
