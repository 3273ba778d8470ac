import { z } from 'zod';

/** How a call is heard and answered: our own cascade of STT, model and TTS, or one Voice Live session. */
export const streamingMode = z.enum(['media', 'voice_live']);
export type StreamingMode = z.infer<typeof streamingMode>;

/** Where ACS's media socket arrives. Aliases are the paths of earlier designs and take the same call and secret. */
export const mediaPath = '/api/v1/media/stream';
export const mediaPathAliases = ['/ws/media', '/ws'] as const;

/** Where the control plane asks for a place before it answers. */
export const admissionPath = '/api/v1/media/admissions';

/** What the control plane tells the media host about a call that is about to be answered. */
export const admissionRequest = z.strictObject({
  callId: z.string().regex(/^[0-9a-f]{32}$/),
  mode: streamingMode,
  /** @default the agent alone */
  scenario: z.string().min(1).optional(),
  /** The one that takes the caller first. */
  agent: z.string().min(1),
  direction: z.enum(['in', 'out']),
  callerHash: z.string(),
  /** What the agent is to know from the beginning. */
  facts: z.record(z.string(), z.string()).optional(),
});
export type AdmissionRequest = z.infer<typeof admissionRequest>;

/** `admitted: false` means every place is taken: the call must be refused before it is answered. */
export const admissionReply = z.object({ admitted: z.boolean(), hostId: z.string(), mediaUrl: z.string() });
export type AdmissionReply = z.infer<typeof admissionReply>;

/** Header that carries CONTROL_KEY between our programs where there is no Entra identity. */
export const controlKeyHeader = 'x-switchboard-key';

/** Where the media host asks the control plane to end a call whose conversation is over. */
export const conversationOverPath = (callId: string): string => `/api/v1/calls/${callId}/conversation-over`;
