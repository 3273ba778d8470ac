import fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import { createEpochs, type Lane } from './lane.ts';
import { type SoundMessage, soundMemory, soundReader, soundWriter } from './sound-ring.ts';
import type { Heard, Told } from './testing/listening-worker.ts';
import { workerLane } from './worker-lane.ts';

const step = fc.oneof(
  fc.record({ do: fc.constant('sound' as const), bytes: fc.integer({ min: 1, max: 1500 }) }),
  fc.constantFrom({ do: 'message' as const }, { do: 'deliver' as const }, { do: 'read' as const }),
);

test('whatever is sent and whenever it is read, all comes in the order in which it was sent, even where there is no room', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 120 }), fc.integer({ min: 1, max: 7 }), (steps, pieces) => {
      const memory = soundMemory(pieces);
      const writer = soundWriter(memory);
      const reader = soundReader(memory);
      const posted: { sound?: SoundMessage; after: number }[] = [];
      const sent: string[] = [];
      const came: string[] = [];
      let posts = 0;
      let received = 0;

      const hear = ({ call, pcm }: SoundMessage) => {
        for (const byte of pcm) came.push(`${call}:${byte}`);
      };
      const post = (sound?: SoundMessage) => {
        posted.push({ after: writer.written, ...(sound && { sound }) });
        posts++;
      };
      const deliver = () => {
        const next = posted.shift();
        if (!next) return;
        reader.upTo(next.after, hear);
        received++;
        if (next.sound) hear(next.sound);
        else came.push('message');
        reader.rest(received, hear);
      };
      for (const [n, { do: what, ...rest }] of steps.entries()) {
        if (what === 'sound') {
          const bytes = 'bytes' in rest ? rest.bytes : 0;
          const sound: SoundMessage = { type: 'sound', call: n, pcm: new Uint8Array(bytes).fill(n) };
          for (let i = 0; i < bytes; i++) sent.push(`${n}:${n}`);
          if (!writer.write(sound, posts)) post(sound);
        } else if (what === 'message') {
          sent.push('message');
          post();
        } else if (what === 'deliver') deliver();
        else reader.rest(received, hear);
      }
      while (posted.length > 0) deliver();
      reader.rest(received, hear);
      expect(came.join()).toBe(sent.join());
    }),
    { numRuns: 60 },
  );
});

test('a reader that sleeps is woken once for all that was written, and again for what comes after it has read', () => {
  const memory = soundMemory(8);
  const writer = soundWriter(memory);
  const reader = soundReader(memory);
  const sound: SoundMessage = { type: 'sound', call: 1, pcm: new Uint8Array(640) };
  expect(writer.wakes()).toBe(false);
  writer.write(sound, 0);
  expect([writer.wakes(), writer.wakes()]).toEqual([true, false]);
  writer.write(sound, 0);
  expect(writer.wakes()).toBe(false);
  // What is written while it reads is not forgotten: it reads again.
  let late = false;
  const more = reader.rest(0, () => {
    if (!late) writer.write(sound, 0);
    late = true;
  });
  expect([more, reader.rest(0, () => undefined)]).toEqual([true, false]);
  writer.write(sound, 0);
  expect(writer.wakes()).toBe(true);
});

let lane: Lane<Told> | undefined;
afterEach(async () => {
  await lane?.close();
  lane = undefined;
});

test('sound and messages reach another thread in order, more of it than there is room for', async () => {
  const count = 2000;
  const heard = await new Promise<Heard>((resolve, reject) => {
    const there = workerLane<Told, Heard>('testing/listening-worker', createEpochs(1), resolve, reject);
    lane = there;
    for (let n = 0; n < count; n++) {
      there.post({ type: 'sound', call: n, pcm: new Uint8Array(640).fill(n) });
      if (n % 100 === 99) there.post({ type: 'mark', n });
    }
    there.post({ type: 'end' });
  });
  expect(heard).toEqual({ sounds: count, marks: count / 100, faults: 0 });
});
