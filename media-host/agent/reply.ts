import type { Agent } from '../../agents/load.ts';
import { CallError, type ErrorCode } from '../../contracts/error.ts';
import { type Answer, askModel, type Piece } from './ask-model.ts';
import { type History, itemsOf, spoke, usedTools } from './history.ts';
import type { ChatModel, ModelTool } from './model.ts';
import { runTool, type ToolCall, type ToolRun } from './run-tool.ts';
import type { Account, RuntimeEvent } from './runtime-event.ts';

/**
 * One reply of an agent: asks the model, runs the tools it wants, asks again, and ends in sentences, an apology, or
 * silence where it was given up. It never throws for what a model or a tool does.
 */
export interface ReplyWork {
  turn: number;
  epoch: number;
  /** Aborts when the reply is given up. */
  signal: AbortSignal;
  callId: string;
  agent: Agent;
  /** The prompt, rendered. */
  instructions(): string;
  model: ChatModel;
  /** Name of the deployment. */
  deployment: string;
  conversation: { history: History };
  limits: ReplyLimits;
  /** Told only while the reply is current. */
  speak(event: RuntimeEvent): void;
  /** Told always. */
  account(event: Account): void;
  now(): number;
  monotonicUs(): number;
  after(ms: number, run: () => void): () => void;
}

export interface ReplyLimits {
  /** Longest wait for the model's first token, and between tokens. */
  silenceMs: number;
  /** After so many rounds of tools the model has to answer without. */
  toolRounds: number;
}

export const apology = "I'm sorry, I can't answer right now. Please try again.";

export async function runReply(work: ReplyWork): Promise<void> {
  const { turn, epoch, signal, limits, agent } = work;
  const sentences: string[] = [];
  for (let round = 0; ; round++) {
    const mayUseTools = round < limits.toolRounds;
    const before = sentences.length;
    let answer: Answer | undefined;
    try {
      answer = await askTwice(work, mayUseTools ? agent.tools.map(modelTool) : [], sentences);
    } catch (error) {
      return fail(work, error instanceof CallError ? error.code : 'AGENT_FAILED', sentences.length > before);
    }
    if (!answer) return;
    if (answer.calls.length === 0 || !mayUseTools) break;
    await runTools(work, answer.calls);
    if (signal.aborted) return;
  }
  if (sentences.length === 0) return fail(work, 'MODEL_EMPTY', false);
  work.speak({ type: 'reply-ended', turn, epoch, text: sentences.join(' ') });
}

/** Ends a reply that got no answer: with an apology, unless the caller was already given a part of the answer. */
export function fail(work: ReplyWork, code: ErrorCode, answerBegun: boolean): void {
  try {
    const us = work.monotonicUs();
    if (!answerBegun) say(work, [], { text: apology, askedUs: us, firstTokenUs: us, cutUs: us });
  } finally {
    work.speak({ type: 'reply-failed', turn: work.turn, epoch: work.epoch, code });
  }
}

/** A model that failed is asked once more, unless something of its answer has already been said. */
async function askTwice(work: ReplyWork, tools: ModelTool[], sentences: string[]): Promise<Answer | undefined> {
  const before = sentences.length;
  try {
    return await ask(work, tools, sentences);
  } catch (error) {
    if (work.signal.aborted || sentences.length > before) throw error;
    return await ask(work, tools, sentences);
  }
}

function ask(work: ReplyWork, tools: ModelTool[], sentences: string[]): Promise<Answer | undefined> {
  const { agent, model, signal, limits, monotonicUs, after, turn, epoch, instructions } = work;
  const { definition, version } = agent;
  return askModel({
    model,
    request: {
      model: work.deployment,
      instructions: instructions(),
      history: itemsOf(work.conversation.history),
      tools,
      cacheKey: `${definition.name}:${version}`,
      maxOutputTokens: definition.model.maxOutputTokens,
      temperature: definition.model.temperature,
    },
    signal,
    silenceMs: limits.silenceMs,
    monotonicUs,
    after,
    sentence: piece => say(work, sentences, piece),
    ran: account => work.account({ type: 'model-ran', turn, epoch, ...account }),
  });
}

function say(work: ReplyWork, sentences: string[], piece: Piece): void {
  const { turn, epoch, conversation, signal } = work;
  if (signal.aborted) return;
  conversation.history = spoke(conversation.history, turn, piece.text);
  work.speak({ type: 'sentence', turn, epoch, index: sentences.length, ...piece });
  sentences.push(piece.text);
}

/** All calls of a round run side by side; their outputs enter the history together, when the last has come. */
async function runTools(work: ReplyWork, calls: readonly ToolCall[]): Promise<void> {
  const runs = await Promise.all(calls.map(call => runOne(work, call)));
  const exchanges = calls.flatMap((call, at) => {
    const run = runs[at];
    return run ? [{ callId: call.callId, name: call.name, arguments: call.arguments, output: run.output }] : [];
  });
  work.conversation.history = usedTools(work.conversation.history, work.turn, exchanges);
}

async function runOne(work: ReplyWork, call: ToolCall): Promise<ToolRun | undefined> {
  const { agent, turn, epoch, callId, now, after, monotonicUs } = work;
  const tool = agent.tools.find(({ functionName }) => functionName === call.name);
  if (tool) work.speak({ type: 'tool-started', turn, epoch, name: tool.name });
  const startedUs = monotonicUs();
  const run = await runTool(tool, call, { callId, now, after, ...(!tool?.effect && { signal: work.signal }) });
  if (!run) return undefined;
  const ms = Math.max(0, Math.round((monotonicUs() - startedUs) / 1000));
  const outcome = { name: run.name, ok: run.code === undefined, ms, ...(run.code !== undefined && { code: run.code }) };
  work.account({ type: 'tool-ran', turn, epoch, ...outcome });
  return run;
}

function modelTool({ functionName, description, parameters }: Agent['tools'][number]): ModelTool {
  return { name: functionName, description, parameters };
}
