/**
 * The one door to the Speech SDK. Where a global WebSocket exists (Node 22 and later) the SDK would take it, and then
 * credentials travel only in URLs and proxy settings are ignored; without one it uses the `ws` package.
 */
Reflect.deleteProperty(globalThis, 'WebSocket');

export {
  AudioConfig,
  AudioInputStream,
  AudioStreamFormat,
  CancellationReason,
  Connection,
  PhraseListGrammar,
  PropertyId,
  Recognizer,
  ResultReason,
  SpeechConfig,
  SpeechRecognizer,
  SpeechSynthesisOutputFormat,
  SpeechSynthesizer,
} from 'microsoft-cognitiveservices-speech-sdk';
