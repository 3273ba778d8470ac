import type { LaneModule } from '../lane.ts';
import type { SoundMessage } from '../sound-ring.ts';
import { serveLane } from '../worker-lane.ts';

/** A lane that counts what it hears and what came out of its order, for tests of the crossing. */
export type Told = SoundMessage | { type: 'mark'; n: number } | { type: 'end' };

export interface Heard {
  sounds: number;
  marks: number;
  faults: number;
}

serveLane<Told, Heard>((post): LaneModule<Told> => {
  const heard: Heard = { sounds: 0, marks: 0, faults: 0 };
  return {
    receive: message => {
      switch (message.type) {
        case 'sound':
          if (message.call !== heard.sounds || message.pcm.some(byte => byte !== message.call % 256)) heard.faults++;
          heard.sounds++;
          return;
        case 'mark':
          if (message.n !== heard.sounds - 1) heard.faults++;
          heard.marks++;
          return;
        case 'end':
          post(heard);
      }
    },
    close: async () => undefined,
  };
});
