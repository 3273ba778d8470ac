import type { CallEvent } from '../../contracts/call-event.ts';
import { type Cast, castOf, heardOf, learned, speaks, took } from '../agent/cast/cast.ts';
import { type GuardState, guardedSoFar } from '../agent/guards/guardrails.ts';
import {
  changedAgent,
  corrected,
  emptyHistory,
  gaveData,
  type History,
  heard,
  said,
  spokeUnasked,
} from '../agent/history.ts';
import type { BegunEffect } from '../agent/tools/outside-effects.ts';
import type { SeekingLine } from '../turn/seeking.ts';

/**
 * Where a conversation stood when its host was lost, folded from the journal: what the model is to know, what the caller
 * is owed, and with what words the agent goes on. A host that left in order is taken over from in silence.
 */
export interface Resumption {
  /** Epoch ms at which the first media socket opened: the zero of the journal's times. */
  openedAt: number | undefined;
  /** What the call was admitted for, where that was said. */
  scenario: string | undefined;
  /** Who has the caller, and what is known of the call; undefined where it was never here. */
  cast: Cast | undefined;
  /** Where the scenario's rules stood. */
  guards: GuardState;
  /** Somebody has spoken: no greeting is due. */
  begun: boolean;
  /** A person has the caller: no agent is wanted any more. */
  handedOver: boolean;
  /** Number of the last turn. */
  turn: number;
  history: History;
  /** How far the search for a person had come, where one was under way. */
  seeking: Search | undefined;
  /** The caller's words that have no answer. */
  unanswered: readonly string[];
  /** What was asked for outside, in order; how it ended the control plane knows. */
  begunEffects: readonly BegunEffect[];
  /** The caller noticed the break. */
  apologises: boolean;
  /** What the agent had yet to say of the sentence that was cut, and behind it. */
  rest: string;
  /** The reply that nobody could note the end of. */
  lost: { turn: number; agent: string; text: string; heard: string; at: number } | undefined;
}

/** How far the agent's words had sounded, of those the journal says it was saying. */
export interface HeardMark {
  turn: number;
  heard: string;
}

type Search = Pick<SeekingLine, 'stage' | 'asking' | 'of'>;
type Speaking = Extract<CallEvent, { type: 'agent-speaking' }>;

interface Standing {
  handedOver: boolean;
  openedAt?: number;
  scenario?: string | undefined;
  cast?: Cast;
  /** By agent: changes of agent before it had the caller last. */
  stints: Readonly<Record<string, number>>;
  closed?: string;
  turn: number;
  /** The last turn the agent has begun to answer; the greeting is 0. */
  answered: number;
  callerSaid: ReadonlyMap<number, string>;
  speaking?: Speaking | undefined;
  /** Cut by us and not by the caller. */
  cut?: { turn: number; text: string; heard: string; complete: boolean } | undefined;
  /** The turn whose reply the caller has cut. */
  interrupted?: number | undefined;
  seeking?: Search | undefined;
  effects: readonly BegunEffect[];
  history: History;
}

const beginning: Standing = {
  handedOver: false,
  turn: 0,
  answered: -1,
  callerSaid: new Map(),
  stints: {},
  effects: [],
  history: emptyHistory,
};

export function resume(events: readonly CallEvent[], mark?: HeardMark): Resumption {
  const inOrder = [...events].sort((a, b) => a.seq - b.seq);
  const standing = inOrder.reduce(follow, beginning);
  const { openedAt, scenario, turn, answered, callerSaid, speaking, closed } = standing;
  const cut = speaking ? cutAt(speaking, mark) : standing.cut;
  const { cast } = speaking && cut && cut.heard !== '' ? greeted(standing, speaking.agent) : standing;
  const known = {
    openedAt,
    scenario,
    cast,
    guards: guardedSoFar(inOrder),
    turn,
    begun: answered >= 0 || callerSaid.size > 0,
    begunEffects: standing.effects,
    handedOver: standing.handedOver || closed === 'handed-over',
    lost: speaking && cut && { ...cut, agent: speaking.agent, at: speaking.at },
    seeking: standing.seeking,
  };
  const noticed = closed !== 'drained';
  // Of a reply that was not thought to its end only the beginning is known: it is asked for once more.
  const again = cut !== undefined && !cut.complete && cut.turn === turn && callerSaid.has(turn);
  const settled = again ? turn - 1 : answered;
  const unanswered = [...callerSaid].flatMap(([of, text]) => (of > settled ? [text] : []));
  if (unanswered.length > 0) {
    // Asked again, they enter the history then.
    const before = inOrder.filter(
      event => !('turn' in event) || event.turn <= settled || event.type === 'agent-changed',
    );
    const { history } = before.reduce(follow, beginning);
    return {
      ...known,
      history,
      unanswered,
      apologises: noticed && (again || standing.seeking !== undefined),
      rest: '',
    };
  }
  const history = speaking && cut ? withReply(standing, speaking.agent, cut) : standing.history;
  return { ...known, history, unanswered: [], apologises: noticed, rest: cut ? unheard(cut) : '' };
}

function follow(standing: Standing, event: CallEvent): Standing {
  switch (event.type) {
    case 'media-opened':
      return opened(standing, event);
    case 'agent-changed':
      return changed(standing, event);
    case 'known': {
      const { name, value, by, personal } = event;
      return standing.cast ? { ...standing, cast: learned(standing.cast, { name, value, by, personal }) } : standing;
    }
    case 'caller-spoke': {
      const { turn, text } = event;
      const again = standing.callerSaid.has(turn);
      const history = again ? corrected(standing.history, turn, text) : said(standing.history, turn, text);
      const callerSaid = new Map(standing.callerSaid).set(turn, text);
      return { ...standing, turn: Math.max(standing.turn, turn), callerSaid, history };
    }
    case 'handoff-asked':
      return { ...standing, seeking: { stage: 'wanted', asking: 0, of: 0 } };
    case 'person-sought': {
      const { stage, asking, of } = event;
      return { ...standing, seeking: { stage, asking, of } };
    }
    case 'back-with-agent':
      return { ...standing, seeking: undefined };
    case 'handed-over':
      return { ...standing, handedOver: true };
    case 'agent-speaking':
      // What is said of the search answers nothing, and is no part of what the model knows.
      if (standing.seeking) return standing;
      return { ...standing, ...begins(standing, event.turn), speaking: event, cut: undefined };
    case 'barge-in':
      return { ...standing, interrupted: event.turn };
    case 'effect-began': {
      const { turn, name, key, arguments: args } = event;
      return { ...standing, effects: [...standing.effects, { turn, name, key, arguments: args }] };
    }
    case 'agent-spoke':
      return spoken(standing, event);
    case 'media-closed':
      return { ...standing, closed: event.reason };
    default:
      return standing;
  }
}

const begins = ({ turn, answered }: Standing, now: number) => ({
  turn: Math.max(turn, now),
  answered: Math.max(answered, now),
});

function spoken(standing: Standing, event: Extract<CallEvent, { type: 'agent-spoke' }>): Standing {
  const { turn, agent, text, heard: ear, interrupted } = event;
  const mine = standing.speaking?.turn === turn ? standing.speaking : undefined;
  if (standing.seeking && !mine) return { ...standing, interrupted: undefined };
  const byCaller = standing.interrupted === turn;
  // Words that only filled the wait answer nothing.
  const answers = mine !== undefined || !interrupted || (byCaller && ear !== '');
  return {
    ...(ear === '' ? standing : greeted(standing, agent)),
    ...(answers && begins(standing, turn)),
    speaking: mine ? undefined : standing.speaking,
    interrupted: undefined,
    cut: interrupted && !byCaller ? { turn, text, heard: ear, complete: mine?.complete ?? true } : undefined,
    history: withReply(standing, agent, { turn, text, heard: ear }),
  };
}

function opened(standing: Standing, event: Extract<CallEvent, { type: 'media-opened' }>): Standing {
  const { agent, at, scenario } = event;
  const { cast, stints } = standing;
  const mine =
    cast === undefined || cast.agent === agent ? (cast ?? castOf(agent)) : took(cast, { ...silently, to: agent });
  return {
    ...standing,
    openedAt: standing.openedAt ?? at,
    scenario: scenario ?? standing.scenario,
    cast: mine,
    stints: { ...stints, [agent]: mine.stint },
    closed: '',
  };
}

/** Where the agent that had the caller was not there any more. */
const silently = { kind: 'discreet', knowsAll: true, facts: 'all', personal: 'keep' } as const;

function changed(standing: Standing, event: Extract<CallEvent, { type: 'agent-changed' }>): Standing {
  const { turn, from, to, kind, language, knowsAll, facts = 'all', personal = 'keep', context } = event;
  const before = standing.cast ?? castOf(from);
  if (kind === 'language') return { ...standing, cast: speaks(before, language) };
  const cast = took(before, { to, kind, knowsAll, facts, personal });
  const { stint } = cast;
  const agents = { from, to, stint, knowsAll, masked: personal === 'mask' };
  const history = gaveData(changedAgent(standing.history, turn, agents), turn, context);
  return { ...standing, cast, stints: { ...standing.stints, [to]: stint }, history };
}

/** Some of an agent's words have sounded. */
const greeted = (standing: Standing, agent: string): Standing =>
  standing.cast?.agent === agent ? { ...standing, cast: heardOf(standing.cast) } : standing;

function cutAt({ turn, said: whole, text, complete }: Speaking, mark: HeardMark | undefined) {
  const all = [whole, text].filter(part => part !== '').join(' ');
  const marked = mark?.turn === turn && all.startsWith(mark.heard) ? mark.heard : '';
  return { turn, text: all, heard: marked.length > whole.length ? marked : whole, complete };
}

function withReply(
  { history, stints }: Standing,
  agent: string,
  { turn, text, heard: ear }: { turn: number; text: string; heard: string },
): History {
  return heard(spokeUnasked(history, turn, text), turn, [{ stint: stints[agent] ?? 0, text: ear }]);
}

/** From the word that was cut; nothing where no word is left. */
function unheard({ text, heard: ear }: { text: string; heard: string }): string {
  const rest = text.startsWith(ear) ? text.slice(ear.length).trim() : text;
  return /[\p{L}\p{N}]/u.test(rest) ? rest.replace(/^[\s,.;:!?…)»”]+/u, '') : '';
}
