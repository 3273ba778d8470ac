import type { CallEvent } from './call-event.ts';

/** What models have cost one agent in one call. */
export interface AgentCost {
  agent: string;
  model: string;
  requests: number;
  inTok: number;
  outTok: number;
  /** Millionths of a US dollar. */
  micros: number;
}

/**
 * By agent and model, of the requests whose price is known. A request is the agent's that had the caller when it ended.
 *
 * @param events in their order
 */
export function callCost(entryAgent: string, events: readonly CallEvent[]): AgentCost[] {
  const costs = new Map<string, AgentCost>();
  let agent = entryAgent;
  for (const event of events) {
    if (event.type === 'media-opened') agent = event.agent;
    else if (event.type === 'agent-changed') agent = event.to;
    else if (event.type === 'model-ran' && event.costMicros !== undefined) {
      const { model, inputTokens, outputTokens, costMicros } = event;
      const key = `${agent} ${model}`;
      const { requests, inTok, outTok, micros } = costs.get(key) ?? { requests: 0, inTok: 0, outTok: 0, micros: 0 };
      costs.set(key, {
        agent,
        model,
        requests: requests + 1,
        inTok: inTok + inputTokens,
        outTok: outTok + outputTokens,
        micros: micros + costMicros,
      });
    }
  }
  return [...costs.values()];
}
