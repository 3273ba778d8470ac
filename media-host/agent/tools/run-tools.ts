import { createHash } from 'node:crypto';
import { z } from 'zod';
import { defineTool, type Tool, type ToolData } from '../../../agents/tool.ts';
import type { ErrorCode } from '../../../contracts/error.ts';
import { untilCommitted } from '../commitment.ts';
import { usedTools } from '../history.ts';
import type { ReplyWork } from '../reply.ts';
import type { Circuits, RunEnd } from './circuit.ts';
import { outcomeCame, underWay } from './late-outcome.ts';
import type { LostEffect } from './outside-effects.ts';
import { refusal, runTool, type ToolCall, type ToolRun, type ToolSurroundings } from './run-tool.ts';

/**
 * The tools that the model wants in one round of a reply. Look-ups end with the reply; an effect that has begun is
 * finished whatever becomes of it, and its outcome finds its place in the history.
 */
export interface ToolWork
  extends Pick<
    ReplyWork,
    | 'turn'
    | 'epoch'
    | 'signal'
    | 'callId'
    | 'agent'
    | 'conversation'
    | 'commitment'
    | 'effects'
    | 'outside'
    | 'means'
    | 'speak'
    | 'account'
    | 'now'
    | 'monotonicUs'
    | 'after'
  > {
  agents: Pick<ReplyWork['agents'], 'established'>;
  supply?: ToolSupply | undefined;
}

/** What the tools of all calls of a process share. */
export interface ToolSupply {
  /** The records of the business, to be looked at. @default there are none */
  data?: ToolData;
  /** Whether the caller of this call rings from a number. @default nobody can tell */
  ringsFrom?: (number: string) => boolean;
  /** @default nothing ever rests */
  circuits?: Circuits;
  /** @default Math.random */
  chance?: () => number;
}

/** One call of a round: `output` once it is known. */
interface Asked {
  call: ToolCall;
  /** Nothing stops it any more. */
  begun: boolean;
  output?: string;
}

/**
 * All calls of a round run side by side; their outputs enter the history together, when the last has come. Where the
 * reply is given up before, what is known enters then, and what is under way says so until it is known.
 */
export async function runTools(work: ToolWork, calls: readonly ToolCall[]): Promise<void> {
  const { signal, conversation, turn } = work;
  const round: Asked[] = calls.map(call => ({ call, begun: false }));
  let entered = false;
  const enter = () => {
    entered = true;
    const exchanges = round.flatMap(({ call, begun, output }) =>
      begun || output !== undefined ? [{ ...call, output: output ?? underWay }] : [],
    );
    conversation.history = usedTools(conversation.history, turn, exchanges);
  };
  signal.addEventListener('abort', enter, { once: true });
  await Promise.all(
    round.map(async asked => {
      const run = await runOne(work, asked.call, () => {
        asked.begun = true;
      });
      if (!run) return;
      asked.output = run.output;
      if (entered) conversation.history = outcomeCame(conversation.history, asked.call.callId, run.output);
    }),
  );
  signal.removeEventListener('abort', enter);
  if (!entered) enter();
}

/** @param begun told when nothing stops it any more */
async function runOne(work: ToolWork, call: ToolCall, begun: () => void): Promise<ToolRun | undefined> {
  const { agent, turn, epoch } = work;
  const tool = agent.tools.find(({ functionName }) => functionName === call.name);
  if (!tool) return noted(work, refusal('unknown', 'TOOL_UNKNOWN', { tool: call.name }));
  const missing = lacking(tool, work.agents.established());
  if (missing.length > 0) return noted(work, refusal(tool.name, 'TOOL_NOT_ALLOWED', { missing }));
  work.speak({ type: 'tool-started', turn, epoch, name: tool.name, holdWords: tool.holdWords });
  if (!tool.effect) return await admitted(work, tool, () => runTool(tool, call, lookUpIn(work)));
  if (work.commitment.pending) {
    await untilCommitted(work);
    if (work.signal.aborted) return undefined;
  }
  begun();
  const effect = { turn, name: call.name, arguments: call.arguments };
  const shared = work.effects.shared(effect);
  if (shared) return await shared;
  const outside = work.outside?.of(tool, turn, call.arguments, fact => {
    const personal = tool.personal.length > 0 ? { personal: [...tool.personal] } : {};
    work.account({ type: 'effect-began', epoch, ...fact, ...personal });
  });
  const running = admitted(work, tool, () => runTool(outside ?? tool, call, effectIn(work)));
  work.effects.began(effect, running);
  return await running;
}

function lacking({ needs }: Tool, established: Readonly<Record<string, string>>): string[] {
  return needs.filter(fact => !Object.hasOwn(established, fact));
}

function effectIn({ callId, now, after, agent, agents, supply }: ToolWork): ToolSurroundings {
  const { data, chance } = supply ?? {};
  return {
    callId,
    now,
    after,
    settings: agent.definition.toolSettings,
    established: agents.established(),
    ...(data && { data }),
    ...(chance && { chance }),
  };
}

function lookUpIn(work: ToolWork): ToolSurroundings {
  const { signal, means, supply } = work;
  return { ...effectIn(work), signal, means, ...(supply?.ringsFrom && { ringsFrom: supply.ringsFrom }) };
}

/** Runs it unless it rests, and notes how it ended. */
async function admitted(
  work: ToolWork,
  { name }: Tool,
  run: () => Promise<ToolRun | undefined>,
): Promise<ToolRun | undefined> {
  const { supply, now, monotonicUs } = work;
  const restMs = supply?.circuits?.admit(name, now()) ?? 0;
  if (restMs > 0) return noted(work, refusal(name, 'TOOL_RESTING'));
  const startedUs = monotonicUs();
  const ended = await run();
  supply?.circuits?.ended(name, endOf(ended), now());
  return noted(work, ended, Math.max(0, Math.round((monotonicUs() - startedUs) / 1000)));
}

const ill: ReadonlySet<ErrorCode> = new Set(['TOOL_TIMED_OUT', 'TOOL_FAILED', 'EFFECT_ABANDONED']);

function endOf(run: ToolRun | undefined): RunEnd {
  if (!run || (run.code !== undefined && !ill.has(run.code))) return 'unknown';
  return run.code === undefined ? 'well' : 'ill';
}

function noted({ account, turn, epoch }: ToolWork, run: ToolRun | undefined, ms = 0): ToolRun | undefined {
  if (!run) return undefined;
  const { name, code, summary } = run;
  const more = { ...(code !== undefined && { code }), ...(summary !== undefined && { summary }) };
  account({ type: 'tool-ran', turn, epoch, name, ok: code === undefined, ms, ...more });
  return run;
}

/** Longest wait for the end of what a lost host had begun. */
const recallMs = 20_000;

/**
 * Before the model is asked: what a lost host had begun is asked after under its key, which also does it where the
 * question was all that was lost. The model reads that it is under way, and then how it ended.
 * @returns the end of the round that the host was lost in; undefined where nothing is to be waited for
 */
export function recallEffects(work: ToolWork): Promise<void> | undefined {
  work.effects.modelAsks();
  const rounds = (work.outside?.lost() ?? []).map(lost => ({ lost, ended: recalled(work, lost) }));
  const mine = rounds.filter(({ lost }) => lost.turn === work.turn);
  if (mine.length === 0) return undefined;
  return untilAborted(work.signal, Promise.all(mine.map(({ ended }) => ended)));
}

async function recalled(work: ToolWork, lost: LostEffect): Promise<void> {
  const { conversation, effects, agents } = work;
  const name = lost.name.replaceAll('-', '_');
  const exchange = { callId: `call_${digestOf(lost.key)}`, name, arguments: lost.arguments || '{}' };
  conversation.history = usedTools(conversation.history, lost.turn, [{ ...exchange, output: underWay }]);
  const running = runTool(asTool(lost, agents.established()), { ...exchange, arguments: '' }, effectIn(work));
  effects.began({ turn: lost.turn, name, arguments: lost.arguments }, running);
  const run = await running;
  if (run) conversation.history = outcomeCame(conversation.history, exchange.callId, run.output);
}

/** Short enough for the id of a call. */
const digestOf = (key: string): string => createHash('sha256').update(key).digest('hex').slice(0, 24);

function untilAborted(signal: AbortSignal, work: Promise<unknown>): Promise<void> {
  return new Promise(resolve => {
    signal.addEventListener('abort', () => resolve(), { once: true });
    void work.then(() => resolve());
  });
}

/** What was checked as it was begun is not checked again: the tool itself may be another agent's. */
function asTool({ name, carryOut }: LostEffect, facts: Readonly<Record<string, string>>): Tool {
  const run: Tool['run'] = (_, { signal }) => carryOut(facts, signal);
  return defineTool({ name, description: '', parameters: z.object({}), effect: true, timeoutMs: recallMs, run });
}
