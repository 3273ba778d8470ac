import { atLeast, atMost, type Benchmark, machine, spread } from './result.ts';
import { startProgram } from './stand-in.ts';

/** What passing a caller from one agent to the next costs beside its model, with the agents that are shipped. */
interface Figures {
  toGreetingMs: number[];
  toModelMs: number[];
  floorMs: number[];
  ways: number;
}

const handoffs = 2000;
const fewHandoffs = 1000;
/** The first ones pay for code that nobody has run before. */
const warmUp = 50;

export const agents: Benchmark = {
  about: 'what a handoff between agents costs beside its model',
  run: async (_, { quick }) => {
    const count = (quick ? fewHandoffs : handoffs) + warmUp;
    const program = await startProgram<Figures>('media-host/agent/testing/handoff-figures.ts', [
      'agents',
      String(count),
    ]);
    const { toGreetingMs, toModelMs, floorMs, ways } = program.ready;
    await program.stop();
    const greeting = spread(toGreetingMs.slice(warmUp));
    const model = spread(toModelMs.slice(warmUp));
    const floor = spread(floorMs.slice(warmUp));
    return {
      name: 'agents',
      machine: machine(),
      metrics: {
        'a handoff wanted to the next agent’s greeting, ms': greeting,
        'a handoff wanted to the next agent’s model asked, ms': model,
        'floor: a tool that is not there to the model asked, ms': floor,
        'ways between agents that were taken': ways,
      },
      promises: [
        atLeast('handoffs measured', 1000, model.n, 'handoffs'),
        atMost('handoff wanted to the next agent’s model asked, p99', 10, model.p99, 'ms'),
        atMost('handoff wanted to the next agent’s greeting, p99', 10, greeting.p99, 'ms'),
      ],
    };
  },
};
