/**
 * How well an agent shares the floor, told from two channels and from what the caller is known to have done: no judge, no
 * transcript. The events and windows are those of the τ-voice panel (sierra-research/tau2-bench, docs/interaction-metrics.md,
 * version 1.0). It counts in ticks of 200 ms; a stop of 280 ms needs finer steps, so both are computed: `publicTicks` is the
 * published panel, `fineSteps` the same events on 20 ms frames, where a pause of a sentence's length is no silence.
 */
import { asTicks, type Stretch, stretchAt, voiceStretches } from './voice-stretches.ts';

/** What the caller did: `turn` and `interruption` are words for the agent, the others are none. */
export interface CallerAct extends Stretch {
  kind: 'turn' | 'interruption' | 'backchannel' | 'cough';
  text: string;
}

export interface Floor {
  acts: readonly CallerAct[];
  agent: readonly Stretch[];
  lengthMs: number;
}

/** One thing the panel judges. */
export interface Interaction {
  what: 'reply' | 'yield' | 'backchannel' | 'cough' | 'agent-interrupts';
  right: boolean;
  /** Where to listen: the end of the turn, the onset of the act, or of the agent. */
  atMs: number;
  /** To the agent's first sound, or from the onset to the agent's silence. */
  tookMs?: number;
  act: CallerAct;
}

const tickMs = 200;
/** Silence of the agent up to this long is a pause between its sentences, ms. */
const sentencePauseMs = 300;
const yieldWithinMs = 2000;
const flinchWithinMs = 1000;
const answersCoughWithinMs = 2000;
/** A caller who waited so long for the last answer got none. The published panel leaves a call's last turn out. */
const lastAnswerMs = 4000;

export function fineSteps(levels: ArrayLike<number>, acts: readonly CallerAct[], lengthMs: number): Floor {
  return { acts, agent: voiceStretches(levels, sentencePauseMs), lengthMs };
}

export function publicTicks(levels: ArrayLike<number>, acts: readonly CallerAct[], lengthMs: number): Floor {
  return {
    acts: acts.map(act => ({ ...act, ...asTicks([act], tickMs)[0]! })),
    agent: asTicks(voiceStretches(levels, 0), tickMs),
    lengthMs,
  };
}

/** All that can be judged in one call, in the order of time. */
export function interactions(floor: Floor): Interaction[] {
  const found = [...floor.acts.flatMap(act => judged(floor, act)), ...replies(floor), ...agentCutsIn(floor)];
  return found.sort((a, b) => a.atMs - b.atMs);
}

const isSpeech = ({ kind }: CallerAct): boolean => kind !== 'cough';
const isTurn = ({ kind }: CallerAct): boolean => kind === 'turn' || kind === 'interruption';

/** An act that met the agent speaking, or a cough that met its silence. */
function judged({ agent }: Floor, act: CallerAct): Interaction[] {
  const atMs = act.startMs;
  const speaking = stretchAt(agent, atMs);
  if (!speaking) {
    if (act.kind !== 'cough') return [];
    const answered = agent.some(({ startMs }) => startMs >= atMs && startMs <= act.endMs + answersCoughWithinMs);
    return [{ what: 'cough', right: !answered, atMs, act }];
  }
  const tookMs = speaking.endMs - atMs;
  if (!isTurn(act)) {
    return [{ what: act.kind as 'backchannel' | 'cough', right: tookMs >= flinchWithinMs, atMs, tookMs, act }];
  }
  const right = tookMs < yieldWithinMs;
  return [{ what: 'yield', right, atMs, ...(right && { tookMs }), act }];
}

/** Turns that ended while the agent was silent: was the agent heard before the caller had to speak again? */
function replies({ acts, agent, lengthMs }: Floor): Interaction[] {
  const turns = acts.filter(act => isTurn(act) && !stretchAt(agent, act.endMs));
  return turns.flatMap((act, i): Interaction[] => {
    const atMs = act.endMs;
    const answer = agent.find(({ startMs }) => startMs >= atMs);
    const next = turns.slice(i + 1).find(({ startMs }) => startMs >= atMs);
    if (answer && (!next || answer.startMs <= next.startMs)) {
      return [{ what: 'reply', right: true, atMs, tookMs: answer.startMs - atMs, act }];
    }
    return next || lengthMs - atMs >= lastAnswerMs ? [{ what: 'reply', right: false, atMs, act }] : [];
  });
}

/** Each time the agent begins while the caller speaks. A caller who hesitates still has the word. */
function agentCutsIn({ acts, agent }: Floor): Interaction[] {
  return agent.flatMap(({ startMs }): Interaction[] => {
    const act = acts.find(one => isSpeech(one) && stretchAt([one], startMs));
    return act ? [{ what: 'agent-interrupts', right: false, atMs: startMs, act }] : [];
  });
}

/** Stretches in which nobody is heard, whatever the reason. */
export function silences({ acts, agent, lengthMs }: Floor): Stretch[] {
  const sounds = [...acts, ...agent].sort((a, b) => a.startMs - b.startMs);
  const gaps: Stretch[] = [];
  let quietSinceMs = 0;
  for (const { startMs, endMs } of [...sounds, { startMs: lengthMs, endMs: lengthMs }]) {
    if (startMs > quietSinceMs) gaps.push({ startMs: quietSinceMs, endMs: startMs });
    quietSinceMs = Math.max(quietSinceMs, endMs);
  }
  return gaps;
}

/** The panel: rates are shares of right events, NaN where there was nothing to judge. */
export interface Panel extends Record<string, number> {
  replySeconds: number;
  yieldSeconds: number;
  yieldRate: number;
  talksThroughBackchannel: number;
  ignoresCoughs: number;
  answersRate: number;
  agentInterruptsPerTurn: number;
}

export function panelOf(found: readonly Interaction[]): Panel {
  const of = (what: Interaction['what']) => found.filter(one => one.what === what);
  const rate = (what: Interaction['what']) => of(what).filter(one => one.right).length / of(what).length;
  const seconds = (what: Interaction['what']) => {
    const took = of(what).flatMap(({ right, tookMs }) => (right && tookMs !== undefined ? [tookMs] : []));
    return took.reduce((sum, ms) => sum + ms, 0) / took.length / 1000;
  };
  return {
    replySeconds: seconds('reply'),
    yieldSeconds: seconds('yield'),
    yieldRate: rate('yield'),
    talksThroughBackchannel: rate('backchannel'),
    ignoresCoughs: rate('cough'),
    answersRate: rate('reply'),
    agentInterruptsPerTurn: of('agent-interrupts').length / of('reply').length,
  };
}
