/**
 * One synthesizer's socket: requests are spoken one after another, each as turn.start, response, audio with its boundaries,
 * turn.end. Audio goes out a burst first and then faster than real time, as the service sends it.
 */
import type { ClientMessage } from '../frames.ts';
import { type Line, newId } from '../line.ts';
import type { ServedSession, World } from '../world.ts';
import { readSynthesisContext, type SynthesisWishes } from './request.ts';
import { readSsml } from './ssml.ts';
import { createUtterance, type Utterance } from './utterance.ts';

interface Request {
  requestId: string;
  wishes: SynthesisWishes;
  utterance: Utterance;
  /** All text has come. */
  complete: boolean;
  /** Text that has come but whose last word may go on. */
  rest: string;
  /** Ready to speak: the first sentence has ended. */
  ready: boolean;
}

interface Speaking {
  request: Request;
  streamId: string;
  sentMs: number;
  /** When the next chunk may go, from performance.now(). */
  dueAt: number;
  timer: NodeJS.Timeout | undefined;
  mute: boolean;
}

const MOST_REQUESTS = 100;

export function serveTts(line: Line, world: World): ServedSession {
  const { knobs, faults, counters } = world;
  const waiting: Request[] = [];
  let coming: Request | undefined;
  let speaking: Speaking | undefined;
  let turns = 0;
  let audioMs = 0;
  let lastBusy = performance.now();

  function speakNext(): void {
    if (speaking || !waiting[0]?.ready) return;
    const request = waiting.shift()!;
    const now = performance.now();
    const delayMs = knobs.tts.firstAudioMs + (faults.take('tts', 'late')?.byMs ?? 0);
    speaking = { request, streamId: newId(), sentMs: 0, dueAt: now + delayMs, timer: undefined, mute: false };
    turns += 1;
    counters.syntheses += 1;
    counters.openTtsTurns += 1;
    if (struck(speaking)) return;
    const context = { serviceTag: newId().toLowerCase() };
    if (!faults.take('tts', 'dropTurnStart')) line.send('turn.start', request.requestId, { context });
    line.send('response', request.requestId, { context, audio: { type: 'inline', streamId: speaking.streamId } });
    pump();
  }

  function pump(): void {
    if (!speaking || speaking.timer || speaking.mute) return;
    const { request, streamId } = speaking;
    const { sampleRate } = request.wishes.format;
    const chunkSamples = Math.round((knobs.tts.chunkMs * sampleRate) / 1000);
    for (;;) {
      const waitMs = speaking.dueAt - performance.now();
      if (waitMs > 0.5) {
        speaking.timer = setTimeout(() => {
          if (speaking) speaking.timer = undefined;
          pump();
        }, waitMs);
        return;
      }
      const { pcm, metadata } = request.utterance.take(chunkSamples);
      if (metadata.length > 0) line.send('audio.metadata', request.requestId, { Metadata: metadata });
      if (pcm.length === 0) {
        if (request.complete) endTurn();
        return;
      }
      line.sendAudio(request.requestId, streamId, request.wishes.format.write(pcm));
      const ms = (pcm.length * 1000) / sampleRate;
      speaking.sentMs += ms;
      audioMs += ms;
      counters.audioMsSpoken += ms;
      // Text that comes slowly earns no credit for the time without audio.
      if (speaking.sentMs >= knobs.tts.burstMs) {
        speaking.dueAt = Math.max(speaking.dueAt, performance.now() - ms) + ms / knobs.tts.speed;
      }
      if (struck(speaking)) return;
    }
  }

  /** Lets the faults strike that are due at this point of the audio; true = nothing more is said. */
  function struck(speaking: Speaking): boolean {
    if (speaking.mute) return true;
    for (const name of ['stall', 'abort', 'close'] as const) {
      const fault = faults.peek('tts', name);
      if (!fault || speaking.sentMs < fault.atMs) continue;
      faults.take('tts', name);
      speaking.mute = true;
      if (name === 'abort') line.abort();
      else if ('code' in fault) line.close(fault.code, fault.reason);
      return true;
    }
    return false;
  }

  function endTurn(): void {
    if (!speaking) return;
    const { request } = speaking;
    const { requestId, wishes, utterance } = request;
    const Offset = Math.round((utterance.taken * 10_000_000) / wishes.format.sampleRate);
    if (wishes.sessionEnd)
      line.send('audio.metadata', requestId, { Metadata: [{ Type: 'SessionEnd', Data: { Offset } }] });
    if (!faults.take('tts', 'dropTurnEnd')) line.send('turn.end', requestId, {});
    line.turnEnded(requestId);
    if (coming === request) coming = undefined;
    leaveTurn();
    speakNext();
  }

  function leaveTurn(): void {
    if (!speaking) return;
    clearTimeout(speaking.timer);
    counters.openTtsTurns -= 1;
    lastBusy = performance.now();
    speaking = undefined;
  }

  function request(message: ClientMessage): void {
    const wishes = readSynthesisContext(message.text);
    const utterance = createUtterance(wishes.format.sampleRate, wishes.boundaries);
    coming = { requestId: message.requestId, wishes, utterance, complete: false, rest: '', ready: false };
    if (wishes.streaming) queue(coming);
  }

  function queue(request: Request): void {
    if (waiting.length >= MOST_REQUESTS) throw new Error('More than 100 requests wait on one socket.');
    waiting.push(request);
    speakNext();
  }

  function addText(request: Request, text: string): void {
    request.rest += text;
    const sentenceOver = /[.!?…。！？]["')\]”’]*\s/u.test(request.rest);
    if (!request.ready && !sentenceOver && !request.complete) return;
    request.ready = true;
    const end = request.complete ? request.rest.length : lastSpace(request.rest) + 1;
    request.utterance.add([{ say: request.rest.slice(0, end) }]);
    request.rest = request.rest.slice(end);
    if (speaking?.request === request) pump();
    else speakNext();
  }

  function take(message: ClientMessage): void {
    const mine = coming?.requestId === message.requestId ? coming : undefined;
    switch (message.path) {
      case 'synthesis.context':
        request(message);
        break;
      case 'ssml':
        if (!mine) throw new Error('ssml came before its synthesis.context.');
        mine.utterance.add(readSsml(message.text));
        mine.complete = mine.ready = true;
        coming = undefined;
        queue(mine);
        break;
      case 'text.piece':
        if (mine) addText(mine, message.text);
        break;
      case 'text.end':
        if (!mine) break;
        mine.complete = true;
        coming = undefined;
        addText(mine, '');
        break;
      case 'synthesis.control':
        if (message.text.includes('stop')) stop(message.requestId);
        break;
    }
  }

  function stop(requestId: string): void {
    counters.stops += 1;
    if (knobs.tts.stop === 'honoured' && speaking?.request.requestId === requestId && !speaking.mute) endTurn();
  }

  return {
    message(message) {
      try {
        take(message);
      } catch (error) {
        line.close(1007, (error as Error).message.slice(0, 120));
      }
    },
    closed() {
      leaveTurn();
      waiting.length = 0;
      coming = undefined;
    },
    busy: () => speaking !== undefined,
    lastBusy: () => (speaking ? performance.now() : lastBusy),
    turns: () => turns,
    audioMs: () => Math.round(audioMs),
    inject: () => false,
  };
}

function lastSpace(text: string): number {
  for (let at = text.length - 1; at >= 0; at -= 1) if (/\s/.test(text[at]!)) return at;
  return -1;
}
