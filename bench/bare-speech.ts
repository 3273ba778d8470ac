import { writeFile } from 'node:fs/promises';
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
import { encodeText } from '../emulators/tone/tone.ts';
import { frameBytes, marksPerSource, nowUs, writeMark } from './frame-mark.ts';
import { agentSays, callerSays, greeting, turnStarts } from './turns.ts';

/**
 * `node bench/bare-speech.ts '{…}'`: the Speech SDK alone, doing for as many calls what the media host has it do. It hears
 * the same sound in frames of 20 ms, gets the same recognitions, and has the same sentences made; nothing is received
 * from or sent to a caller, nothing decided, kept or journalled, and all of it runs in one thread.
 *
 * `frames` gives the SDK each frame as it comes, as the media host does; `sdk` uses the SDK's own push stream, which
 * gathers 100 ms before it sends. At the end of stdin the moments of the frames (µs, by number) go to the file.
 */
export interface BareOptions {
  host: string;
  key: string;
  calls: number;
  source: 'frames' | 'sdk';
  /** The first call is alone for so long; then the others begin, spread over `rampMs`. */
  aloneMs: number;
  rampMs: number;
  /** Numbers of the frames begin here. */
  marksFrom: number;
  file: string;
}

const options = JSON.parse(process.argv[2] ?? '{}') as BareOptions;
const frameMs = 20;
/** Calls are spread over as many moments of a frame as the ACS stand-in spreads them. */
const phases = 5;

// With a global WebSocket the SDK would not use `ws`, as the media host's does not.
Reflect.deleteProperty(globalThis, 'WebSocket');
Recognizer.enableTelemetry(false);

function speechConfig(): SpeechConfig {
  const config = SpeechConfig.fromHost(new URL(options.host), options.key);
  config.setProperty(PropertyId.SpeechServiceConnection_RecognitionEndpointVersion, '2');
  config.setProperty(PropertyId.Speech_SegmentationSilenceTimeoutMs, '500');
  config.setProperty(PropertyId.SpeechServiceConnection_InitialSilenceTimeoutMs, '60000');
  config.speechSynthesisOutputFormat = SpeechSynthesisOutputFormat.Raw16Khz16BitMonoPcm;
  config.speechRecognitionLanguage = 'en-US';
  return config;
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

const idle: SpeechSynthesizer[] = [];
let pushed = 0;
const pushedUs = new Float64Array(marksPerSource);
/** What was heard and said, so that no work can be optimised away or go missing unseen. */
const done = { partials: 0, phrases: 0, words: 0, soundBytes: 0, failures: 0 };

/** Makes the sentences one after another, each with a synthesiser that has just nothing to do. */
async function speak(sentences: readonly string[]): Promise<void> {
  for (const sentence of sentences) {
    const synthesiser = idle.pop() ?? new SpeechSynthesizer(speechConfig(), null as never);
    synthesiser.synthesizing = (_, { result }) => {
      done.soundBytes += result.audioData.byteLength;
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
}

const say = (sentences: readonly string[]): void =>
  void speak(sentences).catch((error: unknown) => {
    done.failures++;
    process.stderr.write(`${String(error)}\n`);
  });

const question = encodeText(callerSays, { sampleRate: 16_000 }).pcm;
const questionBytes = Buffer.from(question.buffer);
const starts = turnStarts();

function openCall(): { frame(): void } {
  const stream = AudioInputStream.createPushStream(AudioStreamFormat.getWaveFormatPCM(16_000, 16, 1));
  const write = options.source === 'frames' ? frameByFrame(stream) : (pcm: ArrayBuffer) => void stream.write(pcm);
  const recogniser = new SpeechRecognizer(speechConfig(), AudioConfig.fromStreamInput(stream));
  PhraseListGrammar.fromRecognizer(recogniser).addPhrases(['Switchboard', 'opening hours']);
  recogniser.recognizing = () => {
    done.partials++;
  };
  recogniser.recognized = (_, { result }) => {
    if (result.reason !== ResultReason.RecognizedSpeech) return;
    done.phrases++;
    say(agentSays);
  };
  recogniser.canceled = (_, event) => {
    done.failures++;
    process.stderr.write(`cancelled: ${event.errorDetails}\n`);
  };
  recogniser.startContinuousRecognitionAsync();
  say(greeting.split(/(?<=\.) /));
  let ms = 0;
  let turn = 0;
  return {
    frame: () => {
      const pcm = new ArrayBuffer(frameBytes);
      const bytes = Buffer.from(pcm);
      const into = (ms - (starts[turn] ?? Number.POSITIVE_INFINITY)) * (frameBytes / frameMs);
      if (into >= 0) questionBytes.copy(bytes, 0, into, into + frameBytes);
      if (into + frameBytes >= questionBytes.length) turn++;
      ms += frameMs;
      if (pushed < marksPerSource) {
        writeMark(bytes, 0, options.marksFrom + pushed);
        pushedUs[pushed++] = nowUs();
      }
      write(pcm);
    },
  };
}

const lanes: { frame(): void }[][] = Array.from({ length: phases }, () => []);
let opened = 0;
const open = (): void => void lanes[opened++ % phases]?.push(openCall());

/** One timer feeds all; its schedule is absolute, so a late frame is made up for. */
let lane = 0;
let dueMs = performance.now();
function feed(): void {
  for (const call of lanes[lane] ?? []) call.frame();
  lane = (lane + 1) % phases;
  dueMs += frameMs / phases;
  setTimeout(feed, Math.max(0, dueMs - performance.now()));
}

open();
feed();
setTimeout(() => {
  for (let i = 1; i < options.calls; i++) setTimeout(open, (i * options.rampMs) / options.calls);
}, options.aloneMs);

process.stdout.write(`${JSON.stringify({ ready: true })}\n`);
process.stdin.resume().once('end', () => {
  void writeFile(options.file, pushedUs.subarray(0, pushed)).then(() => process.exit(done.failures === 0 ? 0 : 1));
});
