import { CallError } from '../../contracts/error.ts';
import { decodeBase64 } from '../audio/base64.ts';

/**
 * The media socket's messages as bytes. Audio arrives fifty times a second per call, so it is read where it lies; every
 * other message is parsed. The SDK's own parser is not used: it keeps the last message's kind in a static that all
 * calls of a process share.
 */
export type MediaMessage =
  | { kind: 'audio'; pcm: Uint8Array<ArrayBuffer>; silent: boolean; speaker: string | undefined }
  | { kind: 'metadata'; sampleRate: number; channels: number; encoding: string }
  | { kind: 'dtmf'; tone: string }
  /** Said by ACS but of no use here; `name` is what it called itself. */
  | { kind: 'other'; name: string };

/** ACS sends 640 or 960 bytes of sound in a message; a thousand times that is not a frame. */
export const largestMessageBytes = 1 << 20;

const ascii = (text: string) => Buffer.from(text, 'latin1');
const audioStart = ascii('{"kind":"AudioData","audioData":{');
const dataKey = ascii('"data":"');
const silentMark = ascii('"silent":true');
const speakerMark = ascii('"participantRawID":"');
const quote = 0x22;

/** @throws CallError FRAME_INVALID when the message is not one of ACS's; the call goes on without it. */
export function readMessage(message: Buffer): MediaMessage {
  if (
    message.length >= audioStart.length &&
    message.compare(audioStart, 0, audioStart.length, 0, audioStart.length) === 0
  ) {
    const audio = readAudio(message);
    if (audio) return audio;
  }
  return readAny(message);
}

function readAudio(message: Buffer): MediaMessage | undefined {
  const key = message.indexOf(dataKey, audioStart.length - 1);
  if (key === -1) return undefined;
  const start = key + dataKey.length;
  const end = message.indexOf(quote, start);
  if (end === -1) return undefined;
  const pcm = decodeBase64(message, start, end);
  if (!pcm) return undefined;
  // Base64 has no quote in it, so that the fields are found whether they stand before the sound or behind it.
  return {
    kind: 'audio',
    pcm: wholeSamples(pcm),
    silent: message.indexOf(silentMark) !== -1,
    speaker: speakerIn(message),
  };
}

function speakerIn(message: Buffer): string | undefined {
  const at = message.indexOf(speakerMark);
  if (at === -1) return undefined;
  const start = at + speakerMark.length;
  const end = message.indexOf(quote, start);
  return end === -1 ? undefined : message.toString('latin1', start, end);
}

/** Half a sample at the end of a message would shift every later one by a byte: it is dropped. */
const wholeSamples = (pcm: Uint8Array<ArrayBuffer>) => (pcm.length % 2 === 0 ? pcm : pcm.subarray(0, pcm.length - 1));

function readAny(message: Buffer): MediaMessage {
  let parsed: unknown;
  try {
    parsed = JSON.parse(message.toString('utf8'));
  } catch (cause) {
    throw new CallError('FRAME_INVALID', { reason: 'it is not JSON' }, { cause });
  }
  const fields = folded(parsed);
  const kind = fields?.['kind'];
  if (!fields || typeof kind !== 'string') throw new CallError('FRAME_INVALID', { reason: 'it names no kind' });
  const body = folded(fields[kind.toLowerCase()]);
  switch (kind.toLowerCase()) {
    case 'audiodata': {
      const text = typeof body?.['data'] === 'string' ? Buffer.from(body['data'], 'latin1') : undefined;
      const pcm = text && decodeBase64(text, 0, text.length);
      if (!pcm) throw new CallError('FRAME_INVALID', { reason: 'its audio is not base64' });
      const speaker = body?.['participantrawid'];
      return {
        kind: 'audio',
        pcm: wholeSamples(pcm),
        silent: body?.['silent'] === true,
        speaker: typeof speaker === 'string' ? speaker : undefined,
      };
    }
    case 'audiometadata': {
      const sampleRate = Number(body?.['samplerate']);
      const channels = Number(body?.['channels'] ?? 1);
      if (!Number.isInteger(sampleRate) || sampleRate <= 0)
        throw new CallError('FRAME_INVALID', { reason: 'its metadata has no sample rate' });
      return { kind: 'metadata', sampleRate, channels, encoding: String(body?.['encoding'] ?? 'PCM') };
    }
    case 'dtmfdata': {
      const tone = body?.['data'];
      if (typeof tone !== 'string' || tone === '')
        throw new CallError('FRAME_INVALID', { reason: 'its tone is missing' });
      return { kind: 'dtmf', tone };
    }
    default:
      return { kind: 'other', name: kind.slice(0, 40) };
  }
}

/** An object's fields by lower-case name: three spellings of every message are in use. */
function folded(value: unknown): Record<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.fromEntries(Object.entries(value).map(([key, field]) => [key.toLowerCase(), field]));
}

const outboundStart = ascii('{"kind":"audioData","audioData":{"data":"');
const outboundEnd = ascii('","isSilent":false},"stopAudio":{}}');

/** A message with sound for the caller, byte for byte as ACS's own SDK writes it. `pcm` is copied. */
export function audioMessage(pcm: Uint8Array): Buffer {
  const base64 = Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).toString('base64');
  const message = Buffer.allocUnsafe(outboundStart.length + base64.length + outboundEnd.length);
  outboundStart.copy(message, 0);
  message.write(base64, outboundStart.length, 'latin1');
  outboundEnd.copy(message, outboundStart.length + base64.length);
  return message;
}

/** ACS keeps playing what it has; only this empties it. */
export const stopAudioMessage: Buffer = ascii('{"kind":"stopAudio","stopAudio":{}}');
