import { masked } from '../../../contracts/masked.ts';
import { untilCommitted } from '../commitment.ts';
import { changedAgent, gaveData, saidLast, usedTools } from '../history.ts';
import type { ReplyWork } from '../reply.ts';
import type { ToolCall } from '../tools/run-tool.ts';
import { briefing, decideHandoff, handOffTool, oneHandoffOnly } from './handoff.ts';

/**
 * Does what the model asked for with `hand_off`: from here on another agent has the caller, in this reply already, and it
 * stays so whatever becomes of the reply. It happens in one step once the caller's words are certain.
 */
export interface HandOver {
  /** `false`: there were enough handoffs in this reply. */
  mayChange: boolean;
  /** Speaks words of the page of the agent that has the caller then. */
  say(text: string): void;
}

/** @returns whether another agent has the caller; otherwise the model has been told why not */
export async function handOver(
  work: ReplyWork,
  calls: readonly ToolCall[],
  { mayChange, say }: HandOver,
): Promise<boolean> {
  const { turn, epoch, agents, scenario, conversation } = work;
  if (work.commitment.pending) {
    await untilCommitted(work);
    if (work.signal.aborted) return false;
  }
  const [first] = calls;
  if (!first) return false;
  const decision = decideHandoff(first, scenario, agents.cast);
  if (!decision.allowed || !mayChange) {
    const [code, output] = decision.allowed
      ? (['HANDOFF_NOT_ALLOWED', oneHandoffOnly] as const)
      : ([decision.code, decision.output] as const);
    const exchanges = calls.map((call, at) => ({ ...exchangeOf(call), output: at === 0 ? output : oneHandoffOnly }));
    conversation.history = usedTools(conversation.history, turn, exchanges);
    work.account({ type: 'tool-ran', turn, epoch, name: handOffTool, ok: false, ms: 0, code });
    return false;
  }

  const { edge, reason, summary } = decision;
  if (edge.says !== undefined) say(edge.says);
  const from = agents.cast.agent;
  const masks = edge.shares.personal === 'mask';
  agents.change(decision);
  const { stint, visits } = agents.cast;
  const context = briefing(agents.cast, { from, reason, summary, said: saidLast(conversation.history), masks });
  const knowsAll = edge.shares.history;
  conversation.history = changedAgent(conversation.history, turn, {
    from,
    to: edge.to,
    stint,
    knowsAll,
    masked: masks,
  });
  const { kind } = edge;
  const { facts, personal } = edge.shares;
  const told = { from, kind, visit: visits[edge.to] ?? 1, reason: masked(reason), context, knowsAll, facts, personal };
  work.account({ type: 'agent-changed', turn, epoch, card: agents.card, ...told });
  const greeting = agents.greeting(epoch);
  if (greeting !== undefined) say(greeting);
  conversation.history = gaveData(conversation.history, turn, context);
  return true;
}

const exchangeOf = ({ callId, name, arguments: written }: ToolCall) => ({ callId, name, arguments: written });
