import { z } from 'zod';
import type { Agent } from '../../agents/loader/load.ts';
import { defineTool, type Tool, type ToolDefinition } from '../../agents/tool.ts';
import { agentDefinition } from '../../contracts/agent.ts';
import { defaultPhrases } from '../../contracts/agent-phrases.ts';
import { virtualClock } from '../clock.ts';
import { type Line, scriptedModel } from './model/scripted-model.ts';
import { createRuntime, type RuntimeOptions } from './runtime.ts';
import type { RuntimeEvent } from './runtime-event.ts';

/** For the tests of the runtime: a conversation in which the model, the clock and the caller do what the test says. */
const day = z.object({ day: z.string() });
export const hours = (more: Partial<ToolDefinition<typeof day>> = {}) =>
  defineTool({
    name: 'opening-hours',
    description: 'Hours.',
    parameters: day,
    run: () => ({ hours: '9 to 6' }),
    ...more,
  });

export const { apology, refusal } = defaultPhrases('en-US');

export function agentWith(tools: Tool[] = [], more: object = {}): Agent {
  const definition = agentDefinition.parse({
    name: 'reception',
    description: 'Answers',
    greeting: 'Hello, this is Switchboard. How can I help?',
    prompt: 'x',
    ...more,
  });
  const instructions: Agent['instructions'] = ({ today, call }) => `Today is ${today}, call ${call.direction}.`;
  return { definition, version: 'abc', tools, instructions };
}

/** A conversation whose clock and model are scripted; `epoch` is the call's shared number. */
export function conversation(
  scripts: Line[][],
  { tools = [], ...more }: { tools?: Tool[] } & Partial<RuntimeOptions> = {},
) {
  const clock = virtualClock(Date.UTC(2026, 10, 20, 12));
  const model = scriptedModel(...scripts);
  const events: RuntimeEvent[] = [];
  const faults: unknown[] = [];
  const waiters: { matches: (event: RuntimeEvent) => boolean; resolve: () => void }[] = [];
  const shared = { epoch: 0 };
  const runtime = createRuntime({
    callId: '0'.repeat(32),
    agent: agentWith(tools),
    model,
    defaultModel: 'gpt-test',
    isCurrent: epoch => epoch >= shared.epoch,
    now: clock.now,
    monotonicUs: clock.monotonicUs,
    after: clock.after,
    onFault: error => faults.push(error),
    ...more,
    emit: event => {
      events.push(event);
      for (const waiter of waiters.splice(0)) waiter.matches(event) ? waiter.resolve() : waiters.push(waiter);
      more.emit?.(event);
    },
  });
  const of = <T extends RuntimeEvent['type']>(type: T) =>
    events.filter((event): event is Extract<RuntimeEvent, { type: T }> => event.type === type);
  return {
    runtime,
    clock,
    model,
    events,
    faults,
    shared,
    of,
    spoken: () => of('sentence').map(({ text }) => text),
    /** Resolves when an event of this type has been told for the turn. */
    told: (type: RuntimeEvent['type'], turn: number) => {
      const matches = (event: RuntimeEvent) => event.type === type && event.turn === turn;
      if (events.some(matches)) return Promise.resolve();
      return new Promise<void>(resolve => waiters.push({ matches, resolve }));
    },
    /** Barge-in, in the order the call does it. */
    bargeIn: (turn: number, heard: string) => {
      shared.epoch += 1;
      runtime.cancel(shared.epoch);
      runtime.heard(turn, heard, true);
      return shared.epoch;
    },
  };
}

/** Lets everything run that waits for nothing but its turn. */
export const settled = () => new Promise<void>(resolve => setImmediate(resolve));

/** Something the test lets through when it wants. */
export function gate() {
  let open: () => void = () => undefined;
  const passed = new Promise<void>(resolve => {
    open = resolve;
  });
  return { passed, open };
}

export const caller = (text: string) => ({ type: 'caller', text });
export const agent = (text: string) => ({ type: 'agent', text });
