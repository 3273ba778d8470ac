import type { AgentDefinition } from '../../contracts/agent.ts';
import { type CallerMemory, nameFact } from '../../contracts/caller-memory.ts';
import { masked } from '../../contracts/masked.ts';
import { oneLine } from '../../contracts/one-line.ts';

/**
 * What is remembered of the caller, as this call uses it: a name to greet them by, and material for the model. Whatever is
 * in it was said by a caller once, so it is data and gives no orders; a name is spoken only where it looks like one.
 */
const sane = /^\p{L}[\p{L}\p{M}]*(?:[ '’-]{1,2}\p{L}[\p{L}\p{M}]*)*$/u;
const longestName = 40;

/** Undefined where no name is remembered, or what was taken for one cannot be said. */
export function rememberedName({ facts }: CallerMemory): string | undefined {
  const fact = Object.hasOwn(facts, nameFact) ? facts[nameFact] : undefined;
  const name = fact?.value.normalize('NFC').replace(/\s+/g, ' ').trim() ?? '';
  return name.length <= longestName && sane.test(name) ? name : undefined;
}

export interface Opening {
  text: string;
  /** The name that is in it. */
  name?: string;
}

/** What the agent says first. */
export function openingOf({ greeting, knownGreeting }: AgentDefinition, memory: CallerMemory | undefined): Opening {
  const name = memory && rememberedName(memory);
  if (name === undefined || knownGreeting === undefined) return { text: greeting };
  return { text: knownGreeting.replaceAll('{name}', name), name };
}

const longest = 2000;
/** Of the facts, so that calls have their part. */
const longestFacts = 1300;

interface Recalled {
  /** What the caller said of themselves in earlier calls; nothing of it was made sure of. */
  said: Record<string, string>;
  /** The newest first. */
  calls: { when: string; agent: string; summary?: string }[];
}

/**
 * JSON for the model, at most 2,000 characters, the newest first; undefined where there is nothing to tell.
 *
 * @param hides numbers and what is personal, from an agent that may not know them
 * @param known facts of this call, which are later
 */
export function recalledText(memory: CallerMemory, hides: boolean, known: readonly string[]): string | undefined {
  const told: Recalled = { said: {}, calls: [] };
  const text = () => JSON.stringify({ earlierCalls: told });
  const facts = Object.entries(memory.facts).filter(([name]) => !hides && !known.includes(name));
  for (const [name, { value }] of facts.sort(([, a], [, b]) => b.at - a.at)) {
    told.said[name] = oneLine(value);
    if (text().length > longestFacts) delete told.said[name];
  }
  for (const { at, agent, summary } of [...memory.calls].sort((a, b) => b.at - a.at)) {
    const shown = summary === undefined || !hides ? summary : masked(summary);
    const when = `${new Date(at).toISOString().slice(0, 16)}Z`;
    told.calls.push({ when, agent, ...(shown !== undefined && { summary: oneLine(shown) }) });
    if (text().length <= longest) continue;
    told.calls.pop();
    break;
  }
  return told.calls.length === 0 && Object.keys(told.said).length === 0 ? undefined : text();
}
