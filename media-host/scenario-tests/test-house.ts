import { join } from 'node:path';
import { type Agent, type Agents, agentsOf } from '../../agents/loader/load.ts';
import type { Scenario } from '../../agents/loader/scenario.ts';
import { sampleRecords } from '../../agents/testing/sample-records.ts';
import type { Office, Tool } from '../../agents/tool.ts';
import type { CallerMemory } from '../../contracts/caller-memory.ts';
import { firstTry } from '../../contracts/control.ts';
import { CallError } from '../../contracts/error.ts';
import type { ScenarioTest } from '../../contracts/scenario-test.ts';
import type { CarryOut } from '../agent/tools/outside-effects.ts';
import type { ToolSupply } from '../agent/tools/run-tools.ts';
import type { RealWork } from './real-work.ts';

/**
 * What stands around the agents in a test: their own tools, on the records of the folder in memory, effects carried out
 * once under their key as the control plane does, and what is remembered of the caller.
 */
export interface TestHouse {
  agents: Agents;
  scenario: Scenario;
  supply: ToolSupply;
  carryOut: CarryOut;
  memory?: CallerMemory;
  /** How often effects were carried out, by tool. */
  effects(): Readonly<Record<string, number>>;
}

export interface TestHouseParts {
  folder: string;
  agents: Agents;
  test: ScenarioTest;
  work: RealWork;
  /** Epoch milliseconds. */
  now(): number;
}

export async function testHouse({ folder, agents, test, work, now }: TestHouseParts): Promise<TestHouse> {
  const records = await sampleRecords(join(folder, 'data'));
  const scenario = withTools(agents.scenario(test.scenario), tool => toolOf(tool, test.tools[tool.name], work));
  const tools = [...scenario.agents.values()].flatMap(agent => agent.tools);
  const carried: Record<string, number> = {};
  const done = new Map<string, Promise<unknown>>();
  const { from } = test.caller;

  const carryOut: CarryOut = (callId, { key, tool: name, arguments: asked, facts = {} }, signal) => {
    const before = done.get(key);
    if (before) return before;
    const tool = tools.find(each => each.effect && each.name === name);
    if (!tool) throw new CallError('TOOL_FAILED', { tool: name, reason: 'no such effect' });
    if (!tool.needs.every(fact => Object.hasOwn(facts, fact)))
      throw new CallError('TOOL_NOT_ALLOWED', { tool: name, needs: tool.needs.join(', ') });
    carried[name] = (carried[name] ?? 0) + 1;
    const idempotencyKey = `${callId}:${firstTry(key)}`;
    const context = { callId, signal, now, idempotencyKey, established: facts, data: records.changing, office };
    const running = (async () => tool.parseResult(await tool.run(tool.parse(asked), context)))().catch(cause => {
      throw new CallError('TOOL_FAILED', { tool: name, reason: 'as the test says, or by itself' }, { cause });
    });
    done.set(key, running);
    return running;
  };

  const memory = memoryOf(test, now());
  return {
    agents: agentsOf([...scenario.agents.values()], [scenario], folder),
    scenario,
    supply: { data: records.reading, ringsFrom: number => number === from, chance: () => 0.5 },
    carryOut,
    ...(memory && { memory }),
    effects: () => ({ ...carried }),
  };
}

/** Sent and rung is nothing in a test; that it was asked for is counted as an effect. */
const office: Office = { sendSummary: async () => undefined, callBack: async () => undefined };

function withTools(scenario: Scenario, map: (tool: Tool) => Tool): Scenario {
  const agents = [...scenario.agents].map(([name, agent]): [string, Agent] => [
    name,
    { ...agent, tools: agent.tools.map(map) },
  ]);
  return { ...scenario, agents: new Map(agents) };
}

function toolOf(tool: Tool, how: ScenarioTest['tools'][string] | undefined, work: RealWork): Tool {
  if (how === undefined) return work.of(tool);
  const never = () => new Promise<never>(() => undefined);
  const fails = () => {
    throw new Error('as the test says');
  };
  return { ...tool, run: how === 'fails' ? fails : how === 'hangs' ? never : () => how.answers };
}

function memoryOf({ caller: { name, facts } }: ScenarioTest, now: number): CallerMemory | undefined {
  const known = { ...facts, ...(name !== undefined && { name }) };
  if (Object.keys(known).length === 0) return undefined;
  const at = now - 86_400_000;
  const remembered = Object.entries(known).map(([fact, value]) => [fact, { value, at, callId: 'a'.repeat(32) }]);
  return { facts: Object.fromEntries(remembered), calls: [] };
}
