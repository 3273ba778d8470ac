/**
 * A person on the phone, for tests and for the terminal: dials the ACS stand-in, speaks with a voice of its own, hears which
 * words of the agent arrive. Many at once in one process.
 */
import type { AgentSound, HeardWord } from './ear.ts';
import type { CallerEvent } from './events.ts';
import type { LineNoise } from './line-noise.ts';
import { openCall, PATIENCE_MS } from './on-the-line.ts';
import type { EchoPath } from './open-microphone.ts';
import type { Talk } from './talk.ts';
import type { VoiceKind } from './voice/voice.ts';
import type { Wait } from './waiting.ts';

export type { AgentSound, HeardWord } from './ear.ts';
export type { CallerEvent } from './events.ts';
export type { LineNoise } from './line-noise.ts';
export type { Utterance } from './mouth.ts';
export type { CoughKind } from './noises.ts';
export type { EchoPath } from './open-microphone.ts';
export type { SayOptions } from './talk.ts';
export type { Spoken, VoiceKind } from './voice/voice.ts';

export interface CallerOptions {
  /** `ws://127.0.0.1:<port>` of the ACS stand-in. */
  line: string;
  /** @default '+15550100' */
  from?: string;
  /** @default '+15550199' */
  to?: string;
  kind?: 'pstn' | 'voip';
  correlationId?: string;
  /** Silence that parts two utterances of the agent, in ms. @default 600 */
  quietMs?: number;
  /** `speech` sounds like a person to voice detectors; `tone` is the code of the words alone. @default 'speech' */
  voice?: VoiceKind;
  /** Which voice, which coughs. @default follows from the caller's number */
  seed?: number;
  /** A slow talker: silence after every word, in ms. @default 0 */
  wordGapMs?: number;
  /** Lies under the whole call; the microphone is then never idle, and `framesAfterStop` stays undefined. */
  lineNoise?: LineNoise;
  /** The agent's voice comes back from the caller's ear, for the whole call; the same holds for the microphone. */
  echo?: EchoPath;
  /** Aborting cuts the line. */
  signal?: AbortSignal;
  onEvent?: (event: CallerEvent) => void;
}

export interface AnswerOptions extends Omit<CallerOptions, 'from' | 'to' | 'kind' | 'correlationId'> {
  /** The number that is ours to answer. */
  number: string;
  /** @default 30000 */
  timeoutMs?: number;
  /** The phone is in the network: a call to the number rings from now on. */
  onRegistered?: () => void;
}

/** StopAudio as it reached the carrier. */
export interface StopRecord {
  atUs: number;
  /** Agent audio the carrier threw away unplayed, in ms. */
  discardedMs: number;
  /** From the onset of the caller's last utterance; undefined when the caller has not spoken. */
  onsetToStopMs: number | undefined;
  /** 20 ms frames of app audio that arrived after it while the caller spoke; undefined until the microphone is idle. */
  framesAfterStop: number | undefined;
}

export interface Ended {
  by: 'caller' | 'app' | 'service';
  code: number;
  subCode: number;
}

export interface Caller extends Talk {
  readonly correlationId: string;
  readonly dialledUs: number;
  /** Waits for the answer. */
  answered(timeoutMs?: number): Promise<{ afterMs: number; callConnectionId: string }>;
  /** Waits until audio flows; tells when, in ms since dialling. */
  mediaOpen(timeoutMs?: number): Promise<{ afterMs: number; atUs: number }>;
  /** Says nothing more of what is queued. */
  hush(): void;
  dtmf(tones: string): void;
  hangUp(timeoutMs?: number): Promise<Ended>;
  /** Waits for these words one after another, behind those of the last time; case and punctuation do not matter. */
  hears(words: string, options?: { timeoutMs?: number }): Promise<{ words: HeardWord[]; atMs: number }>;
  /** Waits until the agent sounds; at once when it does. */
  agentStartsSpeaking(timeoutMs?: number): Promise<{ atMs: number; atUs: number }>;
  /** Waits until the agent, having spoken, has been silent for `quietMs`; tells when the silence began. */
  agentFallsSilent(options?: { quietMs?: number; timeoutMs?: number }): Promise<{ atMs: number; atUs: number }>;
  /** Waits for anything at all; looked at after every event and frame. */
  until<T>(look: () => T | undefined, wait: Wait): Promise<T>;
  readonly heard: readonly HeardWord[];
  /** Words heard, one line per utterance. */
  readonly agentUtterances: readonly string[];
  readonly agentSounds: readonly AgentSound[];
  readonly stops: readonly StopRecord[];
  /** DTMF the agent sent. */
  readonly agentTones: string;
  /** Time of the last ear frame's end, in µs. */
  earClockUs(): number;
  over(): Ended | undefined;
  ended(timeoutMs?: number): Promise<Ended>;
}

/** A call that rings here: answer it or not. */
export interface RingingCaller extends Caller {
  readonly from: string;
  readonly to: string;
  answer(): Promise<{ afterMs: number; callConnectionId: string }>;
  decline(): void;
}

/** Calls a number; resolves when it rings. */
export async function dial(options: CallerOptions): Promise<Caller> {
  const { from = '+15550100', to = '+15550199', kind, correlationId } = options;
  const url = new URL('/phone', options.line);
  for (const [name, value] of Object.entries({ from, to, kind, correlationId })) {
    if (value !== undefined) url.searchParams.set(name, value);
  }
  const { caller, rings } = await openCall(url, from, options);
  await rings('the phone to ring', PATIENCE_MS);
  return caller;
}

/** Waits for a call to `number`. */
export async function waitForRing(options: AnswerOptions): Promise<RingingCaller> {
  const url = new URL('/phone/answer', options.line);
  url.searchParams.set('number', options.number);
  const { caller, line, rings, incoming } = await openCall(url, options.number, options);
  options.onRegistered?.();
  await rings(`a call to ${options.number}`, options.timeoutMs ?? 30_000);
  return Object.assign(caller, {
    ...incoming(),
    answer() {
      line.send({ do: 'answer' });
      return caller.answered();
    },
    decline: () => line.send({ do: 'decline' }),
  });
}
