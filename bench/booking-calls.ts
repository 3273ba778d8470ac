import { openRecords } from '../commands/record-store.ts';
import { readWrittenCall } from '../commands/written-call.ts';
import { callIdOf } from '../contracts/call-id.ts';
import type { Ordeal } from './after-blow.ts';
import { asksWho, nameOf, type Saying } from './booking.ts';
import { type Blow, type BookingCall, bookingCall, type Said } from './booking-caller.ts';
import type { BookingSystem } from './booking-system.ts';

/** Callers who book at once, and what befalls them in the midst of it. */
export interface BookingCallsPlan {
  system: BookingSystem;
  calls: number;
  /** Of the first caller, E.164 without the plus. */
  firstNumber: number;
  /** Between two callers' dialling, ms. */
  rampMs: number;
  /** Called when every caller has been answered once. @returns when it happened, µs of the monotonic clock. */
  befalls: () => Promise<number>;
  enough: (said: readonly Said[], blowUs: number, correlationId: string) => boolean;
}

export interface Through {
  callId: string;
  correlationId: string;
  dropped: boolean;
  /** The record was final in time. */
  recorded: boolean;
  ordeal: Ordeal;
  /** With which the caller tried whether the agent still knew who was calling. */
  question: Saying;
}

/** A record is promised within 5 s of the end; a call that lost its host is given as long again. */
const recordWithinMs = 10_000;

export async function bookingCalls(plan: BookingCallsPlan): Promise<Through[]> {
  const { system, calls, firstNumber, rampMs, befalls, enough } = plan;
  const { acs, system: programs } = system.whole;
  const blow: Blow = { atUs: undefined };
  const settled = Array.from({ length: calls }, () => Promise.withResolvers<void>());
  const talking = settled.map(async ({ resolve, reject }, n): Promise<BookingCall> => {
    await new Promise(wait => setTimeout(wait, n * rampMs));
    try {
      return await bookingCall({
        ...{ line: acs.line, from: `+${firstNumber + n}`, n, blow, settled: resolve },
        enough: (said, correlationId) => blow.atUs !== undefined && enough(said, blow.atUs, correlationId),
      });
    } catch (error) {
      reject(error);
      throw error;
    }
  });
  const all = Promise.all(talking);
  // Whoever fails before the blow fails all of it; what fails later is told by `all`.
  await Promise.race([Promise.all(settled.map(({ promise }) => promise)), all]);
  blow.atUs = await befalls();
  const talked = await all;

  const store = openRecords({
    endpoint: programs.settings['COSMOS_ENDPOINT'] ?? '',
    key: programs.settings['COSMOS_KEY'],
    database: programs.settings['COSMOS_DATABASE'] ?? 'voice',
  });
  try {
    return await Promise.all(talked.map(through));
  } finally {
    store.close();
  }

  async function through({ caller, said, dropped, toUs }: BookingCall, n: number): Promise<Through> {
    const { correlationId } = caller;
    const callId = callIdOf(correlationId);
    const { record, events } = await readWrittenCall(store, callId, recordWithinMs);
    const { agentSounds: sounds, heard: words } = caller;
    const ordeal: Ordeal = { blowUs: blow.atUs ?? 0, toUs, said, sounds, words, events };
    return { callId, correlationId, dropped, recorded: record !== undefined, ordeal, question: asksWho(nameOf(n)) };
  }
}
