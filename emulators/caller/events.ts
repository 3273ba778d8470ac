/** What happens in a call as the caller notices it, for a live view; `atMs` counts from dialling. */
export type CallerEvent = { atMs: number } & (
  | { type: 'ringing'; correlationId: string }
  | { type: 'answered'; callConnectionId: string }
  | { type: 'media-open' }
  | { type: 'caller-speaks'; text: string }
  | { type: 'caller-word'; text: string }
  | { type: 'caller-silent'; text: string }
  | { type: 'caller-dtmf'; tones: string }
  | { type: 'agent-started' }
  | { type: 'agent-word'; text: string; utterance: number }
  | { type: 'agent-silent' }
  | { type: 'agent-dtmf'; tone: string }
  | { type: 'stop-audio'; discardedMs: number; onsetToStopMs: number | undefined }
  | { type: 'hold'; on: boolean }
  | { type: 'failed'; reason: string }
  | { type: 'ended'; by: 'caller' | 'app' | 'service'; code: number; subCode: number }
);
