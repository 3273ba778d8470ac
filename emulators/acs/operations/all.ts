import type { Operation } from '../rest/operation.ts';
import { ringOperations } from './answer.ts';
import { callOperations } from './call-connections.ts';
import { participantOperations } from './participants.ts';
import { playOperations } from './play.ts';
import { recognizeOperations } from './recognize.ts';
import { recordingOperations } from './recordings.ts';
import { streamOperations } from './streams.ts';
import { toneAndHoldOperations } from './tones-and-hold.ts';
import { transferOperations } from './transfer.ts';

/** Every operation the stand-in serves. */
export const operations: Operation[] = [
  ...ringOperations,
  ...callOperations,
  ...transferOperations,
  ...participantOperations,
  ...playOperations,
  ...recognizeOperations,
  ...toneAndHoldOperations,
  ...streamOperations,
  ...recordingOperations,
];
