import type { CallEvent } from '../contracts/call-event.ts';
import type { CallRecord, TurnDocument } from '../contracts/call-record.ts';
import type { ConversationResult } from '../emulators/caller/conversation.ts';

/**
 * Joins the two truths about a call: what the caller's ear measured on the line, and what the system wrote down. Pure, so
 * that commands, benchmarks and tests report alike.
 */
export interface CallReport {
  callId: string;
  mode: string;
  /** From dialling to the answer. */
  answeredMs: number;
  /** From the moment audio could flow to the agent's first sound at the ear; null when it never spoke. */
  firstAudioMs: number | null;
  greeting: { heard: string; agent: string | null };
  turns: TurnReport[];
  /** From agent to agent, in order. */
  handoffs: HandoffReport[];
  bargeIns: BargeInReport[];
  endedBy: 'caller' | 'agent' | 'system';
  /** The final call document; null when it was not there in time. */
  record: CallRecord | null;
}

export interface TurnReport {
  /** What the caller's audio carried. */
  said: string;
  /** What the caller's ear decoded of the agent's audio. */
  heard: string;
  /** What the agent wanted to say, all of it; null when it answered nothing. */
  agent: string | null;
  /** Names of the agents that answered, in order. */
  agents: string[];
  /** From the caller's last sample to the agent's first at the ear; null without a reply. */
  replyMs: number | null;
  /** The part of the reply time that no service and no chosen delay explains, as the media host wrote it down. */
  ownMs: number | null;
}

export interface HandoffReport {
  /** The utterance after which it happened, counted from 1; null where none of those that were said matches. */
  turn: number | null;
  from: string;
  to: string;
  kind: 'announced' | 'discreet';
  reason: string;
}

export interface BargeInReport {
  /** null: the voice was not lowered before it was stopped. */
  onsetToLoweredMs: number | null;
  /** null: the agent was not stopped. */
  onsetToStopMs: number | null;
  decisionToStopAudioMs: number | null;
  /** Agent audio frames that reached ACS after StopAudio. */
  framesAfterStop: number | null;
  /** Agent audio that ACS still held and threw away. */
  leftoverMs: number | null;
  agentTextHeard: string;
}

/** What the system wrote down about a call. */
export interface WrittenCall {
  record?: CallRecord | undefined;
  turns: readonly TurnDocument[];
  events: readonly CallEvent[];
}

export function callReport(callId: string, told: ConversationResult, written: WrittenCall): CallReport {
  const agentTurns = Map.groupBy(
    written.turns.filter(turn => turn.role === 'agent'),
    turn => turn.turn,
  );
  const numbers = turnNumbers(told.turns, written.turns);
  const textOf = (number: number | undefined) =>
    number === undefined
      ? null
      : (agentTurns
          .get(number)
          ?.map(turn => turn.text)
          .join(' ') ?? null);
  const greetingNumber = [...agentTurns.keys()].sort((a, b) => a - b)[0];
  return {
    callId,
    mode: written.record?.mode ?? 'media',
    answeredMs: told.answeredMs,
    firstAudioMs: told.firstAudioMs ?? null,
    greeting: {
      heard: told.greeting,
      agent: told.greeting === '' || numbers.includes(greetingNumber) ? null : textOf(greetingNumber),
    },
    turns: told.turns.map(({ said, heard, replyMs }, i) => ({
      said,
      heard,
      agent: textOf(numbers[i]),
      agents: inOrder(agentTurns.get(numbers[i] ?? -1)?.map(turn => turn.agent) ?? []),
      replyMs: replyMs ?? null,
      ownMs: agentTurns.get(numbers[i] ?? -1)?.find(turn => turn.ownMs !== undefined)?.ownMs ?? null,
    })),
    handoffs: written.events.flatMap(event =>
      event.type === 'agent-changed' && event.kind !== 'language'
        ? [
            {
              turn: place(numbers.indexOf(event.turn)),
              from: event.from,
              to: event.to,
              kind: event.kind,
              reason: event.reason,
            },
          ]
        : [],
    ),
    bargeIns: told.bargeIns.map((bargeIn, i) => ({
      onsetToLoweredMs: onsetToLowered(bargeIn, told.bargeIns[i + 1]?.onsetUs, written.events),
      onsetToStopMs: bargeIn.onsetToStopMs ?? null,
      decisionToStopAudioMs: decisionToStop(bargeIn.stopAtUs, written.events),
      framesAfterStop: bargeIn.framesAfterStop ?? null,
      leftoverMs: bargeIn.leftoverMs ?? null,
      agentTextHeard: bargeIn.agentTextHeard,
    })),
    endedBy: written.record?.endedBy ?? asRecorded[told.endedBy],
    record: written.record ?? null,
  };
}

const inOrder = (names: readonly string[]): string[] => names.filter((name, i) => name !== names[i - 1]);
const place = (index: number): number | null => (index === -1 ? null : index + 1);

/** Who ended the call, in the words of the record. */
const asRecorded = { caller: 'caller', app: 'agent', service: 'system' } as const;

/**
 * The number under which each utterance was written down. Recognition may split or join what was said, so they are
 * matched by their words, in order; a turn whose words were not understood takes the number between its neighbours'.
 */
function turnNumbers(told: readonly { said: string }[], documents: readonly TurnDocument[]): (number | undefined)[] {
  const heard = documents.filter(turn => turn.role === 'caller').sort((a, b) => a.seq - b.seq);
  let from = 0;
  const matched = told.map(({ said }) => {
    const index = heard.findIndex((turn, i) => i >= from && overlap(plainWords(said), plainWords(turn.text)));
    if (index === -1) return undefined;
    from = index;
    return heard[index]?.turn;
  });
  if (heard.length !== told.length) return matched;
  return matched.map((number, i) => number ?? heard[i]?.turn);
}

function overlap(said: string, written: string): boolean {
  const [one, other] = [` ${said} `, ` ${written} `];
  return said !== '' && written !== '' && (one.includes(other) || other.includes(one));
}

/** Lower case, letters and digits only, one space between words: what an ear can tell apart. */
export function plainWords(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s]+/gu, '')
    .split(/\s+/)
    .filter(word => word !== '')
    .join(' ');
}

/** Only what was lowered for this interruption counts: before its stop, and before the next one. As below, one clock. */
function onsetToLowered(
  { onsetUs, stopAtUs }: ConversationResult['bargeIns'][number],
  nextOnsetUs: number | undefined,
  events: readonly CallEvent[],
): number | null {
  const untilUs = stopAtUs ?? nextOnsetUs ?? Number.POSITIVE_INFINITY;
  const lowered = events
    .flatMap(event => (event.type === 'floor-disputed' && event.loweredAtUs !== undefined ? [event.loweredAtUs] : []))
    .find(atUs => atUs >= onsetUs && atUs < untilUs);
  return lowered === undefined ? null : Math.round(lowered - onsetUs) / 1000;
}

/** Both clocks are the machine's monotonic one. */
function decisionToStop(stopAtUs: number | undefined, events: readonly CallEvent[]): number | null {
  if (stopAtUs === undefined) return null;
  const decided = events
    .flatMap(event => (event.type === 'barge-in' ? [event.decidedAtUs] : []))
    .filter(atUs => atUs <= stopAtUs)
    .at(-1);
  return decided === undefined ? null : Math.round(stopAtUs - decided) / 1000;
}
