/**
 * Text frames of the media socket. Audio goes out by joining prepared strings and comes in by cutting the base64 out of
 * the text: a JSON parser on every frame of a hundred calls would cost more than all the rest of the stand-in.
 */

export type SampleRate = 16_000 | 24_000;

/** Bytes of one 20 ms frame, PCM16 mono. */
export function frameBytes(sampleRate: SampleRate): number {
  return sampleRate / 25;
}

/** First frame of every connection. */
export function audioMetadata(subscriptionId: string, sampleRate: SampleRate): string {
  const audio = { subscriptionId, encoding: 'PCM', sampleRate, channels: 1, length: frameBytes(sampleRate) };
  return JSON.stringify({ kind: 'AudioMetadata', audioMetadata: audio });
}

/** @param character `0` to `9`, `*`, `#`, `A` to `D`. */
export function dtmfData(character: string): string {
  return JSON.stringify({ kind: 'DtmfData', dtmfData: { data: character } });
}

const head = '{"kind":"AudioData","audioData":{"timestamp":"';
const voiced = '","silent":false}}';
const silence: Record<SampleRate, string> = { 16000: silent(16_000), 24000: silent(24_000) };

function silent(sampleRate: SampleRate): string {
  return `${Buffer.alloc(frameBytes(sampleRate)).toString('base64')}","silent":true}}`;
}

/** What stands between timestamp and audio; mixed streams name no participant. */
export function audioMiddle(participantRawId: string | undefined): string {
  return participantRawId === undefined
    ? '","data":"'
    : `","participantRawID":${JSON.stringify(participantRawId)},"data":"`;
}

/** One voiced frame. @param stamp ISO time. @param middle from `audioMiddle`. */
export function audioFrame(stamp: string, middle: string, pcm: Buffer): string {
  return head + stamp + middle + pcm.toString('base64') + voiced;
}

/** One silent frame: its audio was encoded when the module loaded. */
export function silentFrame(stamp: string, middle: string, sampleRate: SampleRate): string {
  return head + stamp + middle + silence[sampleRate];
}

let stampUs = Number.NEGATIVE_INFINITY;
let stampText = '';

/** Wall-clock time for frames of the tick at `atUs`; frames of one millisecond share one string. */
export function stampOf(atUs: number): string {
  if (atUs - stampUs >= 1_000 || atUs < stampUs) {
    stampUs = atUs;
    stampText = new Date().toISOString();
  }
  return stampText;
}

export type Outbound = { kind: 'audio'; pcm: Buffer } | { kind: 'stop' } | { kind: 'unknown'; why: string };

const opening = /^\s*\{\s*"kind"\s*:\s*"audiodata"\s*,\s*"audiodata"\s*:\s*\{\s*"data"\s*:\s*"/i;

/**
 * Reads what the app sent. Keys and kind match without regard to case, as three spellings are in production use; the
 * kind alone decides, because the JS SDK puts an empty `stopAudio` beside every `audioData`.
 */
export function parseOutbound(text: string): Outbound {
  const begin = opening.exec(text.length > 300 ? text.slice(0, 300) : text)?.[0].length;
  if (begin === undefined) return parseSlowly(text);
  const end = text.indexOf('"', begin);
  const base64 = text.slice(begin, end);
  if (end < 0 || base64.includes('\\')) return parseSlowly(text);
  return { kind: 'audio', pcm: Buffer.from(base64, 'base64') };
}

function parseSlowly(text: string): Outbound {
  let message: unknown;
  try {
    message = JSON.parse(text);
  } catch (error) {
    return { kind: 'unknown', why: (error as Error).message };
  }
  const kind = String(field(message, 'kind')).toLowerCase();
  if (kind === 'stopaudio') return { kind: 'stop' };
  const data = field(field(message, 'audiodata'), 'data');
  if (kind === 'audiodata' && typeof data === 'string') return { kind: 'audio', pcm: Buffer.from(data, 'base64') };
  return { kind: 'unknown', why: `kind ${kind}` };
}

function field(object: unknown, name: string): unknown {
  if (typeof object !== 'object' || object === null) return undefined;
  return Object.entries(object).find(([key]) => key.toLowerCase() === name)?.[1];
}
