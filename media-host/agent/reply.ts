import type { Agent } from '../../agents/load.ts';
import { phrasesOf } from '../../contracts/agent-phrases.ts';
import { CallError, type ErrorCode } from '../../contracts/error.ts';
import { type Answer, type Asking, askModel, type Deadlines, type Piece } from './ask-model.ts';
import type { BegunEffects } from './begun-effects.ts';
import type { Commitment } from './commitment.ts';
import type { Guess } from './guess.ts';
import { type History, itemsOf, spoke, usedTools } from './history.ts';
import type { ChatModel } from './model.ts';
import { questionOf } from './model-request.ts';
import type { StatementWatch } from './must-be-heard.ts';
import type { OutsideEffects } from './outside-effects.ts';
import { runTool, type ToolCall, type ToolRun } from './run-tool.ts';
import type { Account, RuntimeEvent } from './runtime-event.ts';
import type { CallMeans } from './tool-means.ts';

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
  /** Effects wait for it. */
  commitment: Commitment;
  /** What earlier replies began. */
  effects: BegunEffects;
  /** Where effects are carried out; absent: here. */
  outside?: OutsideEffects | undefined;
  /** What the call can do for this reply's tools. */
  means: ReturnType<CallMeans['of']>;
  /** Has seen nothing of this reply yet. */
  statements: StatementWatch;
  /** A request made before the turn was certain; used where it asked the same, dropped where it did not. */
  guess?: Guess | undefined;
  /** Told only while the reply is current. */
  speak(event: RuntimeEvent): void;
  /** Told always. */
  account(event: Account): void;
  now(): number;
  monotonicUs(): number;
  after(ms: number, run: () => void): () => void;
}

export interface ReplyLimits {
  /** Longest waits for the model's first token, and between tokens. */
  firstTokenMs: number;
  betweenTokensMs: number;
  /** Longest of both when it is asked a second time. */
  retryMs: number;
  /** Longest wait of an effect for the final transcript of words that were acted upon before. */
  finalWithinMs: number;
  /** After so many rounds of tools the model has to answer without. */
  toolRounds: number;
}

export async function runReply(work: ReplyWork): Promise<void> {
  const { turn, epoch, signal, limits } = work;
  const sentences: string[] = [];
  for (let round = 0; ; round++) {
    const mayUseTools = round < limits.toolRounds;
    const before = sentences.length;
    let answer: Answer | undefined;
    try {
      answer = await askTwice(work, mayUseTools, sentences);
    } catch (error) {
      return fail(work, error instanceof CallError ? error.code : 'AGENT_FAILED', sentences.length > before);
    }
    if (!answer) return;
    if (answer.finish === 'content-filter' && sentences.length === before) return fail(work, 'MODEL_REFUSED', false);
    if (answer.calls.length === 0 || !mayUseTools) break;
    await runTools(work, answer.calls);
    if (signal.aborted) return;
    if (work.means.handsOver()) return work.speak({ type: 'reply-ended', turn, epoch, text: sentences.join(' ') });
  }
  if (sentences.length === 0) return fail(work, 'MODEL_EMPTY', false);
  work.speak({ type: 'reply-ended', turn, epoch, text: sentences.join(' ') });
}

/** Ends a reply that got no answer: with words of the agent's own, unless the caller was already given a part of it. */
export function fail(work: ReplyWork, code: ErrorCode, answerBegun: boolean): void {
  try {
    const us = work.monotonicUs();
    const { apology, refusal } = phrasesOf(work.agent.definition);
    const text = code === 'MODEL_REFUSED' ? refusal : apology;
    if (!answerBegun) say(work, [], { text, fixed: true, askedUs: us, firstTokenUs: us, cutUs: us });
  } finally {
    work.speak({ type: 'reply-failed', turn: work.turn, epoch: work.epoch, code });
  }
}

/** A model that fails or answers nothing is asked once more, unless something of its answer has already been said. */
async function askTwice(work: ReplyWork, mayUseTools: boolean, sentences: string[]): Promise<Answer | undefined> {
  const { signal, limits } = work;
  const before = sentences.length;
  try {
    const answer = await ask(work, mayUseTools, sentences, limits);
    const filtered = answer?.finish === 'content-filter';
    const called = mayUseTools && answer !== undefined && answer.calls.length > 0;
    if (!answer || filtered || called || sentences.length > before) return answer;
  } catch (error) {
    if (signal.aborted || sentences.length > before) throw error;
  }
  return await ask(work, mayUseTools, sentences, {
    firstTokenMs: Math.min(limits.firstTokenMs, limits.retryMs),
    betweenTokensMs: Math.min(limits.betweenTokensMs, limits.retryMs),
  });
}

function ask(
  work: ReplyWork,
  mayUseTools: boolean,
  sentences: string[],
  { firstTokenMs, betweenTokensMs }: Deadlines,
): Promise<Answer | undefined> {
  const { agent, deployment, model, signal, guess, monotonicUs, after, turn, epoch } = work;
  const request = questionOf({
    agent,
    deployment,
    instructions: work.instructions(),
    history: itemsOf(work.conversation.history),
    mayUseTools,
  });
  const reply: Pick<Asking, 'sentence' | 'ran'> = {
    sentence: piece => say(work, sentences, piece),
    ran: account => work.account({ type: 'model-ran', turn, epoch, ...account }),
  };
  if (guess?.answers(request)) return guess.adopt(signal, reply);
  guess?.drop();
  const deadlines = { firstTokenMs, betweenTokensMs };
  return askModel({ model, request, signal, deadlines, monotonicUs, after, ...reply });
}

function say(work: ReplyWork, sentences: string[], piece: Piece): void {
  const { turn, epoch, conversation, signal } = work;
  if (signal.aborted) return;
  conversation.history = spoke(conversation.history, turn, piece.text);
  const mustBeHeard = work.statements.mustBeHeard(piece.text);
  work.speak({ type: 'sentence', turn, epoch, index: sentences.length, mustBeHeard, ...piece });
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
  if (tool) work.speak({ type: 'tool-started', turn, epoch, name: tool.name, holdWords: tool.holdWords });
  if (tool?.effect && work.commitment.pending) {
    await work.commitment.pending;
    if (work.signal.aborted) return undefined;
  }
  const effect = { turn, epoch, name: call.name, arguments: call.arguments };
  const shared = tool?.effect ? work.effects.shared(effect) : undefined;
  if (shared) return await shared;
  const startedUs = monotonicUs();
  const outside =
    tool?.effect &&
    work.outside?.of(tool, turn, call.arguments, began => work.account({ type: 'effect-began', epoch, ...began }));
  const running = runTool(outside || tool, call, {
    callId,
    now,
    after,
    settings: agent.definition.toolSettings,
    ...(!tool?.effect && { signal: work.signal, means: work.means }),
  });
  if (tool?.effect) work.effects.began(effect, running);
  const run = await running;
  if (!run) return undefined;
  const ms = Math.max(0, Math.round((monotonicUs() - startedUs) / 1000));
  const outcome = { name: run.name, ok: run.code === undefined, ms, ...(run.code !== undefined && { code: run.code }) };
  work.account({ type: 'tool-ran', turn, epoch, ...outcome });
  return run;
}
