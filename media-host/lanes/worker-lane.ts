import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { batching, type Parcel } from './batch.ts';
import type { Epochs, Lane, LaneModule, Post } from './lane.ts';
import { type SoundMessage, soundMemory, soundReader, soundWriter } from './sound-ring.ts';

/** What a lane's thread is given at its start. */
interface Start {
  cells: Int32Array;
  sounds: SharedArrayBuffer;
}

/**
 * V8 lets the space for new objects grow to 128 MB a thread, and then collects the old ones ever so often to make room for
 * it. What a lane makes new lives for milliseconds.
 */
const resourceLimits = { maxYoungGenerationSizeMb: 12 };

/** A lane that is busy for so long is sent sound by message. */
const soundMs = 1000;
const frameMs = 20;

/** Where the lane's entry lies: beside this file in the source, beside the program in the bundle. */
function entry(name: string): URL {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'mjs';
  return new URL(`./${name}.${ending}`, import.meta.url);
}

/**
 * Starts the lane in a thread of its own.
 * @param failed is told when the thread dies: the process cannot go on without it.
 */
export function workerLane<In, Out>(
  name: string,
  epochs: Epochs,
  listen: (message: Out) => void,
  failed: (error: Error) => void,
): Lane<In> {
  const sounds = soundMemory(Math.max(1, epochs.cells.length) * (soundMs / frameMs));
  const start: Start = { cells: epochs.cells, sounds };
  const worker = new Worker(entry(name), { workerData: start, name, resourceLimits });
  let closing = false;
  worker.on('message', ({ messages }: Parcel<Out>) => {
    for (const message of messages) listen(message);
  });
  worker.on('error', error => failed(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', code => {
    if (!closing) failed(new Error(`The ${name} thread ended with code ${code}.`));
  });
  const post = batching<In>((parcel, transfer) => worker.postMessage(parcel, transfer), soundWriter(sounds));
  return {
    post,
    close: async () => {
      closing = true;
      const ended = once(worker, 'exit');
      worker.postMessage('close');
      const timer = setTimeout(() => void worker.terminate(), 2000);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** Called once by a lane's entry file: connects the module with the thread that started it. */
export function serveLane<In, Out>(create: (post: Post<Out>, epochs: Epochs) => LaneModule<In>): void {
  const port = parentPort;
  if (!port) throw new Error('This file is the entry of a worker thread; start media-host/main.ts instead.');
  const { cells, sounds } = workerData as Start;
  const module = create(
    batching<Out>((parcel, transfer) => port.postMessage(parcel, transfer)),
    { cells },
  );
  const ring = soundReader(sounds);
  const hear = (sound: SoundMessage) => module.receive(sound as In);
  let received = 0;
  const listen = () => {
    if (ring.rest(received, hear)) setImmediate(listen);
  };
  port.on('message', (parcel: Parcel<In> | 'close' | undefined) => {
    if (parcel === 'close') {
      void module.close().finally(() => port.close());
      return;
    }
    for (const [i, message] of parcel?.messages.entries() ?? []) {
      ring.upTo(parcel?.after[i] ?? 0, hear);
      received = (received + 1) | 0;
      module.receive(message);
    }
    listen();
  });
}
