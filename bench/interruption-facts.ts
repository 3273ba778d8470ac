import type { CallEvent } from '../contracts/call-event.ts';
import type { Act, InterruptingCall } from './interrupting-call.ts';
import { plainWords } from './narration.ts';
import { decisionsToStops, silencingsOf } from './silencings.ts';
import { atTheEar } from './two-channels.ts';
import { findLowering, type SoundFrame } from './voice-level.ts';

/** What one interruption did to the agent's voice: by the carrier, by the ear, and by the media host's own account. */
export interface Interruption {
  text: string;
  onsetUs: number;
  /** From the caller's onset to StopAudio at the carrier; undefined when the agent was not stopped. */
  onsetToStopMs?: number;
  /** From the caller's onset to the first lowered frame on the wire, or to StopAudio where that came first. */
  loweredOnWireMs?: number;
  loweredAtEarMs?: number;
  /** When it decided, µs of the monotonic clock. */
  decidedUs?: number;
  decisionToStopMs?: number;
  framesAfterStop?: number;
  leftoverMs?: number;
  /** By how many words the media host's account of what was heard differs from what the ear decoded. */
  heardErrorWords?: number;
}

export function interruptionsOf(call: InterruptingCall, journal: readonly CallEvent[]): Interruption[] {
  const { caller, acts, channels } = call;
  const decisions = decisionsToStops(
    silencingsOf(journal),
    caller.stops.map(({ atUs }) => atUs),
  );
  const ear = channels && atTheEar(channels);
  return acts.map((act, i): Interruption => {
    const onsetUs = act.utterance.startedUs;
    const nextUs = acts[i + 1]?.utterance.startedUs ?? Number.POSITIVE_INFINITY;
    const stop = caller.stops.find(({ atUs }) => atUs >= onsetUs && atUs < nextUs);
    const decision = stop && decisions.find(({ decidedUs, tookMs }) => decidedUs + tookMs * 1000 === stop.atUs);
    const lowered = loweredUs(journal, onsetUs, nextUs) ?? stop?.atUs;
    const earLoweredUs = ear && loweredAtEarUs(ear, onsetUs, nextUs, stop?.atUs);
    const heardErrorWords = stop && decision && heardError(call, act, stop.atUs, decision.decidedUs, journal);
    const since = (us: number) => (us - onsetUs) / 1000;
    return {
      text: act.utterance.text,
      onsetUs,
      ...(stop && { onsetToStopMs: since(stop.atUs), leftoverMs: stop.discardedMs }),
      ...(stop?.framesAfterStop !== undefined && { framesAfterStop: stop.framesAfterStop }),
      ...(decision && { decidedUs: decision.decidedUs, decisionToStopMs: decision.tookMs }),
      ...(lowered !== undefined && { loweredOnWireMs: since(lowered) }),
      ...(earLoweredUs !== undefined && { loweredAtEarMs: since(earLoweredUs) }),
      ...(heardErrorWords !== undefined && { heardErrorWords }),
    };
  });
}

function loweredUs(journal: readonly CallEvent[], fromUs: number, toUs: number): number | undefined {
  for (const event of journal) {
    if (event.type !== 'floor-disputed' || event.atUs < fromUs || event.atUs >= toUs) continue;
    const first = Math.min(event.loweredAtUs ?? event.atUs, event.heldAtUs ?? event.atUs);
    return Math.max(first, fromUs);
  }
  return undefined;
}

function loweredAtEarUs(
  ear: readonly SoundFrame[],
  fromUs: number,
  toUs: number,
  stopUs: number | undefined,
): number | undefined {
  const lowering = findLowering(ear, fromUs, Math.min(toUs, stopUs ?? toUs));
  return lowering?.loweredUs ?? stopUs;
}

/** The words before the cut must be those of the ear, no more and no fewer. */
function heardError(
  { caller }: InterruptingCall,
  { replyFromUs }: Act,
  stopUs: number,
  decidedUs: number,
  journal: readonly CallEvent[],
): number | undefined {
  const cut = journal.findIndex(event => event.type === 'barge-in' && event.decidedAtUs === decidedUs);
  const spoke = journal.slice(cut + 1).find(event => event.type === 'agent-spoke' || event.type === 'barge-in');
  if (cut < 0 || spoke?.type !== 'agent-spoke' || !spoke.interrupted) return undefined;
  const told = plainWords(spoke.heard);
  const decoded = caller.heard
    .filter(({ startUs, endUs }) => startUs >= replyFromUs && endUs <= stopUs + frameUs)
    .flatMap(({ text }) => plainWords(text));
  let same = 0;
  while (same < told.length && told[same] === decoded[same]) same++;
  return Math.max(told.length, decoded.length) - same;
}

const frameUs = 20_000;
