import { callIdOf } from '../../contracts/call-id.ts';
import { type AcsEvent, acsEventOf } from '../acs/acs-event.ts';
import type { CallMessage } from '../call-message.ts';
import { type Counters, countRefused } from '../counters.ts';
import type { Log } from '../log.ts';
import type { EventDesk } from './event-desk.ts';
import { handleEvent } from './handle-event.ts';

/**
 * From lines of JSON to what follows from them: each line is read on its own, finds its call, and meets the handlers of
 * its kind. One bad line, or one handler that fails, spoils nothing else. Whoever delivered waits for the house's own
 * handlers, and only a moment for the others.
 */
/** One request with events. */
export interface Delivery {
  /** The call whose address they came to; absent where the address belongs to no call. */
  callId?: string;
  /** `address`: whatever comes to it is this call's, since nobody knew its correlationId when it was made. */
  provenBy: 'correlation' | 'address';
  tell(callId: string, message: CallMessage): Promise<'told' | 'gone'>;
  /** Epoch milliseconds. */
  now: number;
  log: Log;
}

/**
 * `failed`: a custom handler failed, which sending again would not mend. `retry`: send it again; only what has not
 * succeeded is done then. `refused`: no event, or another call's.
 */
export type Outcome = 'processed' | 'ignored' | 'failed' | 'refused' | 'retry';

export interface Processed {
  processed: number;
  ignored: number;
  /** Those refused and those to be sent again are among them. */
  failed: number;
  /** In the order of the lines. */
  results: { name: string; outcome: Outcome }[];
}

/** A line that is read: what came of it, or the call it waits to be handled for. */
interface Line {
  name: string;
  outcome: Outcome;
  found?: { callId: string; event: AcsEvent };
}

export async function processEvents(
  lines: readonly unknown[],
  desk: EventDesk,
  delivery: Delivery,
): Promise<Processed> {
  const read = lines.map(line => readLine(line, desk.counters, delivery));
  const customs: Promise<void>[] = [];
  await Promise.all(
    [...Map.groupBy(read, line => line.found?.callId).values()].map(async ofCall => {
      for (const line of inOrder(ofCall)) {
        const { callId, event } = line.found;
        const handling = await handleEvent(event, callId, desk, delivery);
        line.outcome = handling.outcome;
        const judge = (ended: 'processed' | 'failed') => {
          if (line.outcome === 'processed') line.outcome = ended;
        };
        if (handling.customs) customs.push(handling.customs.then(judge));
      }
    }),
  );
  if (customs.length > 0) await atMost(Promise.all(customs), desk.patienceMs);
  return counted(read, desk.counters);
}

function readLine(line: unknown, counters: Counters, { callId, provenBy, now, log }: Delivery): Line {
  const read = acsEventOf(line, now);
  const refused = (name: string, reason: string): Line => {
    countRefused(counters, reason);
    log.warn('callback.refused', { reason });
    return { name, outcome: 'refused' };
  };
  if (read.kind === 'malformed') return refused(read.name, 'malformed');
  if (read.kind === 'unknown') {
    log.warn('callback.unknown-type', { type: read.name, ...(callId !== undefined && { callId }) });
    return { name: read.name, outcome: 'ignored' };
  }
  const { event } = read;
  const about = provenBy === 'address' && callId !== undefined ? callId : callIdOf(event.correlationId);
  if (callId !== undefined && about !== callId) return refused(event.name, 'other-call');
  log.info('callback', { callId: about, type: event.name });
  return { name: event.name, outcome: 'ignored', found: { callId: about, event } };
}

type Found = Line & Required<Pick<Line, 'found'>>;

/** As they came, but keys in the order in which they were pressed, and the end last: nothing of a leg follows it. */
function inOrder(lines: readonly Line[]): Found[] {
  const found = lines.filter((line): line is Found => line.found !== undefined);
  const last = ({ name }: Line): number => (name === 'CallDisconnected' ? 1 : 0);
  const tones = found.filter(isTone).sort((a, b) => sequence(a) - sequence(b));
  return found.map(line => (isTone(line) ? tones.shift()! : line)).sort((a, b) => last(a) - last(b));
}

const isTone = ({ name }: Line): boolean => name === 'ContinuousDtmfRecognitionToneReceived';

const sequence = ({ found: { event } }: Found): number =>
  event.name === 'ContinuousDtmfRecognitionToneReceived' ? event.sequenceId : 0;

function counted(lines: readonly Line[], { callbacks }: Counters): Processed {
  const results = lines.map(({ name, outcome }) => ({ name, outcome }));
  const count = (...outcomes: Outcome[]): number => results.filter(({ outcome }) => outcomes.includes(outcome)).length;
  const [processed, ignored, failed] = [count('processed'), count('ignored'), count('failed', 'refused', 'retry')];
  callbacks.processed += processed;
  callbacks.ignored += ignored;
  return { processed, ignored, failed, results };
}

async function atMost(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise(resolve => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, tooLong]);
  clearTimeout(timer);
}
