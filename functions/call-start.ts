import type { CallOpening } from '../contracts/call-record.ts';
import type { StreamingMode } from '../contracts/media.ts';

/** What the orchestration of a call begins with. It holds the right to answer, so it is never shown by the status API. */
export interface CallStart {
  opening: CallOpening;
  mode: StreamingMode;
  incomingCallContext: string;
  /** Where ACS brings the sound, as the media host gave it at admission. */
  mediaUrl: string;
  maxCallMs: number;
}
