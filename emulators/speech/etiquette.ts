/**
 * What a client may say and when: strict like the documented service, so that a client mistake fails here and not first in
 * production. A violation is a close code and a reason.
 */
import type { ClientMessage } from './frames.ts';
import type { Service } from './paths.ts';

export interface Violation {
  code: 1002 | 1007;
  reason: string;
}

export interface Etiquette {
  check(message: ClientMessage): Violation | undefined;
  /** Says that the turn is over: its request id must not come again. */
  turnEnded(requestId: string): void;
}

const LONGEST_AUDIO_BYTES = 8192;
const REMEMBERED_TURNS = 1000;
const TURN_OPENERS = new Set(['speech.context', 'synthesis.context', 'ssml']);

export function createEtiquette(service: Service): Etiquette {
  const over = new Set<string>();
  let configured = false;
  let streaming = '';
  return {
    check(message) {
      const { path, requestId } = message;
      if (path === '') return wrong('The message has no Path header.');
      if (!/^[0-9A-Fa-f]{32}$/.test(requestId)) return wrong(`X-RequestId of ${path} is not 32 hexadecimal digits.`);
      if (message.timestamp === '') return wrong(`X-Timestamp of ${path} is missing.`);
      if (path === 'speech.config') configured = true;
      if (!configured) return early(`${path} came before speech.config.`);
      if (TURN_OPENERS.has(path) && over.has(requestId)) {
        return early(`${path} uses the request id of a turn that has ended.`);
      }
      if (service === 'tts' || path !== 'audio' || !message.bytes) return undefined;
      if (message.bytes.length > LONGEST_AUDIO_BYTES) return wrong('An audio message is longer than 8192 bytes.');
      // Audio already on its way when the turn ended belongs to nobody and is dropped without complaint.
      if (over.has(requestId) || message.bytes.length === 0) return undefined;
      if (requestId === streaming) return undefined;
      if (message.bytes.toString('latin1', 0, 4) !== 'RIFF')
        return early('The first audio of a turn is not a RIFF header.');
      streaming = requestId;
      return undefined;
    },
    turnEnded(requestId) {
      over.add(requestId);
      if (over.size > REMEMBERED_TURNS) over.delete(over.values().next().value!);
      if (streaming === requestId) streaming = '';
    },
  };
}

const early = (reason: string): Violation => ({ code: 1002, reason });
const wrong = (reason: string): Violation => ({ code: 1007, reason });
