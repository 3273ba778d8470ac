import type { CallReport } from './call-report.ts';

/** A finished call in a few lines, for people. */
export function summary(report: CallReport): string {
  const { callId, answeredMs, firstAudioMs, turns, handoffs, bargeIns, endedBy, record } = report;
  const replies = turns.map(turn => turn.replyMs).filter(ms => ms !== null);
  const stops = bargeIns.map(bargeIn => bargeIn.onsetToStopMs).filter(ms => ms !== null);
  const parts = [
    `answered after ${Math.round(answeredMs)} ms`,
    ...(firstAudioMs === null ? [] : [`first audio ${Math.round(firstAudioMs)} ms after the line opened`]),
    `${turns.length} turn${turns.length === 1 ? '' : 's'}`,
    ...(replies.length > 0 ? [`replies after ${replies.map(Math.round).join(', ')} ms`] : []),
    ...(handoffs.length > 0
      ? [`agents ${[handoffs[0]?.from, ...handoffs.map(handoff => handoff.to)].join(' → ')}`]
      : []),
    ...(bargeIns.length > 0 ? [`${stops.length} of ${bargeIns.length} interruptions stopped the agent`] : []),
    `ended by the ${endedBy}`,
  ];
  const written = record
    ? `record: ${record.outcome}, ${record.durationSec} s, ${record.turnCount} turns, ${record.bargeIns} barge-ins`
    : 'record: not final yet';
  return `call ${callId}\n  ${parts.join(', ')}\n  ${written}`;
}
