import {
  closeSync,
  fdatasyncSync,
  fsyncSync,
  ftruncateSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Change } from './change.ts';

/**
 * An append-only file of JSON lines. A line is handed to the operating system before `append` returns, so killing the
 * process loses nothing acknowledged; surviving a power cut takes `fsync`. Synchronous on purpose: it keeps the order
 * of file and memory the same without a queue, and costs some ten microseconds.
 */
export class Journal {
  readonly #path: string;
  readonly #fsync: boolean;
  #file: number;
  #bytes = 0;
  #isClosed = false;

  constructor(dir: string, fsync: boolean) {
    this.#path = join(dir, 'journal.jsonl');
    this.#fsync = fsync;
    this.#file = openSync(this.#path, 'a+');
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * Hands every whole line to `apply`. A torn last line, left by a crash in mid-write, is cut off and logged.
   * @throws Error naming the line when one in the middle cannot be read.
   */
  replay(apply: (changes: Change[], bytes: number) => void, log: (line: string) => void): void {
    const content = readFileSync(this.#path);
    let start = 0;
    for (let line = 1; start < content.length; line++) {
      const end = content.indexOf(10, start);
      const isLast = end < 0 || end === content.length - 1;
      const changes = end < 0 ? undefined : readLine(content.toString('utf8', start, end));
      if (changes) apply(changes, end + 1 - start);
      else if (isLast) {
        log(`cosmos: cut off a torn line of ${content.length - start} bytes at the end of ${this.#path}`);
        ftruncateSync(this.#file, start);
        break;
      } else {
        throw new Error(`${this.#path} line ${line} cannot be read. Restore the file, or delete it to start empty.`);
      }
      start = end + 1;
    }
    this.#bytes = start;
  }

  /** Writes one line. When the disk refuses, the file is left as it was and the error thrown. */
  append(changes: Change[]): void {
    // The system gives the number of a closed file to the next one opened.
    if (this.#isClosed) throw new Error('The journal is closed.');
    const line = Buffer.from(`${JSON.stringify(changes)}\n`);
    try {
      writeAll(this.#file, line);
      if (this.#fsync) fdatasyncSync(this.#file);
    } catch (error) {
      ftruncateSync(this.#file, this.#bytes);
      throw error;
    }
    this.#bytes += line.length;
  }

  /** Replaces the whole file by `lines`, so that a crash leaves either the old or the new one. */
  rewrite(lines: Iterable<Change[]>): void {
    const temporary = `${this.#path}.new`;
    const file = openSync(temporary, 'w');
    let bytes = 0;
    for (const changes of lines) {
      const line = Buffer.from(`${JSON.stringify(changes)}\n`);
      writeAll(file, line);
      bytes += line.length;
    }
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, this.#path);
    closeSync(this.#file);
    this.#file = openSync(this.#path, 'a+');
    this.#bytes = bytes;
  }

  close(): void {
    this.#isClosed = true;
    closeSync(this.#file);
  }
}

function writeAll(file: number, data: Buffer): void {
  for (let written = 0; written < data.length; ) written += writeSync(file, data, written);
}

function readLine(text: string): Change[] | undefined {
  try {
    const changes: unknown = JSON.parse(text);
    return Array.isArray(changes) ? (changes as Change[]) : undefined;
  } catch {
    return undefined;
  }
}
