/**
 * Sound on its way to another thread, in memory that both see: copying a frame costs a fraction of handing over a buffer of
 * its own. One thread writes, one reads. Order with the messages that cross beside it is kept by counting: each piece says
 * how many messages were posted before it, and each message how many pieces were written.
 */
export interface SoundMessage {
  type: 'sound';
  call: number;
  /** Lent to whoever receives it: what is to be kept is copied. */
  pcm: Uint8Array;
}

export interface SoundWriter {
  /** Pieces written so far; counts around. */
  readonly written: number;
  /** @returns false where there is no room, and then nothing of it is written. */
  write(sound: SoundMessage, posted: number): boolean;
  /** True where the reader may sleep and must be told, once. */
  wakes(): boolean;
}

export interface SoundReader {
  /** Hands on all pieces that stand before a message, whose `after` this is. */
  upTo(after: number, hear: (sound: SoundMessage) => void): void;
  /**
   * Hands on what was written until now and follows no message that is still to come.
   * @returns true where more has come meanwhile: read again soon.
   */
  rest(received: number, hear: (sound: SoundMessage) => void): boolean;
}

/** 20 ms at 16 kHz; larger sound takes several pieces. */
const pieceBytes = 640;
const wordsBefore = 4;
const slotWords = pieceBytes / 4 + wordsBefore;
/** Cells: pieces written, pieces read, whether the reader was told. */
const cells = { written: 0, read: 1, told: 2 } as const;
const headBytes = 64;

/** Room for so many pieces; a memory that is not yet used costs nothing. */
export const soundMemory = (pieces: number): SharedArrayBuffer =>
  new SharedArrayBuffer(headBytes + pieces * slotWords * 4);

const slotsOf = (memory: SharedArrayBuffer) => Math.floor((memory.byteLength - headBytes) / (slotWords * 4));

export function soundWriter(memory: SharedArrayBuffer): SoundWriter {
  const head = new Int32Array(memory, 0, 3);
  const words = new Int32Array(memory, headBytes);
  const bytes = new Uint8Array(memory, headBytes);
  const slots = slotsOf(memory);
  let written = 0;
  let slot = 0;

  return {
    get written() {
      return written;
    },
    write: ({ call, pcm }, posted) => {
      const pieces = Math.ceil(pcm.length / pieceBytes);
      if (slots - ((written - Atomics.load(head, cells.read)) | 0) < pieces) return false;
      for (let from = 0; from < pcm.length; from += pieceBytes) {
        const piece = pcm.length <= pieceBytes ? pcm : pcm.subarray(from, from + pieceBytes);
        const at = slot * slotWords;
        words[at] = call;
        words[at + 1] = piece.length;
        words[at + 2] = posted;
        bytes.set(piece, (at + wordsBefore) * 4);
        slot = slot + 1 === slots ? 0 : slot + 1;
        written = (written + 1) | 0;
      }
      Atomics.store(head, cells.written, written);
      return true;
    },
    wakes: () => Atomics.load(head, cells.written) !== Atomics.load(head, cells.read) && tell(head),
  };
}

const tell = (head: Int32Array): boolean => Atomics.exchange(head, cells.told, 1) === 0;

export function soundReader(memory: SharedArrayBuffer): SoundReader {
  const head = new Int32Array(memory, 0, 3);
  const words = new Int32Array(memory, headBytes);
  const slots = slotsOf(memory);
  let read = 0;
  let slot = 0;

  const next = (hear: (sound: SoundMessage) => void) => {
    const at = slot * slotWords;
    const pcm = new Uint8Array(memory, headBytes + (at + wordsBefore) * 4, words[at + 1]!);
    hear({ type: 'sound', call: words[at]!, pcm });
    slot = slot + 1 === slots ? 0 : slot + 1;
    read = (read + 1) | 0;
    Atomics.store(head, cells.read, read);
  };

  return {
    upTo: (after, hear) => {
      while (((after - read) | 0) > 0) next(hear);
    },
    rest: (received, hear) => {
      const until = Atomics.load(head, cells.written);
      while (read !== until) {
        // A message stands before this piece and is on its way: its coming wakes us.
        if (((words[slot * slotWords + 2]! - received) | 0) > 0) {
          Atomics.store(head, cells.told, 0);
          return false;
        }
        next(hear);
      }
      Atomics.store(head, cells.told, 0);
      return Atomics.load(head, cells.written) !== until && tell(head);
    },
  };
}
