import { afterEach, expect, test } from 'vitest';
import { machineClock } from '../clock.ts';
import { createEpochs, type Lane, setEpoch } from './lane.ts';
import type { Echo } from './testing/echo-worker.ts';
import { workerLane } from './worker-lane.ts';

const epochs = createEpochs(1);
let lane: Lane<Echo> | undefined;
afterEach(async () => {
  await lane?.close();
  lane = undefined;
});

/** Sends through a lane in another thread; resolves when everything has come back. */
function through(messages: readonly Echo[]): Promise<{ back: (Echo & { epoch: number })[] }> {
  return new Promise((resolve, reject) => {
    const back: (Echo & { epoch: number })[] = [];
    lane = workerLane<Echo, Echo & { epoch: number }>(
      'testing/echo-worker',
      epochs,
      message => {
        back.push(message);
        if (back.length === messages.length) resolve({ back });
      },
      reject,
    );
    for (const message of messages)
      lane.post({ ...message, sentUs: machineClock.monotonicUs() }, message.pcm ? [message.pcm] : []);
  });
}

test('ten thousand messages cross both ways: none lost, all in order', async () => {
  const { back } = await through(Array.from({ length: 10_000 }, (_, n) => ({ n, sentUs: 0 })));
  expect(back.map(message => message.n)).toEqual(Array.from({ length: 10_000 }, (_, n) => n));
});

test('a lane that has nothing to do answers every message before the next is sent', async () => {
  let answered = Promise.withResolvers<Echo>();
  const back = (message: Echo) => answered.resolve(message);
  const idle = workerLane<Echo, Echo>('testing/echo-worker', epochs, back, error => answered.reject(error));
  lane = idle;
  const roundTrip = (n: number): Promise<Echo> => {
    answered = Promise.withResolvers();
    idle.post({ n, sentUs: machineClock.monotonicUs() });
    return answered.promise;
  };
  // The first waits for the thread to start.
  await roundTrip(-1);
  const tookUs: number[] = [];
  for (let n = 0; n < 1000; n++) {
    const answer = await roundTrip(n);
    tookUs.push(machineClock.monotonicUs() - answer.sentUs);
    expect(answer.n).toBe(n);
  }
  tookUs.sort((a, b) => a - b);
  const ms = (share: number) => ((tookUs[Math.ceil(tookUs.length * share) - 1] ?? 0) / 1000).toFixed(2);
  console.log(`to an idle lane and back, 1000 times: p50 ${ms(0.5)} p99 ${ms(0.99)} max ${ms(1)} ms`);
});

test('sound is handed over, not copied, and the epoch is seen without a message', async () => {
  setEpoch(epochs, 0, 42);
  const pcm = new ArrayBuffer(640);
  const { back } = await through([{ n: 1, sentUs: 0, pcm }]);
  expect(pcm.byteLength).toBe(0);
  expect(back[0]).toMatchObject({ epoch: 42, pcm: expect.any(ArrayBuffer) });
});

test('a thread that dies is told', async () => {
  const died = new Promise<Error>(resolve => {
    lane = workerLane<Echo, Echo>('testing/none', epochs, () => undefined, resolve);
  });
  expect(await died).toBeInstanceOf(Error);
});
