/** Where messages end that go nowhere: in memory, and as .eml files in a folder where there is one. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { emlOf } from './eml.ts';
import type { Message } from './message.ts';

const keptMessages = 1_000;

export interface SentMessage extends Message {
  id: string;
  /** Epoch milliseconds. */
  at: number;
  /** Of the .eml. */
  file?: string;
}

export interface Outbox {
  put(message: Message, id: string, at: number): Promise<void>;
  /** Oldest first. */
  all(): readonly SentMessage[];
  clear(): void;
}

/** @param dir absent: memory alone */
export function createOutbox(dir: string | undefined): Outbox {
  const messages: SentMessage[] = [];
  return {
    async put(message, id, at) {
      const name = `${new Date(at).toISOString().replace(/[:.]/g, '-')}-${id}.eml`;
      const file = dir === undefined ? undefined : path.join(dir, name);
      messages.push({ ...message, id, at, ...(file !== undefined && { file }) });
      if (messages.length > keptMessages) messages.shift();
      if (dir === undefined || file === undefined) return;
      await mkdir(dir, { recursive: true, mode: 0o700 });
      await writeFile(file, emlOf(message, id, at), { mode: 0o600 });
    },
    all: () => messages,
    clear: () => void messages.splice(0),
  };
}
