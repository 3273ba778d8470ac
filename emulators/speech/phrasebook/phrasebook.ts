/** Recorded speech that the stand-in understands: it is known by its sound, so any words can be given to any recording. */
import type { SoundEar } from '../stt/hearing.ts';
import { createPhrasebookEar } from './ear.ts';
import { fingerprinted, type PhrasebookEntry, type Recording } from './recording.ts';

export type { PhrasebookEntry } from './recording.ts';

export interface Phrasebook {
  readonly size: number;
  /** Adds a recording, or replaces the one of that name. */
  add(entry: PhrasebookEntry): void;
  names(): string[];
  /** An ear for one stream, knowing the recordings of this moment. */
  ear(sampleRate: number): SoundEar;
}

const MOST_RECORDINGS = 200;

export function createPhrasebook(): Phrasebook {
  const recordings = new Map<string, Recording>();
  return {
    get size() {
      return recordings.size;
    },
    add(entry) {
      if (recordings.size >= MOST_RECORDINGS && !recordings.has(entry.name)) {
        throw new Error(`The phrasebook holds ${MOST_RECORDINGS} recordings. Replace one of them.`);
      }
      recordings.set(entry.name, fingerprinted(entry));
    },
    names: () => [...recordings.keys()],
    ear: sampleRate => createPhrasebookEar([...recordings.values()], sampleRate),
  };
}
