import type { LaneModule } from '../lane.ts';
import { serveLane } from '../worker-lane.ts';

/** A lane that says back what it hears, for tests of the crossing itself. */
export interface Echo {
  n: number;
  sentUs: number;
  pcm?: ArrayBuffer;
}

serveLane<Echo, Echo & { epoch: number }>(
  (post, { cells }): LaneModule<Echo> => ({
    receive: message => post({ ...message, epoch: Atomics.load(cells, 0) }, message.pcm ? [message.pcm] : []),
    close: async () => undefined,
  }),
);
