import { expect, test } from 'vitest';
import { type AudioSourceOptions, createAudioSource } from './audio-source.ts';

interface Node {
  read(): Promise<{ buffer: ArrayBuffer | null; isEnd: boolean }>;
}

/** Reads as the Speech SDK does: through the internal shape that this version of it has. */
async function attach(options?: AudioSourceOptions) {
  const source = createAudioSource(options);
  const inner = (source.config as unknown as { privSource: { attach(id: string): Promise<Node> } }).privSource;
  return { source, node: await inner.attach('node') };
}

const frame = (value: number) => new Uint8Array(640).fill(value).buffer;

test('a frame goes out alone the moment it comes', async () => {
  const { source, node } = await attach();
  const reading = node.read();
  source.write(frame(1));
  expect((await reading).buffer?.byteLength).toBe(640);
  source.write(frame(2));
  expect(new Uint8Array((await node.read()).buffer ?? [])[0]).toBe(2);
});

test('a reader that is behind gets at most 100 ms at once, in order', async () => {
  const { source, node } = await attach();
  for (let i = 0; i < 8; i++) source.write(frame(i));
  const first = new Uint8Array((await node.read()).buffer ?? []);
  const second = new Uint8Array((await node.read()).buffer ?? []);
  expect([first.length, second.length]).toEqual([3200, 1920]);
  expect([first[0], first[3199], second[0], second[1919]]).toEqual([0, 4, 5, 7]);
});

test('sound nobody reads is bounded: the oldest goes, counted', async () => {
  let droppedMs = 0;
  const dropped = (ms: number) => {
    droppedMs += ms;
  };
  const { source, node } = await attach({ boundMs: 100, dropped });
  for (let i = 0; i < 10; i++) source.write(frame(i));
  expect(droppedMs).toBe(100);
  expect(new Uint8Array((await node.read()).buffer ?? [])[0]).toBe(5);
});

test('a closed source ends', async () => {
  const { source, node } = await attach();
  const reading = node.read();
  source.close();
  expect(await reading).toMatchObject({ isEnd: true, buffer: null });
});

test('sound may be repeated for a new connection, but not without end in one turn of the event loop', async () => {
  const { source, node } = await attach();
  source.write(frame(1));
  const { buffer } = await node.read();
  const repeat = (times: number) => Array.from({ length: times }, () => buffer?.slice(0).byteLength);
  for (let turn = 0; turn < 3; turn++) {
    expect(repeat(8)).toEqual(Array.from({ length: 8 }, () => 640));
    await new Promise(resolve => setImmediate(resolve));
  }
  expect(() => repeat(9)).toThrow('connection');
});
