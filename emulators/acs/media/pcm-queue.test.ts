import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PcmQueue } from './pcm-queue.ts';

test('whatever the pieces, the frames carry every byte in order, padded with silence', () => {
  fc.assert(
    fc.property(
      fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 64 }),
      (pieces, size) => {
        const queue = new PcmQueue(16_000);
        for (const piece of pieces) queue.push(Buffer.from(piece));
        const whole = Buffer.concat(pieces);
        expect(queue.bytes).toBe(whole.length);
        const heard: Buffer[] = [];
        while (queue.bytes > 0) {
          const frame = Buffer.alloc(size, 0xff);
          const filled = queue.take(frame);
          heard.push(frame.subarray(0, filled));
          expect(frame.subarray(filled).every(byte => byte === 0)).toBe(true);
        }
        expect(Buffer.concat(heard)).toEqual(whole);
      },
    ),
  );
});

test('marks pass when the audio before them has been taken, each once, in order', () => {
  const queue = new PcmQueue(16_000);
  queue.mark('now');
  queue.push(Buffer.alloc(640));
  queue.mark('one');
  queue.push(Buffer.alloc(320));
  queue.mark('two');
  expect(queue.takeMarks()).toEqual(['now']);
  queue.take(Buffer.alloc(639));
  expect(queue.takeMarks()).toEqual([]);
  queue.take(Buffer.alloc(640));
  expect(queue.takeMarks()).toEqual(['one', 'two']);
  expect(queue.hasMarks).toBe(false);
});

test('clear forgets audio and marks and says how much, the peak stays', () => {
  const queue = new PcmQueue(24_000);
  queue.push(Buffer.alloc(48 * 30));
  queue.mark('gone');
  queue.take(Buffer.alloc(48 * 10));
  expect(queue.clear()).toBe(20);
  expect(queue.ms).toBe(0);
  expect(queue.peakMs).toBe(30);
  expect(queue.takeMarks()).toEqual([]);
});
