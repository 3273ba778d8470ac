/** Which service a path belongs to, as the Speech SDK builds them: one host serves both, told apart by path. */

export type Service = 'stt' | 'tts';

const SERVICES: Readonly<Record<string, Service>> = {
  '/stt/speech/universal/v2': 'stt',
  '/speech/universal/v2': 'stt',
  '/speech/recognition/conversation/cognitiveservices/v1': 'stt',
  '/speech/recognition/interactive/cognitiveservices/v1': 'stt',
  '/speech/recognition/dictation/cognitiveservices/v1': 'stt',
  '/tts/cognitiveservices/websocket/v1': 'tts',
  '/tts/cognitiveservices/websocket/v2': 'tts',
  '/cognitiveservices/websocket/v1': 'tts',
  '/cognitiveservices/websocket/v2': 'tts',
};

export function serviceAt(path: string): Service | undefined {
  return SERVICES[path.replace(/\/+$/, '')];
}
