import type { CallFact } from '../contracts/call-event.ts';
import type { ControlMessage } from '../contracts/control.ts';
import type { HandoffAsk } from '../contracts/handoff.ts';
import { rmsOf } from './audio/loudness.ts';
import { createCallerSide } from './caller-side.ts';
import type { Clock } from './clock.ts';
import { createFloorDispute } from './floor-dispute.ts';
import { createGuessing } from './guessing.ts';
import { createKeys } from './keys.ts';
import { type Epochs, type Lane, setEpoch } from './lanes/lane.ts';
import type { FromSpeech, ToSpeech } from './lanes/speech-lane.ts';
import type { AgentCard, FromTurn, ToTurn } from './lanes/turn-messages.ts';
import { createListening } from './listening.ts';
import type { Metrics } from './observe/metrics.ts';
import { createPresentAgent } from './present-agent.ts';
import type { ReplyMarks } from './reply.ts';
import type { HeardMark, Resumption } from './resume.ts';
import { createSearch } from './search.ts';
import { createSpeaking, type HeardReply } from './speaking.ts';
import { createSpokenNotes } from './spoken-notes.ts';
import { converse, wakesAt } from './turn/conversation.ts';
import { type Conversation, type ConversationEvent, type Intent, listening } from './turn/conversation-state.ts';
import { atRest } from './turn/resuming.ts';
import { standsBack } from './turn/seeking.ts';

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

/** Of 20 ms each. */
const markEveryPumps = 25;

export function createDialogue(options: DialogueOptions): Dialogue {
  const { call, cell, speech, turns, clock, metrics, note, sinceOpenMs, soundStartedUs } = options;
  let conversation: Conversation = listening;
  let wake: { at: number; forget: () => void } | undefined;
  let closely = false;
  let over = false;
  const announcements: string[] = [];
  let resumed = '';
  let pumps = 0;
  let marked = '';

  const present = createPresentAgent({
    ...{ agent: options.agent, stint: options.stint, segmentationMs: options.segmentationMs, note },
    relisten: card => listensFor.follow(card),
  });
  const listensFor = createListening(call, speech, options.agent);
  const dispute = createFloorDispute(clock, note);
  const spoken = createSpokenNotes({ clock, note, sinceOpenMs, soundStartedUs });

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
      settled('raised');
      noteReply(whole, false);
      apply({
        type: 'reply-played',
        epoch: whole.reply.epoch,
        question: whole.heard.trimEnd().endsWith('?'),
        at: clock.now(),
      });
    },
  });

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
    if (announcements.length > 0 && atRest(conversation)) apply({ type: 'announce', at: event.at });
  };

  const attend = () => {
    if (closely === conversation.audible) return;
    closely = conversation.audible;
    callerSide.agentAudible(closely);
    speech.post({ type: 'attend', call, how: closely ? 'closely' : 'coarsely' });
  };

  const wakeUp = (now: number) => {
    const at = wakesAt(conversation, now, keys.rules(present.rules));
    if (at === wake?.at) return;
    wake?.forget();
    wake = undefined;
    if (at === undefined || over) return;
    const forget = clock.after(Math.max(0, at - clock.now()), () => {
      wake = undefined;
      const then = Math.max(clock.now(), at);
      apply({ type: 'wake', at: then, soundsUntil: then + speaking.restMs() });
    });
    wake = { at, forget };
  };

  const perform = (intent: Intent, event: ConversationEvent) => {
    switch (intent.do) {
      case 'greet':
        begin(0, intent.epoch, {});
        turns.post({ type: 'greet', call, epoch: intent.epoch });
        return;
      case 'answer':
        return answer(intent);
      case 'correct':
        turns.post({ type: 'correct', call, turn: intent.turn, said: intent.said });
        spoken.caller(intent.turn, intent.said);
        return;
      case 'speak':
        return speaking.release(event.type !== 'reply-ready');
      case 'lower-voice':
        dispute.lowers();
        return speaking.lower();
      case 'raise-voice':
        speaking.raise();
        return settled('raised');
      case 'hold-voice':
        return holdVoice();
      case 'give-back':
        speaking.giveBack();
        metrics.count('sentences-given-back');
        return settled('given-back');
      case 'stop-speaking':
        return stopSpeaking(intent.epoch, intent.by);
      case 'note-aside':
        return spoken.aside(intent.turn, intent.text);
      case 'fill':
        return fill(
          intent.epoch,
          intent.resumed ? present.card.resumed : (keys.wordsOfWait() ?? present.holdWords.next()),
        );
      case 'prompt':
        begin(intent.turn, intent.epoch, {});
        if (intent.prompt === 'unheard') speech.post({ type: 'renew', call });
        turns.post({ type: 'say', call, turn: intent.turn, epoch: intent.epoch, text: promptText(intent.prompt) });
        return;
      case 'skip-words': {
        const skipped = speaking.skip();
        options.sendStop();
        if (skipped) noteReply(skipped, true, 'goes on');
        return;
      }
      case 'note-caller':
        return spoken.caller(intent.turn, intent.said.join(' '));
      case 'give-up-reply':
        return giveUpReply(intent.epoch);
      case 'say-seeking':
        return search.say(intent);
      case 'cancel-person':
        return search.cancel();
      case 'return':
        callerSide.takeMarks();
        return search.end(intent);
      case 'hang-up':
        return options.hangUp();
      case 'end-call': {
        const { epoch, turn, reason } = intent;
        note({ type: 'end-asked', turn, reason });
        turns.post({ type: 'end-begun', call, epoch });
        return options.hangUp(reason);
      }
    }
  };

  const begin = (turn: number, epoch: number, replyMarks: ReplyMarks) => {
    settled('raised');
    present.holdWords.newWait();
    setEpoch(options.epochs, cell, epoch);
    speaking.begin(turn, epoch, replyMarks);
  };

  const answer = ({ epoch, turn, said, final, noted }: Extract<Intent, { do: 'answer' }>) => {
    const decidedUs = clock.monotonicUs();
    begin(turn, epoch, { ...callerSide.takeMarks(), decidedUs });
    const text = said.join(' ');
    turns.post({ type: 'take', call, turn, epoch, said: text, final });
    speech.post({ type: 'hush', call, epoch });
    if (!noted) spoken.caller(turn, text);
  };

  const holdVoice = () => {
    const heldAtUs = clock.monotonicUs();
    const { unplayedMs } = speaking.hold();
    options.sendStop();
    dispute.held(heldAtUs, unplayedMs);
  };

  const giveUpReply = (epoch: number) => {
    const { reply } = speaking.cut();
    setEpoch(options.epochs, cell, epoch);
    speech.post({ type: 'hush', call, epoch });
    turns.post({ type: 'hush', call, epoch });
    if (!reply) return;
    options.sendStop();
    noteReply(reply, true);
  };

  /** The order matters: our own sound stops, all that was made for it is stale, ACS is emptied, then others are told. */
  const stopSpeaking = (epoch: number, by: 'voice' | 'dtmf') => {
    const { heldAtUs, unplayedMs } = dispute.hold();
    const decidedAtUs = heldAtUs ?? clock.monotonicUs();
    const { reply, ...given } = speaking.cut();
    setEpoch(options.epochs, cell, epoch);
    if (heldAtUs === undefined) options.sendStop();
    speech.post({ type: 'hush', call, epoch });
    turns.post({ type: 'hush', call, epoch });
    metrics.count('barge-ins');
    note({
      type: 'barge-in',
      turn: reply?.reply.turn ?? conversation.turn,
      by,
      decidedAtUs,
      ...given,
      ...(unplayedMs !== undefined && { unplayedMs }),
    });
    settled('stopped');
    if (reply) noteReply(reply, true);
  };

  const settled = (outcome: 'raised' | 'given-back' | 'stopped') => dispute.settled(outcome, conversation.turn);

  const noteReply = (whole: HeardReply, interrupted: boolean, then: 'ends' | 'goes on' = 'ends') => {
    const { reply, heard: text, parts, untold } = whole;
    if (!search.isLine(reply.epoch)) {
      const { turn } = reply;
      const byAgent = parts.map(({ by, heard }) => ({ stint: by.stint, text: heard }));
      const several = byAgent.some(({ stint }) => stint > 0);
      const heard = { call, turn, text, interrupted: interrupted && then === 'ends' };
      turns.post({ type: 'heard', ...heard, ...(several && { parts: byAgent }) });
    }
    spoken.reply(reply, untold, interrupted);
  };

  const fill = (epoch: number, text: string) => {
    const utterance = speaking.filler(epoch, text);
    if (utterance !== undefined) say(epoch, utterance, text, true);
  };

  /** `behind`: it follows what was said before of the same reply, and must not overtake it. */
  const say = (epoch: number, utterance: number, text: string, fixed: boolean, behind = false) => {
    const { voice, rate, language } = present.card;
    speech.post({ type: 'say', call, epoch, utterance, text, voice, rate, language, fixed, ...(behind && { behind }) });
  };

  const promptText = (prompt: Extract<Intent, { do: 'prompt' }>['prompt']): string => {
    if (prompt === 'resumed') return resumed;
    if (prompt === 'announcement') return announcements.shift() ?? '';
    const { reprompts, goodbye, unheard } = present.card.silence;
    if (prompt === 'reprompt') return reprompts[(conversation.silence.prompts - 1) % reprompts.length] ?? goodbye;
    return prompt === 'goodbye' ? goodbye : unheard;
  };

  const hear = (message: FromSpeech) => {
    switch (message.type) {
      case 'voice':
        return callerSide.voice(message);
      case 'partial':
      case 'final':
        return callerSide.words(message);
      case 'no-match':
        return apply({ type: 'no-match', at: clock.now() });
      case 'sounding':
        return speaking.sounding(message.epoch, message.utterance, message.askedUs, message.firstByteUs);
      case 'sound-out': {
        const began = speaking.sound(message.epoch, message.utterance, new Uint8Array(message.pcm));
        if (began) apply({ type: 'reply-ready', epoch: message.epoch, filler: began === 'filler', at: clock.now() });
        return;
      }
      case 'word':
        return speaking.word(message.epoch, message.utterance, message);
      case 'not-said':
        metrics.count('tts-failures');
        note({ type: 'service-failed', service: 'tts', code: message.code });
        return speaking.made(message.epoch, message.utterance);
      case 'said':
        return speaking.made(message.epoch, message.utterance);
      case 'deaf':
        metrics.count('stt-failures');
        return note({ type: 'service-failed', service: 'stt', code: message.code });
      default:
        return;
    }
  };

  const think = (message: Extract<FromTurn, { call: number }>) => {
    switch (message.type) {
      case 'sentence': {
        const utterance = speaking.sentence(message);
        if (utterance !== undefined)
          say(message.epoch, utterance, message.text, message.fixed ?? false, message.index > 0);
        return;
      }
      case 'reply-failed':
        note({ type: 'service-failed', service: 'model', code: message.code });
        return speaking.ended(message.epoch);
      case 'reply-ended':
        return speaking.ended(message.epoch);
      case 'tool-started':
        if (message.epoch === conversation.epoch) present.holdWords.forTool(message.holdWords);
        return;
      case 'agent-changed':
        present.changed(message);
        guessing.end();
        guessing = guessingOf(present.card);
        listensFor.moved(conversation);
        return wakeUp(clock.now());
      case 'guarded': {
        metrics.count('turns-guarded');
        const { call: _, epoch: __, ...fact } = message;
        return note(fact);
      }
      case 'known': {
        const { call: _, epoch: __, ...fact } = message;
        return note(fact);
      }
      case 'person-wanted':
        return search.wanted(message);
      case 'end-wanted':
        return endWanted(message);
      case 'digits-wanted':
        return keys.wanted(message);
      case 'digits-done':
        return keys.done(message);
      case 'pin-checked':
        return note({ type: 'pin-checked', turn: message.turn, ok: message.ok });
      case 'tool-ran': {
        speaking.round(message.epoch, message.ms);
        if (!message.ok) metrics.count(message.code === 'TOOL_RESTING' ? 'tools-resting' : 'tools-failed');
        const { call: _, epoch: __, ...fact } = message;
        return note(fact);
      }
      case 'effect-began': {
        const { call: _, epoch: __, ...fact } = message;
        return note(fact);
      }
      case 'model-ran': {
        speaking.round(message.epoch, message.ms);
        const { call: _, epoch: __, ...fact } = message;
        return note(fact);
      }
    }
  };

  const endWanted = ({ epoch, reason }: Extract<FromTurn, { type: 'end-wanted' }>) => {
    const end = (heard: boolean) => apply({ type: 'end', epoch, reason, heard, at: clock.now() });
    end(false);
    speaking.afterWords(epoch, () => end(true));
  };

  /** At most half a second of the agent's words is said again by a host that takes over on the same disk. */
  const markHeard = () => {
    const mark = speaking.heardSoFar();
    if (!mark || mark.heard === marked) return;
    marked = mark.heard;
    options.mark(mark);
  };

  const resume = ({ turn, unanswered, apologises, rest, lost, openedAt, seeking }: Resumption) => {
    if (lost) {
      const { at, ...reply } = lost;
      const startMs = Math.max(0, at - (openedAt ?? at));
      note({ type: 'agent-spoke', ...reply, interrupted: true, startMs, endMs: startMs });
    }
    resumed = [...(apologises ? [present.card.resumed] : []), ...(rest === '' ? [] : [rest])].join(' ');
    apply({ type: 'resume', turn, unanswered, seeking, speaks: resumed !== '', at: clock.now() });
  };

  const told = (message: ControlMessage) => {
    switch (message.do) {
      case 'say':
        announcements.push(message.text);
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

  const callerSide = createCallerSide({
    ...{ clock, speaking, apply, soundStartedUs },
    sounds: () => conversation.soundSince !== undefined,
    echoed: () => metrics.count('echoes'),
    placed: spoken.words,
  });

  const search = createSearch({
    ...{ call, turns, clock, speaking, note, apply, answer, fill },
    agent: () => present.card,
    turn: () => conversation.turn,
    begin: (turn, epoch) => begin(turn, epoch, {}),
    voice: (epoch, utterance, text) => say(epoch, utterance, text, true),
    askForPerson: options.askForPerson,
    cancelPerson: options.cancelPerson,
  });

  const keys = createKeys({
    ...{ call, turns, clock, speaking, note, apply, fill },
    agent: () => present.card,
    now: () => conversation,
  });

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
      if (++pumps % markEveryPumps === 0) markHeard();
    },
    end: () => {
      over = true;
      wake?.forget();
      keys.end();
      guessing.end();
      const { reply } = speaking.cut();
      if (reply) noteReply(reply, true);
    },
  };
}
