/**
 * The sound of play sources. Files on loopback are really fetched and must be what the service plays (WAV, mono, 16 bit,
 * 16 kHz); everything else is a soft hum of a configurable length, since the stand-in has no voice.
 */

import type { ResultInformation } from '../cloud-event.ts';
import type { Exchange } from '../exchange.ts';
import type { Leg } from '../leg.ts';
import type { PlaySource } from '../rest/bodies.ts';
import { badFile, noCognitiveServices, noFile } from '../results.ts';

const fetchTimeoutMs = 5_000;
const bytesPerMs = 32;

export type Prompt = { pcm: Buffer } | { failedIndex: number; result: ResultInformation };

/** Whether text and speech can work on this leg. */
export function hasCognitiveServices(exchange: Exchange, leg: Leg): boolean {
  return exchange.faults.cognitiveServices !== 'missing' && leg.setup.cognitiveServicesEndpoint !== undefined;
}

/** All sources one after another, PCM16 at 16 kHz, or the first that fails. */
export async function promptOf(exchange: Exchange, leg: Leg, sources: PlaySource[]): Promise<Prompt> {
  const parts: Buffer[] = [];
  for (const [index, source] of sources.entries()) {
    const part = await soundOf(exchange, leg, source);
    if (!Buffer.isBuffer(part)) return { failedIndex: index, result: part };
    parts.push(part);
  }
  return { pcm: Buffer.concat(parts) };
}

async function soundOf(exchange: Exchange, leg: Leg, source: PlaySource): Promise<Buffer | ResultInformation> {
  const hum = () => humOf(exchange.faults.playMs);
  if (source.kind !== 'file') return hasCognitiveServices(exchange, leg) ? hum() : noCognitiveServices;
  const uri = source.file?.uri ?? '';
  if (!URL.canParse(uri)) return noFile;
  const { hostname, protocol } = new URL(uri);
  if (!['127.0.0.1', 'localhost', '[::1]'].includes(hostname) || !protocol.startsWith('http')) return hum();
  const answer = await exchange.courier.send('GET', uri, {}, undefined, fetchTimeoutMs);
  if (answer.status !== 200) return noFile;
  return wavSamples(Buffer.from(answer.body, 'latin1')) ?? badFile;
}

/** Samples of a WAV file the service can play, else undefined. */
export function wavSamples(file: Buffer): Buffer | undefined {
  if (file.length < 12 || file.toString('latin1', 0, 4) !== 'RIFF' || file.toString('latin1', 8, 12) !== 'WAVE')
    return undefined;
  let isPlayable = false;
  for (let at = 12; at + 8 <= file.length; ) {
    const name = file.toString('latin1', at, at + 4);
    const size = file.readUInt32LE(at + 4);
    const content = file.subarray(at + 8, at + 8 + size);
    if (name === 'fmt ' && content.length >= 16) {
      const [format, channels, rate, bits] = [0, 2, 4, 14].map(offset => content.readUInt16LE(offset));
      isPlayable = format === 1 && channels === 1 && rate === 16_000 && bits === 16;
    }
    if (name === 'data') return isPlayable ? content.subarray(0, content.length & ~1) : undefined;
    at += 8 + size + (size & 1);
  }
  return undefined;
}

function humOf(ms: number): Buffer {
  const pcm = Buffer.alloc(Math.round(ms) * bytesPerMs);
  for (let n = 0; n * 2 < pcm.length; n++)
    pcm.writeInt16LE(Math.round(600 * Math.sin((2 * Math.PI * 150 * n) / 16_000)), n * 2);
  return pcm;
}
