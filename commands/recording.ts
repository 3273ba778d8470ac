import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { textIfThere } from './optional-file.ts';

/**
 * Recorded speech for a call: raw PCM or RIFF/WAVE, 16 kHz, 16 bit, mono, and the words it carries where they are known,
 * so that the offline ear can be told what real speech says.
 */
export interface Recording {
  name: string;
  /** 16 kHz, signed 16 bit little endian, mono. */
  pcm: Buffer;
  words?: string;
}

export async function readRecording(file: string, words?: string): Promise<Recording> {
  const pcm = pcmOf(await readFile(file), path.basename(file));
  const said = words ?? (await wordsBeside(file));
  return { name: path.basename(file), pcm, ...(said !== undefined && { words: said }) };
}

/** @throws Error that names the file and what is wrong with its sound. */
export function pcmOf(bytes: Buffer, name: string): Buffer {
  if (bytes.length >= 12 && bytes.toString('latin1', 0, 4) === 'RIFF') return waveData(bytes, name);
  if (bytes.length === 0 || bytes.length % 2 === 1)
    throw new Error(`${name} is no sound of 16-bit samples (${bytes.length} bytes).`);
  return bytes;
}

function waveData(bytes: Buffer, name: string): Buffer {
  let format = '';
  for (let at = 12; at + 8 <= bytes.length; ) {
    const id = bytes.toString('latin1', at, at + 4);
    const length = bytes.readUInt32LE(at + 4);
    const body = bytes.subarray(at + 8, at + 8 + length);
    if (id === 'fmt ' && body.length >= 16) {
      const [coding, channels, rate, bits] = [0, 2, 4, 14].map(offset =>
        offset === 4 ? body.readUInt32LE(4) : body.readUInt16LE(offset),
      ) as [number, number, number, number];
      const pcm = coding === 1 || coding === 0xfffe;
      format = `${rate} Hz, ${bits} bit, ${channels} channel${channels === 1 ? '' : 's'}${pcm ? '' : ', compressed'}`;
    }
    if (id === 'data') {
      if (format !== '16000 Hz, 16 bit, 1 channel')
        throw new Error(
          `${name} is ${format || 'of unknown format'}; a caller's sound is 16000 Hz, 16 bit, 1 channel. Convert it: ffmpeg -i ${name} -ar 16000 -ac 1 -sample_fmt s16 out.wav`,
        );
      return body.subarray(0, body.length & ~1);
    }
    at += 8 + length + (length & 1);
  }
  throw new Error(`${name} is a RIFF file without sound in it.`);
}

/** Words from FILE.txt, else from a `| file | words |` row in README.md of the same folder. */
async function wordsBeside(file: string): Promise<string | undefined> {
  const text = await textIfThere(file.replace(/\.\w+$/, '.txt'));
  if (text !== undefined) return text.trim();
  const readme = await textIfThere(path.join(path.dirname(file), 'README.md'));
  return readme === undefined ? undefined : wordsInTable(readme, path.basename(file));
}

export function wordsInTable(markdown: string, name: string): string | undefined {
  for (const line of markdown.split('\n')) {
    const [, first, words] = /^\s*\|([^|]*)\|([^|]*)\|/.exec(line) ?? [];
    if (first?.trim().replaceAll('`', '') === name) return words?.trim();
  }
  return undefined;
}
