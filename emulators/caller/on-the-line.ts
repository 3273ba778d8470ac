/**
 * One call as it goes on: what the line tells is kept for the caller to look back on, told to whoever watches, and looked
 * through by those who wait.
 */
import type { Caller, CallerOptions, Ended, StopRecord } from './caller.ts';
import { createEar, type HeardWord } from './ear.ts';
import type { CallerEvent } from './events.ts';
import { createMouth, type Mouth } from './mouth.ts';
import { createOpenMicrophone, type OpenMicrophone } from './open-microphone.ts';
import { type LineEvent, nowUs, openPhoneLine, type PhoneLine } from './phone-line.ts';
import { seedOf } from './seeded.ts';
import { createTalk } from './talk.ts';
import { createWaiting } from './waiting.ts';

export interface OpenLine {
  caller: Caller;
  line: PhoneLine;
  /** Waits until the phone rings; hangs up when it does not. */
  rings(what: string, timeoutMs: number): Promise<void>;
  /** Who calls whom, when the call comes to us. */
  incoming(): { from: string; to: string };
}

type CallOptions = Omit<CallerOptions, 'line' | 'from' | 'to' | 'kind' | 'correlationId'>;

/** What a caller waits for when nobody says otherwise, in ms. */
export const PATIENCE_MS = 10_000;
const AGENT_SILENT_MS = 400;
const GONE: Ended = { by: 'service', code: 1006, subCode: 0 };

/** @param who the caller's own number, from which the voice follows. */
export async function openCall(url: URL, who: string, options: CallOptions): Promise<OpenLine> {
  const { quietMs = 600, seed = seedOf(who), voice, wordGapMs, lineNoise, echo, signal, onEvent } = options;
  const dialledUs = nowUs();
  const sinceDial = (atUs: number): number => Math.round((atUs - dialledUs) / 1000);
  const tell = (atUs: number, event: WithoutTime<CallerEvent>): void =>
    onEvent?.({ atMs: sinceDial(atUs), ...event } as CallerEvent);
  const stops: StopRecord[] = [];
  let correlationId = '';
  let from = '';
  let to = '';
  let answered: { atUs: number; callConnectionId: string } | undefined;
  let mediaOpenUs: number | undefined;
  let over: Ended | undefined;
  let agentTones = '';
  let agentSounding = false;
  let heardUpTo = 0;

  const ear = createEar({
    dialledUs,
    quietMs,
    onWord: word => tell(word.startUs, { type: 'agent-word', text: word.text, utterance: word.utterance }),
    onSound: sound => {
      if (agentSounding || sound.over) return;
      agentSounding = true;
      tell(sound.startUs, { type: 'agent-started' });
    },
  });
  const waiting = createWaiting(() => {
    const words = ear.words.map(word => word.text).join(' ');
    return words === '' ? 'Nothing has been heard.' : `Heard so far: "${words}".`;
  });

  function noteSilence(atUs: number, least: number): void {
    const last = ear.sounds.at(-1);
    if (!agentSounding || !last || atUs - last.endUs < least) return;
    agentSounding = false;
    tell(last.endUs, { type: 'agent-silent' });
  }

  function finish(ended: Ended, why: string): void {
    if (over) return;
    over = ended;
    mouth?.over(nowUs());
    noteSilence(Number.POSITIVE_INFINITY, 0);
    tell(nowUs(), { type: 'ended', ...ended });
    waiting.over(why);
  }

  function take(event: LineEvent): void {
    // An open microphone starts once, and not with the caller's voice.
    if (!(openMicrophone && event.event === 'mic-started')) mouth?.event(event);
    switch (event.event) {
      case 'incoming':
        ({ correlationId, from, to } = event);
        tell(nowUs(), { type: 'ringing', correlationId });
        break;
      case 'ringing':
        correlationId = event.correlationId;
        tell(nowUs(), { type: 'ringing', correlationId });
        break;
      case 'answered':
        answered = event;
        tell(event.atUs, { type: 'answered', callConnectionId: event.callConnectionId });
        break;
      case 'media-open':
        mediaOpenUs = event.atUs;
        tell(event.atUs, { type: 'media-open' });
        break;
      case 'stop-audio':
        takeStop(event);
        break;
      case 'mic-idle': {
        const last = stops.at(-1);
        if (last) last.framesAfterStop ??= event.framesAfterStop;
        break;
      }
      case 'dtmf':
        agentTones += event.tone;
        tell(nowUs(), { type: 'agent-dtmf', tone: event.tone });
        break;
      case 'hold':
        tell(nowUs(), { type: 'hold', on: event.on });
        break;
      case 'failed':
        tell(nowUs(), { type: 'failed', reason: event.reason });
        finish({ by: 'service', code: 0, subCode: 0 }, `The call failed: ${event.reason}`);
        break;
      case 'ended':
        finish(
          { by: event.by, code: event.code, subCode: event.subCode },
          `The call was ended by the ${event.by} (${event.code}/${event.subCode})`,
        );
        break;
    }
    waiting.changed();
  }

  function takeStop({ atUs, discardedMs }: { atUs: number; discardedMs: number }): void {
    const onsetUs = mouth?.lastOnsetUs();
    const onsetToStopMs = onsetUs === undefined ? undefined : Math.round((atUs - onsetUs) / 10) / 100;
    stops.push({ atUs, discardedMs, onsetToStopMs, framesAfterStop: undefined });
    ear.stopped();
    tell(atUs, { type: 'stop-audio', discardedMs, onsetToStopMs });
  }

  let mouth: Mouth | undefined;
  let openMicrophone: OpenMicrophone | undefined;
  const line: PhoneLine = await openPhoneLine(
    url,
    {
      event: take,
      frame(frame) {
        ear.hear(frame);
        openMicrophone?.frame(frame.pcm);
        mouth?.clock(frame.atUs + 20_000);
        noteSilence(frame.atUs + 20_000, AGENT_SILENT_MS * 1000);
        waiting.changed();
      },
      closed: (code, reason) => finish(GONE, `The phone line was cut (${code}${reason && ` ${reason}`})`),
    },
    signal,
  );
  if (lineNoise || echo) openMicrophone = createOpenMicrophone(line, { lineNoise, echo, seed });
  const mouthOpen = createMouth(openMicrophone?.line ?? line, {
    speaks: (text, atUs) => tell(atUs, { type: 'caller-speaks', text }),
    word: (text, atUs) => tell(atUs, { type: 'caller-word', text }),
    silent: (text, atUs) => tell(atUs, { type: 'caller-silent', text }),
  });
  mouth = mouthOpen;

  const talk = createTalk({
    voice,
    seed,
    wordGapMs,
    speak: (text, pcm, words) =>
      over
        ? Promise.reject(new Error(`The call is over (by ${over.by}): nobody hears "${text}".`))
        : mouthOpen.say(text, pcm, words),
  });
  const moment = (atUs: number): { atMs: number; atUs: number } => ({ atUs, atMs: sinceDial(atUs) });

  const caller: Caller = {
    get correlationId() {
      return correlationId;
    },
    dialledUs,
    answered: (timeoutMs = PATIENCE_MS) =>
      waiting.until(
        () => answered && { afterMs: sinceDial(answered.atUs), callConnectionId: answered.callConnectionId },
        { what: 'the call to be answered', timeoutMs },
      ),
    mediaOpen: (timeoutMs = PATIENCE_MS) =>
      waiting.until(
        () => (mediaOpenUs === undefined ? undefined : { afterMs: sinceDial(mediaOpenUs), atUs: mediaOpenUs }),
        { what: 'audio to flow', timeoutMs },
      ),
    ...talk,
    hush: () => mouthOpen.hush(),
    dtmf(tones) {
      for (const tone of tones) line.send({ do: 'dtmf', tone });
      tell(nowUs(), { type: 'caller-dtmf', tones });
    },
    hangUp(timeoutMs = PATIENCE_MS) {
      if (!over) line.send({ do: 'hang-up' });
      return caller.ended(timeoutMs);
    },
    hears(phrase, { timeoutMs = PATIENCE_MS } = {}) {
      const wanted = phrase
        .split(/\s+/)
        .map(plain)
        .filter(word => word !== '');
      return waiting.until(
        () => {
          const from = indexOfWords(ear.words, wanted, heardUpTo);
          if (from === undefined) return undefined;
          heardUpTo = from + wanted.length;
          const words = ear.words.slice(from, heardUpTo);
          return { words, atMs: words.at(-1)?.atMs ?? 0 };
        },
        { what: `the agent to say "${phrase}"`, timeoutMs },
      );
    },
    agentStartsSpeaking: (timeoutMs = PATIENCE_MS) =>
      waiting.until(
        () => {
          const last = ear.sounds.at(-1);
          return last && !last.over ? moment(last.startUs) : undefined;
        },
        { what: 'the agent to start speaking', timeoutMs },
      ),
    agentFallsSilent: ({ quietMs: quiet = quietMs, timeoutMs = PATIENCE_MS } = {}) =>
      waiting.until(
        () => {
          const last = ear.sounds.at(-1);
          return last && ear.nowUs() - last.endUs >= quiet * 1000 ? moment(last.endUs) : undefined;
        },
        { what: `the agent to be silent for ${quiet} ms`, timeoutMs },
      ),
    until: (look, wait) => waiting.until(look, wait),
    heard: ear.words,
    get agentUtterances() {
      return utterances(ear.words);
    },
    agentSounds: ear.sounds,
    stops,
    get agentTones() {
      return agentTones;
    },
    earClockUs: () => ear.nowUs(),
    over: () => over,
    ended: (timeoutMs = PATIENCE_MS) => waiting.until(() => over, { what: 'the call to end', timeoutMs }),
  };
  async function rings(what: string, timeoutMs: number): Promise<void> {
    try {
      await waiting.until(() => (correlationId === '' ? undefined : correlationId), { what, timeoutMs });
    } catch (error) {
      line.close();
      throw error;
    }
  }
  return { caller, line, rings, incoming: () => ({ from, to }) };
}

type WithoutTime<T> = T extends unknown ? Omit<T, 'atMs'> : never;

function utterances(words: readonly HeardWord[]): string[] {
  const lines: string[] = [];
  for (const { text, utterance } of words) lines[utterance] = lines[utterance] ? `${lines[utterance]} ${text}` : text;
  return lines;
}

function plain(word: string): string {
  return word.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

function indexOfWords(words: readonly HeardWord[], wanted: readonly string[], from: number): number | undefined {
  for (let at = from; at + wanted.length <= words.length; at += 1) {
    if (wanted.every((word, i) => plain(words[at + i]!.text) === word)) return at;
  }
  return undefined;
}
