import type { Clock } from '../clock.ts';
import { type AudioSource, createAudioSource } from './audio-source.ts';
import { type SpeechAccess, type SpeechAddress, speechAccess } from './azure-config.ts';
import { Connection, SpeechRecognizer } from './azure-sdk.ts';
import { withinMs } from './deadline.ts';

/** One recogniser of the Speech SDK with its connection and the sound it reads. It serves one call, or a part of it. */
export interface Recogniser {
  recogniser: SpeechRecognizer;
  access: SpeechAccess;
  connection: Connection;
  source: AudioSource;
  disconnected: boolean;
  /** It recognises: begun and not cancelled. */
  atWork: boolean;
}

const closeWithinMs = 1000;

/** @param dropped told ms of sound that it did not take in time. */
export async function makeRecogniser(
  address: SpeechAddress,
  language: string,
  dropped: (ms: number) => void,
): Promise<Recogniser> {
  const access = await speechAccess(address);
  access.config.speechRecognitionLanguage = language;
  const source = createAudioSource({ dropped });
  const recogniser = new SpeechRecognizer(access.config, source.config);
  const connection = Connection.fromRecognizer(recogniser);
  const made: Recogniser = { recogniser, access, connection, source, disconnected: false, atWork: false };
  connection.disconnected = () => {
    made.disconnected = true;
  };
  return made;
}

/**
 * The end of the sound ends the turn, and then the SDK lets go. A service that does not answer to it is left without:
 * close() alone would wait for it for ever, and a connection closed in an open turn is opened once more by the SDK.
 */
export function discardRecogniser({ recogniser, connection, source, atWork }: Recogniser, clock: Clock): void {
  source.close();
  const close = () => recogniser.close();
  const leave = () =>
    withinMs(clock, closeWithinMs, (done, failed) => connection.closeConnection(done, failed)).then(close, close);
  if (!atWork) return void leave();
  withinMs(clock, closeWithinMs, done => {
    recogniser.sessionStopped = done;
  }).then(close, leave);
}
