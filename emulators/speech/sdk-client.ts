/** The unchanged Speech SDK in the hands of the conformance suite: recognizers that note what they are told, synthesis as a promise. */
import * as sdk from 'microsoft-cognitiveservices-speech-sdk';

// With a global WebSocket the SDK would use it and send no headers; Node 22 and later have one.
Reflect.deleteProperty(globalThis, 'WebSocket');

export interface Told {
  type:
    | 'partial'
    | 'final'
    | 'no-match'
    | 'start'
    | 'end'
    | 'canceled'
    | 'session-started'
    | 'session-stopped'
    | 'disconnected';
  text: string;
  /** Milliseconds of audio since the recognizer started. */
  offsetMs: number;
  durationMs: number;
  /** Cancel: code and details. NoMatch: reason. */
  detail: string;
  json: string;
}

export interface Ears {
  recognizer: sdk.SpeechRecognizer;
  connection: sdk.Connection;
  told: Told[];
  texts(type: Told['type']): string[];
  /** Writes audio: everything at once, as the SDK paces it itself. */
  hear(pcm: Int16Array | Uint8Array): void;
  /** From now on silence comes in, as on a line: the SDK sends lost audio again only when new audio comes. */
  line(): void;
  endOfAudio(): void;
  start(): Promise<void>;
  stop(): Promise<void>;
  /** Waits for the n-th of a kind (the first without n). */
  next(type: Told['type'], n?: number, timeoutMs?: number): Promise<Told>;
  close(): void;
}

const TICKS_PER_MS = 10_000;

export function openEars(
  config: sdk.SpeechConfig,
  format: sdk.AudioStreamFormat = sdk.AudioStreamFormat.getWaveFormatPCM(16_000, 16, 1),
): Ears {
  const audio = sdk.AudioInputStream.createPushStream(format);
  const recognizer = new sdk.SpeechRecognizer(config, sdk.AudioConfig.fromStreamInput(audio));
  const connection = sdk.Connection.fromRecognizer(recognizer);
  const told: Told[] = [];
  const waiters = new Set<() => void>();
  let closed = false;
  let silence: NodeJS.Timeout | undefined;

  function note(type: Told['type'], more: Partial<Told> = {}): void {
    told.push({ type, text: '', offsetMs: 0, durationMs: 0, detail: '', json: '', ...more });
    for (const look of waiters) look();
  }
  const said = ({ text, offset, duration, json }: sdk.SpeechRecognitionResult): Partial<Told> => ({
    text,
    offsetMs: offset / TICKS_PER_MS,
    durationMs: duration / TICKS_PER_MS,
    json,
  });

  recognizer.recognizing = (_, { result }) => note('partial', said(result));
  recognizer.recognized = (_, { result }) => {
    if (result.reason === sdk.ResultReason.RecognizedSpeech) return note('final', said(result));
    const { reason } = sdk.NoMatchDetails.fromResult(result);
    note('no-match', { ...said(result), text: '', detail: sdk.NoMatchReason[reason] });
  };
  recognizer.canceled = (_, { reason, errorCode, errorDetails }) =>
    note('canceled', {
      detail: `${sdk.CancellationReason[reason]} ${sdk.CancellationErrorCode[errorCode]} ${errorDetails ?? ''}`.trim(),
    });
  recognizer.speechStartDetected = (_, { offset }) => note('start', { offsetMs: offset / TICKS_PER_MS });
  recognizer.speechEndDetected = (_, { offset }) => note('end', { offsetMs: offset / TICKS_PER_MS });
  recognizer.sessionStarted = () => note('session-started');
  recognizer.sessionStopped = () => note('session-stopped');
  connection.disconnected = () => note('disconnected');

  // The stream keeps the buffer it is given, so it gets one of its own.
  function hear(pcm: Int16Array | Uint8Array): void {
    audio.write(new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength).slice().buffer);
  }

  return {
    recognizer,
    connection,
    told,
    texts: type => told.filter(one => one.type === type).map(one => one.text),
    hear,
    line() {
      silence ??= setInterval(() => hear(new Int16Array(1600)), 20);
    },
    endOfAudio: () => audio.close(),
    start: () => new Promise((resolve, reject) => recognizer.startContinuousRecognitionAsync(resolve, reject)),
    stop: () => new Promise((resolve, reject) => recognizer.stopContinuousRecognitionAsync(resolve, reject)),
    next: (type, n = 1, timeoutMs = 8000) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          waiters.delete(look);
          const sofar = told.map(one => `${one.type} ${one.text}${one.detail}`.trim()).join(', ');
          reject(new Error(`No ${type} number ${n} within ${timeoutMs} ms. Told so far: ${sofar}`));
        }, timeoutMs);
        function look(): void {
          const found = told.filter(one => one.type === type)[n - 1];
          if (!found) return;
          waiters.delete(look);
          clearTimeout(timer);
          resolve(found);
        }
        waiters.add(look);
        look();
      }),
    close() {
      if (closed) return;
      closed = true;
      clearInterval(silence);
      // close() alone hangs while a turn is open and the server is silent.
      connection.closeConnection(
        () => undefined,
        () => undefined,
      );
      recognizer.close();
    },
  };
}

export interface Spoken {
  result: sdk.SpeechSynthesisResult;
  pcm: Int16Array;
  bytes: Buffer;
  words: { text: string; kind: string; offsetMs: number; durationMs: number; textOffset: number }[];
  firstAudioMs: number;
}

export interface Voice {
  synthesizer: sdk.SpeechSynthesizer;
  connection: sdk.Connection;
  speak(text: string): Promise<Spoken>;
  speakSsml(ssml: string): Promise<Spoken>;
  /** Streams text in pieces. */
  speakPieces(pieces: AsyncIterable<string> | Iterable<string>): Promise<Spoken>;
  /** Bytes of audio that have come for the request under way. */
  bytesSoFar(): number;
  close(): void;
}

export function openVoice(config: sdk.SpeechConfig): Voice {
  const synthesizer = new sdk.SpeechSynthesizer(config, null);
  const connection = sdk.Connection.fromSynthesizer(synthesizer);
  let words: Spoken['words'] = [];
  let chunks: Buffer[] = [];
  let startedAt = 0;
  let firstAudioMs = Number.NaN;
  let closed = false;
  synthesizer.synthesizing = (_, { result }) => {
    if (chunks.length === 0) firstAudioMs = performance.now() - startedAt;
    chunks.push(Buffer.from(result.audioData));
  };
  synthesizer.wordBoundary = (_, { text, boundaryType, audioOffset, duration, textOffset }) =>
    words.push({
      text,
      kind: String(boundaryType),
      offsetMs: audioOffset / TICKS_PER_MS,
      durationMs: duration / TICKS_PER_MS,
      textOffset,
    });

  function run(
    speak: (done: (result: sdk.SpeechSynthesisResult) => void, failed: (why: string) => void) => void,
  ): Promise<Spoken> {
    startedAt = performance.now();
    return new Promise((resolve, reject) => {
      speak(
        result => {
          const bytes = Buffer.concat(chunks);
          const pcm = Int16Array.from({ length: bytes.length >> 1 }, (_, i) => bytes.readInt16LE(i * 2));
          resolve({ result, pcm, bytes, words, firstAudioMs });
          words = [];
          chunks = [];
        },
        why => reject(new Error(why)),
      );
    });
  }

  return {
    synthesizer,
    connection,
    speak: text => run((done, failed) => synthesizer.speakTextAsync(text, done, failed)),
    speakSsml: ssml => run((done, failed) => synthesizer.speakSsmlAsync(ssml, done, failed)),
    speakPieces(pieces) {
      const request = new sdk.SpeechSynthesisRequest(sdk.SpeechSynthesisRequestInputType.TextStream);
      const spoken = run((done, failed) => synthesizer.speakAsync(request, done, failed));
      const feed = async (): Promise<void> => {
        for await (const piece of pieces) request.inputStream.write(piece);
        request.inputStream.close();
      };
      return feed().then(() => spoken);
    },
    bytesSoFar: () => chunks.reduce((total, chunk) => total + chunk.length, 0),
    close() {
      if (closed) return;
      closed = true;
      synthesizer.close();
    },
  };
}
