/** A stand-in with SDK objects on it, for the tests: everything that was opened is closed. */
import * as sdk from 'microsoft-cognitiveservices-speech-sdk';
import { type Ears, openEars, openVoice, type Voice } from './sdk-client.ts';
import { type Speech, type SpeechOptions, startSpeech } from './speech.ts';

export interface Bench {
  speech: Speech;
  config(change?: (config: sdk.SpeechConfig) => void): sdk.SpeechConfig;
  ears(change?: (config: sdk.SpeechConfig) => void, format?: sdk.AudioStreamFormat): Ears;
  voice(change?: (config: sdk.SpeechConfig) => void): Voice;
  close(): Promise<void>;
}

/** Finals come at once and speech as fast as it can, unless the options say otherwise. */
export async function openBench(options: SpeechOptions = {}): Promise<Bench> {
  const speech = await startSpeech({
    ...options,
    stt: { finalDelayMs: 0, ...options.stt },
    tts: { firstAudioMs: 0, speed: 1000, ...options.tts },
  });
  const open: (Ears | Voice)[] = [];
  const kept = <T extends Ears | Voice>(one: T): T => {
    open.push(one);
    return one;
  };
  const bench: Bench = {
    speech,
    config(change = () => undefined) {
      const config = sdk.SpeechConfig.fromHost(new URL(speech.host), speech.key);
      config.setProperty('SpeechServiceConnection_RecognitionEndpointVersion', '2');
      config.setProperty('SPEECH-TransmitLengthBeforThrottleMs', '60000');
      config.setProperty('Recognizer_StopTimeoutMs', '2000');
      config.speechRecognitionLanguage = 'en-GB';
      config.speechSynthesisOutputFormat = sdk.SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm;
      change(config);
      return config;
    },
    ears: (change, format) => kept(openEars(bench.config(change), format)),
    voice: change => kept(openVoice(bench.config(change))),
    async close() {
      for (const one of open) one.close();
      await speech.close();
    },
  };
  return bench;
}
