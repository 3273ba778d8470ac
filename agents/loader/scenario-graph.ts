/** What can be said of a scenario's handoffs as a drawing: whom no caller reaches, and what no caller leaves. */
export interface Graph {
  agents: readonly string[];
  start: string;
  edges: readonly { from: string; to: string }[];
}

/** Agents that no caller can get to. */
export function unreachable(graph: Graph): string[] {
  const reached = reachableFrom(graph, graph.start);
  return graph.agents.filter(agent => agent !== graph.start && !reached.has(agent));
}

/**
 * Agents that can only hand a caller around among themselves, each such circle once.
 * @param letsGo whether an agent can end the call or find a person
 */
export function deadEnds(graph: Graph, letsGo: (agent: string) => boolean): string[][] {
  const reached = new Map(graph.agents.map(agent => [agent, reachableFrom(graph, agent)]));
  const circleOf = (agent: string) =>
    graph.agents.filter(other => reached.get(agent)?.has(other) && reached.get(other)?.has(agent));
  return graph.agents
    .map(agent => ({ agent, circle: circleOf(agent) }))
    .filter(({ agent, circle }) => circle.length > 1 && circle[0] === agent)
    .map(({ circle }) => circle)
    .filter(
      circle =>
        !circle.some(letsGo) && graph.edges.every(({ from, to }) => !circle.includes(from) || circle.includes(to)),
    );
}

/** By at least one handoff. */
function reachableFrom({ edges }: Graph, agent: string): ReadonlySet<string> {
  const reached = new Set<string>();
  const open = [agent];
  for (let at = open.pop(); at !== undefined; at = open.pop())
    for (const { from, to } of edges)
      if (from === at && !reached.has(to)) {
        reached.add(to);
        open.push(to);
      }
  return reached;
}
