/** Picks from many calls the interruption that went as most do, and gathers what its picture shows. */
import type { DuplexCall } from './duplex-call.ts';
import type { Findings } from './duplex-findings.ts';
import type { Moments } from './moments.ts';
import type { Mark, TurnPicture } from './turn-chart.ts';

export interface InterruptedTurn {
  onsetToStopMs: number;
  picture: TurnPicture;
}

const beforeMs = 700;
const afterMs = 900;
const stepMs = 10;
const stepSamples = 160;

/** Interruptions of a call on a clean line that were stopped and answered. */
export function interruptedTurns(call: DuplexCall, findings: Findings, moments: Moments): InterruptedTurn[] {
  if (call.plan.line !== 'clean') return [];
  const { channels } = call;
  return findings.overlaps.flatMap((overlap): InterruptedTurn[] => {
    const { act, onsetUs, onsetToStopMs, loweredAtEarMs } = overlap;
    const of = (what: 'yield' | 'reply') =>
      findings.fine.find(one => one.act === act && one.what === what && one.right);
    const silentMs = of('yield')?.tookMs;
    const replyMs = of('reply')?.tookMs;
    if (act.kind !== 'interruption' || onsetToStopMs === undefined || silentMs === undefined || replyMs === undefined)
      return [];
    const endMs = act.endMs - act.startMs;
    const answeredMs = endMs + replyMs;
    const since = (us: number | undefined) => (us === undefined ? undefined : channels.msAt(us) - act.startMs);
    const decisionUs = moments.decisionsUs.findLast(us => us <= onsetUs + onsetToStopMs * 1000);
    const takenUs = moments.turnsTakenUs.find(us => us >= onsetUs + endMs * 1000 && us <= onsetUs + answeredMs * 1000);
    const marks: [string, Mark['by'], number | undefined][] = [
      ['caller begins', 'caller', 0],
      ['voice lowered', 'agent', loweredAtEarMs === onsetToStopMs ? undefined : loweredAtEarMs],
      ['decision to stop', 'agent', since(decisionUs)],
      ['StopAudio at the carrier', 'agent', onsetToStopMs],
      ['agent silent', 'agent', silentMs],
      ['caller ends', 'caller', endMs],
      ['end of turn', 'agent', since(takenUs)],
      ['first sample of the answer', 'agent', answeredMs],
    ];
    const firstSample = Math.max(0, Math.round((act.startMs - beforeMs) * 16));
    const lastSample = Math.round((act.startMs + answeredMs + afterMs) * 16);
    return [
      {
        onsetToStopMs,
        picture: {
          title: `A caller interrupts: “${act.text}”`,
          fromMs: firstSample / 16 - act.startMs,
          stepMs,
          caller: peaks(channels.caller.subarray(firstSample, lastSample)),
          agent: peaks(channels.agent.subarray(firstSample, lastSample)),
          marks: marks.flatMap(([label, by, atMs]) => (atMs === undefined ? [] : [{ label, by, atMs }])),
        },
      },
    ];
  });
}

/** Of those of which most is known, the one in the middle by the time it took to stop. */
export function typical(turns: readonly InterruptedTurn[]): InterruptedTurn | undefined {
  const known = Math.max(0, ...turns.map(({ picture }) => picture.marks.length));
  const best = turns.filter(({ picture }) => picture.marks.length === known);
  return best.sort((a, b) => a.onsetToStopMs - b.onsetToStopMs)[Math.floor(best.length / 2)];
}

function peaks(pcm: Int16Array): number[] {
  return Array.from({ length: Math.floor(pcm.length / stepSamples) }, (_, step) => {
    let peak = 0;
    for (let i = step * stepSamples; i < (step + 1) * stepSamples; i++) peak = Math.max(peak, Math.abs(pcm[i]!));
    return peak;
  });
}
