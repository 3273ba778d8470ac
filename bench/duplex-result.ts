import type { Findings } from './duplex-findings.ts';
import { type Interaction, panelOf } from './duplex-panel.ts';
import type { LineKind } from './duplex-script.ts';
import { atLeast, atMost, type BenchResult, machine, rounded, spread } from './result.ts';

const lines: readonly LineKind[] = ['clean', 'noise', 'echo'];
/** What counts for an interruption at which the voice was neither lowered nor stopped. */
const neverLoweredMs = 2000;

/** The figures of all calls together, and what we promise of them. */
export function resultOf(found: readonly Findings[], calls: number): BenchResult {
  const fine = found.flatMap(call => call.fine);
  const panel = panelOf(fine);
  const overlaps = found.flatMap(call => call.overlaps);
  const taking = overlaps.filter(({ act }) => act.kind === 'interruption' || act.kind === 'turn');
  const asides = overlaps.filter(({ act }) => act.kind === 'backchannel' || act.kind === 'cough');
  const ms = <T>(list: readonly T[], of: (one: T) => number | undefined) => list.flatMap(one => of(one) ?? []);
  const onsetToStop = spread(ms(taking, one => one.onsetToStopMs));
  const loweredOnWire = spread([
    ...taking.map(one => one.loweredOnWireMs ?? neverLoweredMs),
    ...ms(asides, one => one.loweredOnWireMs),
  ]);
  const givenBack = spread(ms(asides, one => one.givenBackMs));
  const lost = spread(ms(asides, one => one.words?.lost));
  const repeated = spread(ms(asides, one => one.words?.repeated));
  const late = spread(found.map(call => call.carrierLateMs));
  const deadAir = found.reduce((sum, call) => sum + call.deadAir.length, 0);
  return {
    name: 'duplex',
    machine: machine(),
    metrics: {
      calls: found.length,
      'panel on 20 ms frames': roundedAll(panel),
      'panel on public ticks of 200 ms': roundedAll(panelOf(found.flatMap(call => call.ticks))),
      ...Object.fromEntries(
        lines.map(line => [
          `panel on 20 ms frames, ${line} lines`,
          roundedAll(panelOf(found.flatMap(call => (call.line === line ? call.fine : [])))),
        ]),
      ),
      events: countsOf(fine),
      'turn end to reply, ms': spread(took(fine, 'reply')),
      'caller onset to agent silent, ms': spread(took(fine, 'yield')),
      'caller onset to voice lowered on the wire, ms': loweredOnWire,
      'caller onset to voice lowered at the ear, ms': spread(ms(overlaps, one => one.loweredAtEarMs)),
      'caller onset to StopAudio, ms': onsetToStop,
      'backchannels and coughs over speech': asides.length,
      'false stops': asides.filter(one => one.onsetToStopMs !== undefined).length,
      'end of a false alarm to the voice as before, ms': givenBack,
      'words lost to a false alarm': lost,
      'words heard twice for it': repeated,
      'sentences given up for it': asides.filter(one => one.words?.gaveUp).length,
      'carrier’s clock late at worst, ms a call': late,
      'longest silence, ms': Math.max(0, ...found.map(call => call.longestSilenceMs)),
    },
    promises: [
      atLeast('calls made to their end', calls, found.filter(call => !call.gaveUp).length, 'calls'),
      atLeast('yield rate', 0.98, panel.yieldRate, ''),
      atLeast('talks through backchannels', 0.9, panel.talksThroughBackchannel, ''),
      atLeast('ignores coughs', 0.85, panel.ignoresCoughs, ''),
      atLeast('reply rate', 0.99, panel.answersRate, ''),
      atMost('agent interrupts per turn', 0.05, panel.agentInterruptsPerTurn, ''),
      atMost('caller onset to StopAudio p50', 280, onsetToStop.p50, 'ms'),
      atMost('caller onset to StopAudio p95', 450, onsetToStop.p95, 'ms'),
      atMost('caller onset to voice lowered on the wire p95', 100, loweredOnWire.p95, 'ms'),
      atMost('end of a false alarm to the voice as before p95', 700, givenBack.p95, 'ms'),
      atMost('words lost to a false alarm, most', 0, lost.max, 'words'),
      atMost('words heard twice for a false alarm, most', 1, repeated.max, 'words'),
      atMost('silences over 4 s', 0, deadAir, ''),
      atMost('stops while the caller made no sound', 0, found.flatMap(call => call.stopsForNothing).length, ''),
      atMost('carrier’s clock late p95, or the machine had too much to do', 100, late.p95, 'ms'),
    ],
  };
}

const took = (found: readonly Interaction[], what: Interaction['what']): number[] =>
  found.flatMap(one => (one.what === what && one.right && one.tookMs !== undefined ? [one.tookMs] : []));

const roundedAll = (figures: Record<string, number>): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, rounded(value)]));

function countsOf(found: readonly Interaction[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { what } of found) counts[what] = (counts[what] ?? 0) + 1;
  return counts;
}
