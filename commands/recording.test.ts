import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pcmOf, readRecording, wordsInTable } from './recording.ts';

const samples = Buffer.from(Int16Array.from({ length: 160 }, (_, i) => i * 100).buffer);
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'recording-'));
});
afterAll(() => rm(folder, { recursive: true }));

function wave({ rate = 16_000, channels = 1, bits = 16, extra = true } = {}): Buffer {
  const chunk = (id: string, body: Buffer) => {
    const head = Buffer.alloc(8);
    head.write(id, 'latin1');
    head.writeUInt32LE(body.length, 4);
    return Buffer.concat([head, body, Buffer.alloc(body.length & 1)]);
  };
  const format = Buffer.alloc(16);
  format.writeUInt16LE(1, 0);
  format.writeUInt16LE(channels, 2);
  format.writeUInt32LE(rate, 4);
  format.writeUInt16LE(bits, 14);
  const chunks = [chunk('fmt ', format), ...(extra ? [chunk('LIST', Buffer.from('odd'))] : []), chunk('data', samples)];
  return chunk('RIFF', Buffer.concat([Buffer.from('WAVE'), ...chunks]));
}

test('a wave file gives its samples, whatever stands before them', () => {
  expect(pcmOf(wave(), 'a.wav').equals(samples)).toBe(true);
  expect(pcmOf(wave({ extra: false }), 'a.wav').equals(samples)).toBe(true);
});

test('raw samples pass as they are', () => {
  expect(pcmOf(samples, 'a.pcm').equals(samples)).toBe(true);
});

test('a wrong format is told with the way to convert it', () => {
  expect(() => pcmOf(wave({ rate: 44_100, channels: 2 }), 'song.wav')).toThrow(
    /song\.wav is 44100 Hz, 16 bit, 2 channels;.*ffmpeg -i song\.wav/,
  );
  expect(() => pcmOf(Buffer.from('RIFF\0\0\0\0WAVE'), 'empty.wav')).toThrow(/without sound/);
  expect(() => pcmOf(Buffer.alloc(3), 'odd.pcm')).toThrow(/16-bit samples/);
});

test('words come from the option, else the text beside, else the table beside, else nowhere', async () => {
  const file = path.join(folder, 'hello.pcm');
  await writeFile(file, samples);
  expect((await readRecording(file)).words).toBeUndefined();
  await writeFile(
    path.join(folder, 'README.md'),
    '| file | words |\n|---|---|\n| `hello.pcm` | Hello from the table |\n',
  );
  expect((await readRecording(file)).words).toBe('Hello from the table');
  await writeFile(path.join(folder, 'hello.txt'), 'Hello from the text\n');
  expect((await readRecording(file)).words).toBe('Hello from the text');
  expect((await readRecording(file, 'Hello as given')).words).toBe('Hello as given');
});

test('a file the table does not name has no words', () => {
  expect(wordsInTable('| file | words |\n|---|---|\n| a.pcm | A |', 'b.pcm')).toBeUndefined();
});
