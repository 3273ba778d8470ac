import { once } from 'node:events';
import { parentPort, Worker, workerData } from 'node:worker_threads';
import { batching } from './batch.ts';
import type { Epochs, Lane, LaneModule, Post } from './lane.ts';

/** What a lane's thread is given at its start. */
interface Start {
  cells: Int32Array;
}

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
  const start: Start = { cells: epochs.cells };
  const worker = new Worker(entry(name), { workerData: start, name });
  let closing = false;
  worker.on('message', (messages: Out[]) => {
    for (const message of messages) listen(message);
  });
  worker.on('error', error => failed(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', code => {
    if (!closing) failed(new Error(`The ${name} thread ended with code ${code}.`));
  });
  const post = batching<In>((messages, transfer) => worker.postMessage(messages, transfer));
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
  const { cells } = workerData as Start;
  const module = create(
    batching<Out>((messages, transfer) => port.postMessage(messages, transfer)),
    { cells },
  );
  port.on('message', (messages: In[] | 'close') => {
    if (messages === 'close') {
      void module.close().finally(() => port.close());
      return;
    }
    for (const message of messages) module.receive(message);
  });
}
