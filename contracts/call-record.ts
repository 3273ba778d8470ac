import { agentsOf, agentVersionsOf, type CallHandoff, handoffsOf } from './call-agents.ts';
import { type AgentCost, callCost } from './call-cost.ts';
import type { CallEvent, CallEventType } from './call-event.ts';
import type { CallLife, EndedBy } from './call-life.ts';
import { type Histogram, histogram } from './histogram.ts';

/** What is known of a call before anybody speaks: written as it rings. */
export interface CallOpening {
  callId: string;
  direction: 'in' | 'out';
  /** Epoch milliseconds of the ring. */
  startedAt: number;
  callerHash: string;
  callerCountry?: string;
  calleeId: string;
  /** @default the entry agent alone */
  scenario?: string;
  entryAgent: string;
  mode: string;
  ttlSeconds: number;
}

export type Outcome = 'contained' | 'handoff' | 'dropped' | 'no_answer' | 'voicemail' | 'error';

/** The `call` document: one per call, the analyst's table. No words, no numbers of callers. */
export interface CallRecord {
  id: 'call';
  pk: string;
  type: 'call';
  v: 1;
  latV: 1;
  rev: number;
  callId: string;
  /** UTC day and hour of the ring, for grouping. */
  day: string;
  hour: number;
  startedAt: string;
  answeredAt?: string;
  connectedAt?: string;
  endedAt?: string;
  direction: 'in' | 'out';
  channel: 'acs';
  mode: string;
  callerHash: string;
  callerCountry?: string;
  calleeId: string;
  callConnectionId?: string;
  answered: boolean;
  outcome: Outcome;
  endReason?: string;
  endedBy?: EndedBy;
  durationSec: number;
  talkSec: { caller: number; agent: number };
  scenario?: string;
  entryAgent: string;
  agent: string;
  agentPath: string[];
  agentVersions: Record<string, string>;
  turnCount: number;
  bargeIns: number;
  /** Sound over the agent that cost no word: lowered and raised again, or held and given back. */
  falseAlarms: number;
  dtmfCount: number;
  /** Where the time of replies went; `eot` is the chosen delay until the caller's turn was taken as over. */
  lat: Record<'resp' | 'own' | 'eot' | 'asr' | 'llmTtft' | 'sentence' | 'tts' | 'out' | 'tool', Histogram>;
  tools: { name: string; ok: boolean; ms: number; err?: string }[];
  toolFail: number;
  /** To other agents and to persons, the latest 20 of them; how many more there were. */
  handoffs: CallHandoff[];
  handoffsDropped?: number;
  llm: {
    inTok: number;
    outTok: number;
    cachedTok: number;
    calls: number;
    cancelled: number;
    errors: number;
    /** Millionths of a US dollar; absent where no price is known. */
    costMicros?: number;
  };
  /** The same by agent and model. */
  cost?: AgentCost[];
  /** Turns that a rule of the scenario took from the model, by rule. */
  guarded?: Partial<Record<Extract<CallEvent, { type: 'guarded' }>['rule'], number>>;
  /** Journal events folded in, and whether the journal was closed by the media host itself. */
  journal: { events: number; closed: boolean };
  hostId?: string;
  /** What became of the e-mail after the call, the caller's before the operators'; noted later, and no part of the fold. */
  email?: { opId: string; status: 'queued' | 'sent' | 'delivered' | 'bounced' | 'failed'; at: string };
  state: 'live' | 'final';
  ttl: number;
}

const of = <T extends CallEventType>(events: readonly CallEvent[], type: T): Extract<CallEvent, { type: T }>[] =>
  events.filter((event): event is Extract<CallEvent, { type: T }> => event.type === type);

const sum = (numbers: readonly number[]): number => numbers.reduce((total, n) => total + n, 0);
const present = (numbers: readonly (number | undefined)[]): number[] => numbers.filter(n => n !== undefined);
const iso = (at: number): string => new Date(at).toISOString();

/** What was noted of a turn's words first gives way to what was noted last. */
const lastOfTurn = <T extends { turn: number }>(events: readonly T[]): T[] => [
  ...new Map(events.map(event => [event.turn, event])).values(),
];

const countedBy = <T extends string>(names: readonly T[]): Partial<Record<T, number>> =>
  Object.fromEntries(names.map(name => [name, names.filter(other => other === name).length])) as Partial<
    Record<T, number>
  >;

/** Folds all that is known of a call into its record. Same input, same record: a replay overwrites with equal content. */
export function callRecord(
  opening: CallOpening,
  life: CallLife,
  journal: readonly CallEvent[],
  rev: number,
): CallRecord {
  const events = [...journal].sort((a, b) => a.seq - b.seq);
  const opened = of(events, 'media-opened');
  const spoken = of(events, 'agent-spoke');
  const heard = lastOfTurn(of(events, 'caller-spoke'));
  const models = of(events, 'model-ran');
  const tools = of(events, 'tool-ran');
  const cost = callCost(opening.entryAgent, events);
  const guarded = lastOfTurn(of(events, 'guarded'));
  const failures = of(events, 'service-failed');
  // A call that moved was closed and opened again.
  const closed = of(events, 'media-closed').findLast(event => event.seq > (opened.at(-1)?.seq ?? -1));
  const answeredAt = life.answeredAt;
  const endedAt = life.endedAt;
  const agents = [opening.entryAgent, ...agentsOf(events)];
  const path = agents.filter((agent, i) => agent !== agents[i - 1]);
  const handoffs = handoffsOf(opening.entryAgent, events, life.handoffs ?? []);

  return {
    id: 'call',
    pk: opening.callId,
    type: 'call',
    v: 1,
    latV: 1,
    rev,
    callId: opening.callId,
    day: iso(opening.startedAt).slice(0, 10),
    hour: new Date(opening.startedAt).getUTCHours(),
    startedAt: iso(opening.startedAt),
    ...(answeredAt !== undefined && { answeredAt: iso(answeredAt) }),
    ...(life.connectedAt !== undefined && { connectedAt: iso(life.connectedAt) }),
    ...(endedAt !== undefined && { endedAt: iso(endedAt) }),
    direction: opening.direction,
    channel: 'acs',
    mode: opening.mode,
    callerHash: opening.callerHash,
    ...(opening.callerCountry !== undefined && { callerCountry: opening.callerCountry }),
    calleeId: opening.calleeId,
    ...(life.callConnectionId !== undefined && { callConnectionId: life.callConnectionId }),
    answered: answeredAt !== undefined,
    outcome: outcomeOf(opening.direction, life, closed?.reason, failures.length > 0 && heard.length === 0),
    ...(life.endReason !== undefined && { endReason: life.endReason }),
    ...(life.endedBy !== undefined && { endedBy: life.endedBy }),
    durationSec:
      answeredAt !== undefined && endedAt !== undefined ? Math.max(0, Math.round((endedAt - answeredAt) / 1000)) : 0,
    talkSec: {
      caller: Math.round(sum(heard.map(event => event.endMs - event.startMs)) / 1000),
      agent: Math.round(sum(spoken.map(event => event.endMs - event.startMs)) / 1000),
    },
    ...(opening.scenario !== undefined && { scenario: opening.scenario }),
    entryAgent: opening.entryAgent,
    agent: path.at(-1) ?? opening.entryAgent,
    agentPath: path,
    agentVersions: agentVersionsOf(events),
    turnCount: new Set(heard.map(event => event.turn)).size,
    bargeIns: of(events, 'barge-in').length,
    falseAlarms: of(events, 'floor-disputed').filter(event => event.outcome !== 'stopped').length,
    dtmfCount: of(events, 'dtmf-pressed').length,
    lat: {
      resp: histogram(present(spoken.map(event => event.replyMs))),
      own: histogram(present(spoken.map(event => event.ownMs))),
      eot: histogram(present(spoken.map(event => event.endOfTurnMs))),
      asr: histogram(present(spoken.map(event => event.sttMs))),
      llmTtft: histogram(models.map(event => event.ttftMs)),
      sentence: histogram(present(spoken.map(event => event.sentenceMs))),
      tts: histogram(present(spoken.map(event => event.ttsMs))),
      out: histogram(present(spoken.map(event => event.outMs))),
      tool: histogram(tools.map(event => event.ms)),
    },
    tools: tools
      .slice(0, 50)
      .map(({ name, ok, ms, code }) => ({ name, ok, ms, ...(code !== undefined && { err: code }) })),
    toolFail: tools.filter(event => !event.ok).length,
    handoffs: handoffs.slice(-mostHandoffs),
    ...(handoffs.length > mostHandoffs && { handoffsDropped: handoffs.length - mostHandoffs }),
    llm: {
      inTok: sum(models.map(event => event.inputTokens)),
      outTok: sum(models.map(event => event.outputTokens)),
      cachedTok: sum(models.map(event => event.cachedTokens)),
      calls: models.length,
      cancelled: models.filter(event => event.cancelled).length,
      errors: models.filter(event => event.code !== undefined).length,
      ...(cost.length > 0 && { costMicros: sum(cost.map(({ micros }) => micros)) }),
    },
    ...(cost.length > 0 && { cost }),
    ...(guarded.length > 0 && { guarded: countedBy(guarded.map(event => event.rule)) }),
    journal: { events: events.length, closed: closed !== undefined },
    ...(opened.at(-1) && { hostId: opened.at(-1)?.hostId ?? '' }),
    state: life.phase === 'ended' ? 'final' : 'live',
    ttl: opening.ttlSeconds,
  };
}

const mostHandoffs = 20;

/** Whoever we called did not take the call: these are SIP's ways to say so. */
const notTaken = /^answer-failed (404|408|410|480|486|487|600|603)\//;

function outcomeOf(
  direction: CallOpening['direction'],
  life: CallLife,
  closed: string | undefined,
  neverUnderstood: boolean,
): Outcome {
  if (life.answeredAt === undefined) {
    const { endReason = '' } = life;
    return endReason.startsWith('answer-failed') && !(direction === 'out' && notTaken.test(endReason))
      ? 'error'
      : 'no_answer';
  }
  if (life.transferred || life.handoffs?.some(handoff => handoff.outcome === 'accepted')) return 'handoff';
  if (neverUnderstood || closed === 'failed') return 'error';
  if (life.endedBy === 'system' && life.hangUpAsked === undefined) return 'dropped';
  return 'contained';
}

/** One closed turn of the conversation, as the `transcripts` container keeps it. */
export interface TurnDocument {
  id: string;
  pk: string;
  type: 'turn';
  callId: string;
  seq: number;
  turn: number;
  role: 'caller' | 'agent';
  agent: string;
  at: number;
  text: string;
  spokenText?: string;
  interrupted?: true;
  /** Said over the agent, asking for nothing. */
  aside?: true;
  latMs?: number;
  ownMs?: number;
  ttl: number;
}

/** The turn a journal event closes, or undefined for events that are not speech. */
export function turnDocument(callId: string, agent: string, event: CallEvent, ttl: number): TurnDocument | undefined {
  const base = {
    id: `turn:${String(event.seq).padStart(6, '0')}`,
    pk: callId,
    type: 'turn' as const,
    callId,
    seq: event.seq,
    at: event.at,
    ttl,
  };
  if (event.type === 'caller-spoke') {
    // Known better later, a turn's words take the place of what was written of them before.
    const id = `turn:caller:${String(event.turn).padStart(6, '0')}`;
    return { ...base, id, turn: event.turn, role: 'caller', agent, text: event.text };
  }
  if (event.type === 'caller-aside') {
    return { ...base, turn: event.turn, role: 'caller', agent, text: event.text, aside: true };
  }
  if (event.type !== 'agent-spoke') return undefined;
  return {
    ...base,
    turn: event.turn,
    role: 'agent',
    agent: event.agent,
    text: event.text,
    spokenText: event.heard,
    ...(event.interrupted && { interrupted: true as const }),
    ...(event.replyMs !== undefined && { latMs: event.replyMs }),
    ...(event.ownMs !== undefined && { ownMs: event.ownMs }),
  };
}
