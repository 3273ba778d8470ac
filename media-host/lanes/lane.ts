/**
 * A lane is a module with messages in and out. In production it runs in a thread of its own; in tests it runs inline on
 * a virtual clock. Nothing but messages crosses, so the two cannot differ.
 */
export interface Lane<In> {
  /** `transfer` names buffers that the sender gives away. */
  post(message: In, transfer?: ArrayBuffer[]): void;
  close(): Promise<void>;
}

export interface LaneModule<In> {
  receive(message: In): void;
  close(): Promise<void>;
}

export type Post<Out> = (message: Out, transfer?: ArrayBuffer[]) => void;

/** Runs the module in the caller's own thread; messages are delivered in order, never inside `post`. */
export function inlineLane<In, Out>(
  create: (post: Post<Out>) => LaneModule<In>,
  listen: (message: Out) => void,
): Lane<In> {
  let closed = false;
  const later = (run: () => void) =>
    queueMicrotask(() => {
      if (!closed) run();
    });
  const module = create(message => later(() => listen(message)));
  return {
    post: message => later(() => module.receive(message)),
    close: async () => {
      closed = true;
      await module.close();
    },
  };
}

/**
 * The call's epoch, readable by every thread without a message: barge-in adds one, and whatever was made for an older
 * epoch is dropped where it is met.
 */
export interface Epochs {
  readonly cells: Int32Array;
}

export const createEpochs = (cells: number): Epochs => ({ cells: new Int32Array(new SharedArrayBuffer(cells * 4)) });
export const epochOf = ({ cells }: Epochs, cell: number): number => Atomics.load(cells, cell);
export const setEpoch = ({ cells }: Epochs, cell: number, epoch: number): void =>
  void Atomics.store(cells, cell, epoch);
