import type { KnownFact } from '../../lanes/turn-messages.ts';

/**
 * Who has the caller, who had them before, and what each may know of the call's facts. A fold: the turn lane keeps it as
 * the call goes on, and a host that takes a call over folds it from the journal. Nothing but plain values, so it crosses
 * between threads.
 */
export interface Cast {
  /** Has the caller. */
  readonly agent: string;
  /** The language the caller was given instead of the agents' own. */
  readonly language?: string;
  /** Changes of agent so far. */
  readonly stint: number;
  /** How often each has had the caller. */
  readonly visits: Readonly<Record<string, number>>;
  /** The agent took the caller aloud, and nothing of its greeting has been heard yet. */
  readonly greets: boolean;
  readonly facts: readonly KnownFact[];
  /** By agent: facts learned before it came that it may know. What is learned while it has the caller it knows. */
  readonly sees: Readonly<Record<string, Sight>>;
}

/** By the name of the fact: as it is, or masked. */
export type Sight = Readonly<Record<string, 'clear' | 'masked'>>;

/** What an agent that takes the caller may know. */
export interface Shares {
  /** Of what was said before. */
  knowsAll: boolean;
  facts: 'all' | readonly string[];
  personal: 'keep' | 'mask';
}

export interface Change extends Shares {
  to: string;
  kind: 'announced' | 'discreet';
}

export function castOf(agent: string): Cast {
  const sees = { [agent]: { [earlierCalls]: 'clear' } } as const;
  return { agent, stint: 0, visits: { [agent]: 1 }, greets: false, facts: [], sees };
}

/** Seen as facts are, by whom it is given with all of them; no fact has a name like it. */
const earlierCalls = 'earlier calls';

/** How the agent that has the caller may know what is remembered of earlier calls; undefined: not at all. */
export const earlierCallsSeen = (cast: Cast): 'clear' | 'masked' | undefined => sightOf(cast, cast.agent)[earlierCalls];

/** Another agent takes the caller. What it learned on an earlier visit it still knows. */
export function took(cast: Cast, { to, kind, facts, personal }: Change): Cast {
  const shared = Object.entries(sightOf(cast, cast.agent)).flatMap(([name, sight]): [string, Sight[string]][] => {
    if (facts !== 'all' && !facts.includes(name)) return [];
    return [[name, personal === 'mask' ? 'masked' : sight]];
  });
  const own = sightOf(cast, to);
  const sees = { ...own, ...Object.fromEntries(shared.filter(([name]) => own[name] !== 'clear')) };
  return {
    ...cast,
    agent: to,
    stint: cast.stint + 1,
    visits: { ...cast.visits, [to]: visitsOf(cast, to) + 1 },
    greets: kind === 'announced',
    sees: { ...cast.sees, [to]: sees },
  };
}

/** The agent goes on in another language. */
export const speaks = (cast: Cast, language: string): Cast => ({ ...cast, language });

/** The caller has heard the agent that has them. */
export const heardOf = (cast: Cast): Cast => (cast.greets ? { ...cast, greets: false } : cast);

/** A later fact of the same name takes the place of an earlier one; what the caller says never that of what is made sure of. */
export function learned(cast: Cast, fact: KnownFact): Cast {
  const before = cast.facts.find(({ name }) => name === fact.name);
  if (before?.by === 'tool' && fact.by === 'agent') return cast;
  if (before?.value === fact.value && before.by === fact.by && sightOf(cast, cast.agent)[fact.name] === 'clear')
    return cast;
  const facts = [...cast.facts.filter(({ name }) => name !== fact.name), fact];
  // Who has left knows the fact as it was, and not what became of it since.
  const others = before?.value === fact.value ? cast.sees : withoutFact(cast.sees, fact.name);
  const sight: Sight = { ...sightOf(cast, cast.agent), [fact.name]: 'clear' };
  return { ...cast, facts, sees: { ...others, [cast.agent]: sight } };
}

export const visitsOf = (cast: Cast, agent: string): number => cast.visits[agent] ?? 0;

/** Facts that tools have made sure of; the only ones that open gates. */
export const established = ({ facts }: Cast): Readonly<Record<string, string>> =>
  Object.fromEntries(facts.flatMap(({ name, value, by }) => (by === 'tool' ? [[name, value]] : [])));

/** What the agent that has the caller may know, `masked` where it may only know it so. */
export function factsSeen(cast: Cast): readonly (KnownFact & { masked: boolean })[] {
  const sight = sightOf(cast, cast.agent);
  return cast.facts.flatMap(fact => {
    const how = sight[fact.name];
    return how ? [{ ...fact, masked: how === 'masked' }] : [];
  });
}

const sightOf = ({ sees }: Cast, agent: string): Sight => sees[agent] ?? {};

const withoutFact = (sees: Cast['sees'], fact: string): Cast['sees'] =>
  Object.fromEntries(
    Object.entries(sees).map(([agent, sight]) => [
      agent,
      Object.fromEntries(Object.entries(sight).filter(([name]) => name !== fact)),
    ]),
  );
