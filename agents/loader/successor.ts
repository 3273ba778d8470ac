import type { Agents } from './load.ts';

/**
 * The agents of a folder that was edited. A call that was let in a moment ago may name one that is gone: it still gets it
 * as it was.
 */
export function succeeding(fresh: Agents, before: Agents): Agents {
  return {
    names: fresh.names,
    scenarios: fresh.scenarios,
    get: name => (fresh.names.includes(name) ? fresh : before).get(name),
    scenario: name => (fresh.scenarios.includes(name) ? fresh : before).scenario(name),
  };
}
