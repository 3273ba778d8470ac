/**
 * What one call of the duplex benchmark shows: the panel's events on both clocks, how fast the voice was lowered, stopped and
 * given back, and each thing that went wrong with the second at which to listen and the nearest cause.
 */
import type { StopRecord } from '../emulators/caller/caller.ts';
import type { DuplexCall } from './duplex-call.ts';
import { type Overlap, overlapOf } from './duplex-overlap.ts';
import { fineSteps, type Interaction, interactions, publicTicks, silences } from './duplex-panel.ts';
import type { CallPlan, LineKind } from './duplex-script.ts';
import type { Moments } from './moments.ts';
import { atTheEar, latestMs } from './two-channels.ts';
import type { SoundFrame } from './voice-level.ts';
import { frameLevels, type Stretch, stretchAt } from './voice-stretches.ts';

export interface Findings {
  seed: number;
  line: LineKind;
  fine: Interaction[];
  ticks: Interaction[];
  /** What happened to the agent's voice at each act that met it speaking. */
  overlaps: Overlap[];
  longestSilenceMs: number;
  deadAir: Stretch[];
  /** StopAudio while the caller made no sound at all: the agent heard itself, or the street. */
  stopsForNothing: StopRecord[];
  gaveUp: boolean;
  /** How far the carrier's clock fell behind at worst. */
  carrierLateMs: number;
  failures: Failure[];
}

export interface Failure {
  seed: number;
  line: LineKind;
  /** Where to listen in the recording. */
  second: number;
  what: string;
  cause: string;
}

const deadAirMs = 4000;
/** A stop this long after a sound has another cause. */
const lateStopMs = 2000;

export function findingsOf(call: DuplexCall, wire: readonly SoundFrame[], moments: Moments): Findings {
  const { acts, channels, plan } = call;
  const levels = frameLevels(channels.agent);
  const floor = fineSteps(levels, acts, channels.lengthMs);
  const fine = interactions(floor);
  const ear = atTheEar(channels);
  const overlaps = acts.flatMap((act, i) =>
    stretchAt(floor.agent, act.startMs) ? [overlapOf(call, i, wire, ear, moments)] : [],
  );
  const quiet = silences(floor);
  const deadAir = quiet.filter(({ startMs, endMs }) => endMs - startMs > deadAirMs);
  const stopsForNothing = call.stops.filter(({ atUs }) => {
    const atMs = channels.msAt(atUs);
    return !acts.some(({ startMs, endMs }) => startMs <= atMs && atMs <= endMs + lateStopMs);
  });
  const { seed, line } = plan;
  const lost = (second: number, what: string, cause: string): Failure => ({ seed, line, second, what, cause });
  return {
    seed,
    line,
    fine,
    ticks: interactions(publicTicks(levels, acts, channels.lengthMs)),
    overlaps,
    longestSilenceMs: Math.max(0, ...quiet.map(({ startMs, endMs }) => endMs - startMs)),
    deadAir,
    stopsForNothing,
    gaveUp: call.gaveUp !== undefined,
    carrierLateMs: latestMs(channels.frameUs),
    failures: [
      ...fine.filter(({ right }) => !right).map(one => failureOf(plan, one, overlaps)),
      ...deadAir.map(({ startMs, endMs }) =>
        lost(startMs / 1000, 'dead air', `nobody was heard for ${Math.round(endMs - startMs)} ms`),
      ),
      ...stopsForNothing.map(({ atUs }) =>
        lost(Math.round(channels.msAt(atUs)) / 1000, 'stopped for nothing', 'the caller made no sound'),
      ),
      ...(call.gaveUp === undefined ? [] : [lost(channels.lengthMs / 1000, 'the caller gave up', call.gaveUp)]),
    ].sort((a, b) => a.second - b.second),
  };
}

function failureOf({ seed, line }: CallPlan, one: Interaction, overlaps: readonly Overlap[]): Failure {
  const { act } = one;
  const said = act.text === '' ? act.kind : `${act.kind} "${act.text}"`;
  const lasting = `${Math.round(act.endMs - act.startMs)} ms`;
  return {
    seed,
    line,
    second: Math.round(one.atMs) / 1000,
    what: `${failed[one.what]}: ${said}, ${lasting}`,
    cause: causeOf(
      one,
      overlaps.find(overlap => overlap.act === act),
    ),
  };
}

const failed: Record<Interaction['what'], string> = {
  reply: 'no reply',
  yield: 'did not yield',
  backchannel: 'stopped for a backchannel',
  cough: 'minded a cough',
  'agent-interrupts': 'cut in',
};

function causeOf({ what, tookMs, atMs, act }: Interaction, overlap: Overlap | undefined): string {
  if (what === 'reply') return 'the caller had to speak again, or hung up unanswered';
  if (what === 'agent-interrupts') return `began ${Math.round(atMs - act.startMs)} ms after the caller`;
  if (what === 'cough' && tookMs === undefined) return 'answered a cough in silence';
  const lowered =
    overlap?.loweredOnWireMs === undefined ? 'never lowered' : `lowered at ${Math.round(overlap.loweredOnWireMs)} ms`;
  const stopped =
    overlap?.onsetToStopMs === undefined ? 'no StopAudio' : `StopAudio at ${Math.round(overlap.onsetToStopMs)} ms`;
  const silent = tookMs === undefined ? 'spoke on' : `silent at ${Math.round(tookMs)} ms`;
  const back = overlap?.givenBackMs === undefined ? '' : `, back ${Math.round(overlap.givenBackMs)} ms after its end`;
  const verdict = overlap?.verdict === undefined ? '' : `; by its own account ${overlap.verdict}`;
  return `${lowered}, ${stopped}, ${silent}${back}${verdict}`;
}
