import { z } from 'zod';
import type { Agent } from '../../../agents/loader/load.ts';
import type { Scenario } from '../../../agents/loader/scenario.ts';
import { masked } from '../../../contracts/masked.ts';
import { oneLine } from '../../../contracts/one-line.ts';
import type { HandoffEdge } from '../../../contracts/scenario.ts';
import type { ModelTool } from '../model/model.ts';
import type { ToolCall } from '../tools/run-tool.ts';
import { type Cast, established, factsSeen } from './cast.ts';

/**
 * Handing the caller from one agent to another: what the model is offered, whether what it asks for is allowed, and what
 * the next agent is told. The scenario's edges decide, and facts that tools have made sure of; nothing a model or a caller
 * says opens another way.
 */
export const handOffName = 'hand_off';
/** In the record, among tools, where it was refused. */
export const handOffTool = 'hand-off';

const longestReason = 160;
const longestSummary = 1200;

const wish = z.object({ to: z.string(), reason: z.string().default(''), summary: z.string().default('') });

/** Undefined where the agent may hand the caller to nobody. */
export function offeredHandoffs(scenario: Scenario, agent: string): ModelTool | undefined {
  const edges = scenario.handoffsFrom(agent);
  if (edges.length === 0) return undefined;
  const colleagues = edges.map(({ to, when, says }) => {
    const about = scenario.agents.get(to)?.definition.description ?? '';
    const spoken = says === undefined ? '' : ' What the caller hears of it is said for you: add no words of your own.';
    return `- ${to}: ${about} Hand over when: ${when}${spoken}`;
  });
  return {
    name: handOffName,
    description: [
      'Hands the caller over to a colleague, who goes on with the call in your place. Colleagues:',
      ...colleagues,
    ].join('\n'),
    parameters: {
      type: 'object',
      properties: {
        to: { type: 'string', enum: edges.map(({ to }) => to), description: 'The colleague' },
        reason: { type: 'string', description: 'Why, in a few words' },
        summary: { type: 'string', description: 'What the caller wants and what is known, in one to three sentences' },
      },
      required: ['to', 'reason', 'summary'],
      additionalProperties: false,
    },
  };
}

export type Decision =
  | { allowed: true; edge: HandoffEdge; to: Agent; reason: string; summary: string }
  /** `output` tells the model why, and what is missing. */
  | { allowed: false; code: 'HANDOFF_NOT_ALLOWED' | 'TOOL_ARGUMENTS_INVALID'; output: string };

export function decideHandoff({ arguments: written }: ToolCall, scenario: Scenario, cast: Cast): Decision {
  const asked = wish.safeParse(json(written));
  if (!asked.success) return refused('TOOL_ARGUMENTS_INVALID', { problems: ['give to, reason and summary'] });
  const edges = scenario.handoffsFrom(cast.agent);
  const edge = edges.find(({ to }) => to === asked.data.to);
  const to = edge && scenario.agents.get(edge.to);
  if (!edge || !to) return refused('HANDOFF_NOT_ALLOWED', { allowed: edges.map(each => each.to) });
  const known = established(cast);
  const missing = edge.needs.filter(name => !Object.hasOwn(known, name));
  if (missing.length > 0)
    return refused('HANDOFF_NOT_ALLOWED', { to: edge.to, missing, cure: 'a tool must establish it' });
  const { reason, summary } = asked.data;
  return { allowed: true, edge, to, reason: oneLine(reason, longestReason), summary: oneLine(summary, longestSummary) };
}

/** To the model, of calls that came beside one that counts. */
export const oneHandoffOnly = JSON.stringify({ error: 'HANDOFF_NOT_ALLOWED', reason: 'one handoff at a time' });

export interface Briefing {
  from: string;
  reason: string;
  summary: string;
  /** What the caller said last. */
  said: string;
  masks: boolean;
}

const longestBriefing = 2000;
const longestSaid = 500;

/**
 * What the agent that has just got the caller is told: JSON, at most 2,000 characters, without control characters. Data
 * for its model and never instructions, since a caller's words and another model's are in it.
 *
 * @param cast as it is with the new agent
 */
export function briefing(cast: Cast, { from, reason, summary, said, masks }: Briefing): string {
  const clean = (text: string, most: number) => oneLine(masks ? masked(text) : text, most);
  const told = {
    handoff: { from, reason: clean(reason, longestReason) },
    summary: clean(summary, longestSummary),
    said: clean(said, longestSaid),
  };
  const facts = Object.entries(factsKnown(cast));
  const text = (known: typeof facts, part: typeof told) =>
    JSON.stringify({ ...part, ...(known.length > 0 && { facts: Object.fromEntries(known) }) });
  while (facts.length > 0 && text(facts, told).length > longestBriefing) facts.pop();
  for (let most = longestSummary; text(facts, told).length > longestBriefing; most = Math.floor(most / 2)) {
    told.summary = told.summary.slice(0, most);
    told.said = told.said.slice(0, most);
  }
  return text(facts, told);
}

/** What the agent that has the caller knows, for its model to read; undefined where that is nothing. */
export function knownFacts(cast: Cast): string | undefined {
  const facts = factsKnown(cast);
  return Object.keys(facts).length === 0 ? undefined : JSON.stringify({ facts });
}

const hidden = '(known, not shown)';

function factsKnown(cast: Cast): Record<string, { value: string; from: 'made sure of' | 'the caller says' }> {
  return Object.fromEntries(
    factsSeen(cast).map(({ name, value, by, personal, masked: hides }) => {
      const shown = !hides ? value : personal ? hidden : masked(value);
      return [name, { value: oneLine(shown, 200), from: by === 'tool' ? 'made sure of' : 'the caller says' }];
    }),
  );
}

function refused(code: 'HANDOFF_NOT_ALLOWED' | 'TOOL_ARGUMENTS_INVALID', more: Record<string, unknown>): Decision {
  return { allowed: false, code, output: JSON.stringify({ error: code, ...more }) };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
