/**
 * One recogniser's socket: turns open with a RIFF header, end on empty audio (or after each phrase, by knob), and in between
 * say what the hearer hears. Offsets count from the turn's first sample; the SDK adds the base.
 */

import { createAnswers } from '../answers.ts';
import type { ClientMessage } from '../frames.ts';
import { type Line, newId } from '../line.ts';
import type { ServedSession, World } from '../world.ts';
import { createHearer, type Hearer, type Hearing, spread } from './hearing.ts';
import { emptyPhraseBody, hypothesisBody, phraseBody, type ResultFormat, ticks } from './result.ts';
import { hearingRules, readSpeechContext, resultFormat, type SpeechContext } from './rules.ts';
import { createTimelineHearer } from './timeline.ts';
import { createSampleReader, readWaveHeader, type WaveFormat } from './wave.ts';

interface Turn {
  requestId: string;
  wave: WaveFormat;
  read: (bytes: Buffer) => Int16Array;
  hearer: Hearer;
  format: ResultFormat;
  /** Takes audio and answers nothing any more. */
  mute: boolean;
  /** A phrase or a refusal has ended it; what still comes is dropped. */
  over: boolean;
}

export function serveStt(line: Line, url: URL, world: World): ServedSession {
  const { knobs, faults, counters } = world;
  const answers = createAnswers();
  let context: SpeechContext = {};
  let turn: Turn | undefined;
  let turns = 0;
  let audioMs = 0;
  let lastBusy = performance.now();

  function openTurn({ requestId, bytes }: ClientMessage): void {
    let wave: WaveFormat;
    try {
      wave = readWaveHeader(bytes!);
    } catch (error) {
      line.close(1007, (error as Error).message);
      return;
    }
    leaveTurn();
    const { sampleRate } = wave;
    const timeline = knobs.stt.timelines[url.searchParams.get('scenario') ?? ''];
    turn = {
      requestId,
      wave,
      read: createSampleReader(wave),
      hearer: timeline
        ? createTimelineHearer(timeline, sampleRate)
        : createHearer({
            ...hearingRules(context, url, knobs.stt, sampleRate),
            ...(world.phrasebook.size > 0 && { ear: world.phrasebook.ear(sampleRate) }),
          }),
      format: resultFormat(context, url, sampleRate),
      mute: false,
      over: false,
    };
    turns += 1;
    counters.sttTurns += 1;
    counters.openSttTurns += 1;
    if (!faults.take('stt', 'dropTurnStart') && !struck(turn)) {
      line.send('turn.start', requestId, { context: { serviceTag: newId().toLowerCase() } });
    }
    if (knobs.stt.quotaAs === 'phrase' && counters.openSttTurns > knobs.stt.quota) refuse(turn, 'TooManyRequests');
  }

  function hear(turn: Turn, bytes: Buffer): void {
    const samples = turn.read(bytes);
    const heardMs = (samples.length * 1000) / turn.wave.sampleRate;
    audioMs += heardMs;
    counters.audioMsHeard += heardMs;
    if (struck(turn)) return;
    answer(turn, turn.hearer.push(samples));
    if (!turn.over) struck(turn);
  }

  /** Lets the faults strike that are due at this point of the audio; true = nothing more is said. */
  function struck(turn: Turn): boolean {
    if (turn.mute) return true;
    const due = (atMs: number): boolean => (turn.hearer.position * 1000) / turn.wave.sampleRate >= atMs;
    for (const name of ['stall', 'abort', 'close', 'status'] as const) {
      const fault = faults.peek('stt', name);
      if (!fault || !due(fault.atMs)) continue;
      faults.take('stt', name);
      if (name === 'stall') turn.mute = true;
      else if (name === 'abort') line.abort();
      else if ('status' in fault) refuse(turn, fault.status);
      else if ('code' in fault) line.close(fault.code, fault.reason);
      return true;
    }
    return false;
  }

  function refuse(turn: Turn, status: Parameters<typeof emptyPhraseBody>[0]): void {
    const at = turn.hearer.position;
    line.send('speech.phrase', turn.requestId, emptyPhraseBody(status, at, at, turn.format));
    turn.mute = true;
  }

  function answer(turn: Turn, hearings: readonly Hearing[]): void {
    for (const hearing of hearings) {
      if (turn.over) return;
      answerOne(turn, hearing);
    }
  }

  function answerOne(turn: Turn, hearing: Hearing): void {
    const { requestId, format } = turn;
    const late = faults.take('stt', 'late')?.byMs ?? 0;
    const soon = knobs.stt.hypothesisDelayMs + late;
    const finals = knobs.stt.finalDelayMs + late;
    switch (hearing.type) {
      case 'speech-started':
        answers.give(soon, () =>
          line.send('speech.startDetected', requestId, { Offset: ticks(hearing.at, format.sampleRate) }),
        );
        break;
      case 'speech-ended':
        answers.give(finals, () =>
          line.send('speech.endDetected', requestId, { Offset: ticks(hearing.at, format.sampleRate) }),
        );
        break;
      case 'hypothesis': {
        const body = hypothesisBody(hearing.words, format);
        if (!body) break;
        counters.hypotheses += 1;
        answers.give(soon, () => line.send('speech.hypothesis', requestId, body));
        break;
      }
      case 'phrase':
        counters.phrases += 1;
        answers.give(finals, () => line.send('speech.phrase', requestId, phraseBody(hearing.words, format)));
        afterPhrase(turn, finals);
        break;
      case 'no-match':
        counters.noMatches += 1;
        answers.give(finals, () =>
          line.send('speech.phrase', requestId, emptyPhraseBody(hearing.why, hearing.start, hearing.end, format)),
        );
        afterPhrase(turn, finals);
        break;
    }
  }

  function afterPhrase(turn: Turn, delayMs: number): void {
    if (knobs.stt.turns === 'per-phrase') endTurn(turn, delayMs);
  }

  function endTurn(turn: Turn, delayMs: number): void {
    turn.over = true;
    answers.give(delayMs, () => {
      if (!faults.take('stt', 'dropTurnEnd')) line.send('turn.end', turn.requestId, {});
      closeTurn(turn);
    });
  }

  function closeTurn(ended: Turn): void {
    line.turnEnded(ended.requestId);
    if (turn === ended) leaveTurn();
  }

  function leaveTurn(): void {
    if (!turn) return;
    counters.openSttTurns -= 1;
    lastBusy = performance.now();
    turn = undefined;
  }

  function hearMessage(message: ClientMessage): void {
    const bytes = message.bytes!;
    if (message.requestId !== turn?.requestId) {
      if (bytes.length >= 44 && bytes.toString('latin1', 0, 4) === 'RIFF') openTurn(message);
    } else if (turn.over) {
      // The SDK sends what came after the phrase again in its next turn.
    } else if (bytes.length > 0) {
      hear(turn, bytes);
    } else if (!struck(turn)) {
      answer(turn, turn.hearer.finish());
      if (!turn.over) endTurn(turn, knobs.stt.finalDelayMs);
    }
  }

  return {
    message(message) {
      if (message.path === 'audio' && message.bytes) hearMessage(message);
      else if (message.path === 'speech.context') {
        try {
          context = readSpeechContext(message.text);
        } catch (error) {
          line.close(1007, `speech.context cannot be read: ${(error as Error).message.slice(0, 80)}`);
        }
      }
    },
    closed() {
      answers.drop();
      leaveTurn();
    },
    busy: () => turn !== undefined,
    lastBusy: () => (turn ? performance.now() : lastBusy),
    turns: () => turns,
    audioMs: () => Math.round(audioMs),
    inject(say, text) {
      if (!turn || turn.over) return false;
      const end = turn.hearer.position;
      const start = Math.max(0, end - turn.wave.sampleRate);
      if (say === 'no-match') answerOne(turn, { type: 'no-match', why: 'NoMatch', start, end });
      else answerOne(turn, { type: say, words: spread(text, start, end) });
      return true;
    },
  };
}
