import type { Agent } from '../../agents/loader/load.ts';
import type { Scenario } from '../../agents/loader/scenario.ts';
import type { AgentDefinition } from '../../contracts/agent.ts';
import { phrasesOf } from '../../contracts/agent-phrases.ts';
import { CallError, type ErrorCode } from '../../contracts/error.ts';
import { cutWhole } from '../speech/sentences.ts';
import type { AgentsOfCall } from './cast/agents-of-call.ts';
import { handOver } from './cast/hand-over.ts';
import { handOffName } from './cast/handoff.ts';
import { itemsOf } from './cast/views.ts';
import type { Commitment } from './commitment.ts';
import { type History, spoke } from './history.ts';
import { type Answer, type Asking, askModel, type Deadlines, type Piece } from './model/ask-model.ts';
import type { Choice, Deployments } from './model/fallback.ts';
import type { Guess } from './model/guess.ts';
import type { ChatModel } from './model/model.ts';
import { questionOf } from './model/model-request.ts';
import type { StatementWatch } from './must-be-heard.ts';
import type { Account, RuntimeEvent } from './runtime-event.ts';
import type { BegunEffects } from './tools/begun-effects.ts';
import type { OutsideEffects } from './tools/outside-effects.ts';
import type { ToolMeans } from './tools/run-tool.ts';
import { recallEffects, runTools, type ToolSupply } from './tools/run-tools.ts';
import type { CallMeans } from './tools/tool-means.ts';

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
  scenario: Scenario;
  agents: AgentsOfCall;
  /** The one that has the caller; another one after a handoff. So are its prompt, deployment, limits and statements. */
  readonly agent: Agent;
  /** The prompt, rendered. */
  instructions(): string;
  model: ChatModel;
  /** Deployments of the agent that has the caller. */
  readonly choice: Choice;
  deployments: Deployments;
  conversation: { history: History };
  readonly limits: ReplyLimits;
  /** Effects wait for it. */
  commitment: Commitment;
  /** What earlier replies began. */
  effects: BegunEffects;
  /** Where effects are carried out; absent: here. */
  outside?: OutsideEffects | undefined;
  /** What the tools of all calls share. */
  supply?: ToolSupply | undefined;
  /** What the call can do for this reply's tools. */
  means: ToolMeans & Pick<ReturnType<CallMeans['of']>, 'handsOver'>;
  /** Has seen nothing of this agent's words in the reply yet. */
  readonly statements: StatementWatch;
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

/** What the agent's page says, and what holds for all, where `more` does not say otherwise. */
export function limitsOf(
  { firstTokenMs, betweenTokensMs, retryMs }: AgentDefinition['model'],
  more: Partial<ReplyLimits> = {},
): ReplyLimits {
  return { firstTokenMs, betweenTokensMs, retryMs, toolRounds: 4, finalWithinMs: 3000, ...more };
}

/** More in one reply would be agents passing the caller to and fro. */
const mostHandoffs = 3;
/** Answers with calls that are no JSON; the model reads what is wrong with the first. */
const mostGarbled = 2;

export async function runReply(work: ReplyWork): Promise<void> {
  const { turn, epoch, signal } = work;
  const sentences: string[] = [];
  let handoffs = 0;
  let garbled = 0;
  takeCaller(work, sentences);
  for (let round = 0; ; round++) {
    const useTools = round < work.limits.toolRounds && garbled < mostGarbled;
    const may: Permitted = { useTools, handOver: handoffs < mostHandoffs };
    const before = sentences.length;
    let answer: Answer | undefined;
    try {
      answer = await askTwice(work, may, sentences);
    } catch (error) {
      const code = error instanceof CallError ? error.code : 'AGENT_FAILED';
      return fail(work, code, sentences.length > before, sentences);
    }
    if (!answer) return;
    if (answer.finish === 'content-filter') return fail(work, 'MODEL_REFUSED', false, sentences);
    if (answer.calls.length === 0 || !may.useTools) break;
    if (answer.calls.some(isGarbled)) garbled++;
    const isHandoff = ({ name }: { name: string }) => name === handOffName && work.agents.handOff() !== undefined;
    await runTools(
      work,
      answer.calls.filter(call => !isHandoff(call)),
    );
    if (signal.aborted) return;
    if (work.means.handsOver()) return work.speak({ type: 'reply-ended', turn, epoch, text: sentences.join(' ') });
    const wishes = answer.calls.filter(isHandoff);
    if (wishes.length === 0) continue;
    const changed = await handOver(work, wishes, {
      mayChange: may.handOver,
      say: text => sayOwn(work, sentences, text),
    });
    if (signal.aborted) return;
    if (changed) handoffs++;
  }
  if (sentences.length === 0) return fail(work, 'MODEL_EMPTY', false, sentences);
  work.speak({ type: 'reply-ended', turn, epoch, text: sentences.join(' ') });
}

/** What the model may do beside answering. */
interface Permitted {
  useTools: boolean;
  handOver: boolean;
}

function isGarbled({ arguments: written }: { arguments: string }): boolean {
  try {
    JSON.parse(written.trim() === '' ? '{}' : written);
    return false;
  } catch (error) {
    if (error instanceof SyntaxError) return true;
    throw error;
  }
}

/** An agent whose greeting nobody has heard, since the caller had more to say, greets now. */
function takeCaller(work: ReplyWork, sentences: string[]): void {
  const greeting = work.agents.greeting(work.epoch);
  if (greeting !== undefined) sayOwn(work, sentences, greeting);
}

/** Words of the agent's page. */
export function sayOwn(
  work: ReplyWork,
  sentences: string[],
  words: string,
  more: Pick<Piece, 'mustBeHeard'> = {},
): void {
  const us = work.monotonicUs();
  for (const text of cutWhole(words))
    say(work, sentences, { text, fixed: true, askedUs: us, firstTokenUs: us, cutUs: us, ...more });
}

/** Ends a reply that got no answer: with words of the agent's own, unless the caller was already given a part of it. */
export function fail(work: ReplyWork, code: ErrorCode, answerBegun: boolean, sentences: string[] = []): void {
  try {
    const us = work.monotonicUs();
    const { apology, refusal } = phrasesOf(work.agents.page);
    const text = code === 'MODEL_REFUSED' ? refusal : apology;
    if (!answerBegun) say(work, sentences, { text, fixed: true, askedUs: us, firstTokenUs: us, cutUs: us });
  } finally {
    work.speak({ type: 'reply-failed', turn: work.turn, epoch: work.epoch, code });
  }
}

/**
 * A model that fails or answers nothing is asked once more, or its fallback where it has one, unless something of its answer
 * has already been said.
 */
async function askTwice(work: ReplyWork, may: Permitted, sentences: string[]): Promise<Answer | undefined> {
  const { signal, limits, deployments, choice } = work;
  const before = sentences.length;
  const first = deployments.first(choice, work.now());
  try {
    const answer = await ask(work, may, sentences, { ...limits, deployment: first });
    const filtered = answer?.finish === 'content-filter';
    const called = may.useTools && answer !== undefined && answer.calls.length > 0;
    if (!answer || filtered || called || sentences.length > before) return answer;
  } catch (error) {
    if (signal.aborted || sentences.length > before) throw error;
  }
  return await ask(work, may, sentences, {
    deployment: deployments.second(choice, first),
    firstTokenMs: Math.min(limits.firstTokenMs, limits.retryMs),
    betweenTokensMs: Math.min(limits.betweenTokensMs, limits.retryMs),
  });
}

function ask(
  work: ReplyWork,
  may: Permitted,
  sentences: string[],
  waits: Deadlines & { deployment: string },
): Promise<Answer | undefined> {
  const { agent, model, signal, guess, monotonicUs, after, turn, epoch } = work;
  const { deployment, firstTokenMs, betweenTokensMs } = waits;
  const recalled = recallEffects(work);
  if (recalled) return recalled.then(() => (signal.aborted ? undefined : ask(work, may, sentences, waits)));
  const request = questionOf({
    agent,
    deployment,
    instructions: work.instructions(),
    known: work.agents.known(),
    history: itemsOf(work.conversation.history),
    mayUseTools: may.useTools,
    handOff: may.handOver ? work.agents.handOff() : undefined,
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
