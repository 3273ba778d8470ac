import {
  AudioConfig,
  AudioInputStream,
  AudioStreamFormat,
  PhraseListGrammar,
  PropertyId,
  type PushAudioInputStream,
  Recognizer,
  ResultReason,
  SpeechConfig,
  SpeechRecognizer,
  SpeechSynthesisOutputFormat,
  SpeechSynthesizer,
} from 'microsoft-cognitiveservices-speech-sdk';
import { agentSays, greeting } from './turns.ts';

/**
 * The Speech SDK with as little around it as can be, asked for what the media host asks for: a continuous recogniser per
 * call that gets each frame of 20 ms as it comes, and sentences made by synthesisers that are used again.
 */
export interface BareSpeech {
  /** Begins to recognise, and says the greeting; every phrase that is recognised is answered. */
  converse(sound: (pcm: ArrayBuffer) => void): { hear(pcm: ArrayBuffer): void };
  /** What was done, so that no work can be optimised away or go missing unseen. */
  done: { partials: number; phrases: number; words: number; soundBytes: number; failures: number };
}

export function bareSpeech(host: string, key: string): BareSpeech {
  // With a global WebSocket the SDK would not use `ws`, as the media host's does not.
  Reflect.deleteProperty(globalThis, 'WebSocket');
  Recognizer.enableTelemetry(false);
  const idle: SpeechSynthesizer[] = [];
  const done: BareSpeech['done'] = { partials: 0, phrases: 0, words: 0, soundBytes: 0, failures: 0 };
  const failed = (what: unknown): void => {
    done.failures++;
    process.stderr.write(`${String(what)}\n`);
  };

  const speechConfig = (): SpeechConfig => {
    const config = SpeechConfig.fromHost(new URL(host), key);
    config.setProperty(PropertyId.SpeechServiceConnection_RecognitionEndpointVersion, '2');
    config.setProperty(PropertyId.Speech_SegmentationSilenceTimeoutMs, '500');
    config.setProperty(PropertyId.SpeechServiceConnection_InitialSilenceTimeoutMs, '60000');
    config.speechSynthesisOutputFormat = SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm;
    config.speechRecognitionLanguage = 'en-US';
    return config;
  };

  /** Makes the sentences one after another, each with a synthesiser that has just nothing to do. */
  const speak = async (sentences: readonly string[], sound: (pcm: ArrayBuffer) => void): Promise<void> => {
    for (const sentence of sentences) {
      const synthesiser = idle.pop() ?? new SpeechSynthesizer(speechConfig(), null as never);
      synthesiser.synthesizing = (_, { result }) => {
        done.soundBytes += result.audioData.byteLength;
        sound(result.audioData);
      };
      synthesiser.wordBoundary = () => {
        done.words++;
      };
      const ssml = `<speak version="1.0" xmlns="http://www.w3.org/2001/10/synthesis" xml:lang="en-US"><voice name="en-US-JennyNeural">${sentence}</voice></speak>`;
      await new Promise<void>((resolve, reject) =>
        synthesiser.speakSsmlAsync(
          ssml,
          result =>
            result.reason === ResultReason.SynthesizingAudioCompleted
              ? resolve()
              : reject(new Error(result.errorDetails)),
          reject,
        ),
      );
      idle.push(synthesiser);
    }
  };

  return {
    done,
    converse: sound => {
      const stream = AudioInputStream.createPushStream(AudioStreamFormat.getWaveFormatPCM(16_000, 16, 1));
      const hear = frameByFrame(stream);
      const recogniser = new SpeechRecognizer(speechConfig(), AudioConfig.fromStreamInput(stream));
      PhraseListGrammar.fromRecognizer(recogniser).addPhrases(['Switchboard', 'opening hours']);
      recogniser.recognizing = () => {
        done.partials++;
      };
      recogniser.recognized = (_, { result }) => {
        if (result.reason !== ResultReason.RecognizedSpeech) return;
        done.phrases++;
        speak(agentSays, sound).catch(failed);
      };
      recogniser.canceled = (_, event) => failed(`cancelled: ${event.errorDetails}`);
      recogniser.startContinuousRecognitionAsync();
      speak(greeting.split(/(?<=\.) /), sound).catch(failed);
      return { hear };
    },
  };
}

interface Chunk {
  buffer: ArrayBuffer;
  isEnd: boolean;
  timeReceived: number;
}

/** Hands each frame on as it comes; the SDK's own stream would wait for 100 ms of sound. */
function frameByFrame(stream: PushAudioInputStream): (pcm: ArrayBuffer) => void {
  const waiting: Chunk[] = [];
  let reader: ((chunk: Chunk) => void) | undefined;
  const inner = stream as unknown as { attach(id: string): Promise<{ read(): Promise<Chunk> }> };
  const attach = inner.attach.bind(stream);
  inner.attach = async id => ({
    ...(await attach(id)),
    read: () => {
      const chunk = waiting.shift();
      if (chunk) return Promise.resolve(chunk);
      return new Promise<Chunk>(resolve => {
        reader = resolve;
      });
    },
  });
  return buffer => {
    const chunk = { buffer, isEnd: false, timeReceived: Date.now() };
    const give = reader;
    reader = undefined;
    if (give) give(chunk);
    else waiting.push(chunk);
  };
}
