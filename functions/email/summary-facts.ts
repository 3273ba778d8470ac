import type { CallEvent } from '../../contracts/call-event.ts';
import type { CallRecord, Outcome } from '../../contracts/call-record.ts';

/**
 * What a summary says of a call, made of its record and journal and of nothing else: no model is asked, so it is the same
 * however often it is made. Words of the call are in `transcript` alone.
 */
export interface SummaryFacts {
  callId: string;
  /** Day and time of the ring, UTC, to the minute. */
  at: string;
  direction: 'in' | 'out';
  duration: string;
  outcome: string;
  /** In the order in which they had the caller. */
  agents: string[];
  /** Turns of the caller. */
  turns: number;
  /** What tools say they have done, each sentence once. */
  done: string[];
  /** Tools that failed, by name. */
  failed: string[];
  transcript: { who: string; text: string }[];
}

/** Tools whose own account says nothing to a reader of the summary. */
const silent: ReadonlySet<string> = new Set(['remember', 'send-summary', 'end-call']);
const mostDone = 30;

export function summaryFacts(record: CallRecord, journal: readonly CallEvent[]): SummaryFacts {
  const events = [...journal].sort((a, b) => a.seq - b.seq);
  const changes = events.flatMap(event => (event.type === 'agent-changed' ? [event.to] : []));
  const agents = [record.entryAgent, ...changes];
  const done = events.flatMap(event =>
    event.type === 'tool-ran' && event.ok && !silent.has(event.name) ? (event.summary ?? []) : [],
  );
  const failed = events.flatMap(event => (event.type === 'tool-ran' && !event.ok ? [event.name] : []));
  return {
    callId: record.callId,
    at: `${record.startedAt.slice(0, 10)} ${record.startedAt.slice(11, 16)}`,
    direction: record.direction,
    duration: durationOf(record.durationSec),
    outcome: outcomes[record.outcome],
    agents: agents.filter((agent, i) => agent !== agents[i - 1]).map(title),
    turns: record.turnCount,
    done: unique(done.map(sentence)).slice(0, mostDone),
    failed: unique(failed.map(title)),
    transcript: transcriptOf(events),
  };
}

const outcomes: Readonly<Record<Outcome, string>> = {
  contained: 'Handled by the agent',
  handoff: 'Handed to a person',
  dropped: 'The line was lost',
  no_answer: 'Not answered',
  voicemail: 'Voicemail',
  error: 'Failed on our side',
};

function transcriptOf(events: readonly CallEvent[]): SummaryFacts['transcript'] {
  // What was noted of a turn's words first gives way to what was noted last, in the place of the first.
  const words = new Map<string, { who: string; text: string }>();
  for (const event of events) {
    if (event.type === 'caller-spoke') words.set(`caller ${event.turn}`, { who: 'Caller', text: event.text });
    if (event.type === 'agent-spoke' && event.heard.trim() !== '')
      words.set(`agent ${event.seq}`, { who: title(event.agent), text: event.heard });
  }
  return [...words.values()];
}

function durationOf(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}

/** A file's name as people write it. */
const title = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1).replaceAll('-', ' ');

const sentence = (text: string): string => {
  const line = text.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return `${line.charAt(0).toUpperCase()}${line.slice(1).replace(/[.\s]+$/, '')}.`;
};

const unique = <T>(list: readonly T[]): T[] => [...new Set(list)];
