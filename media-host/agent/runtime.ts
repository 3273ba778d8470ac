import type { Agent } from '../../agents/loader/load.ts';
import { aloneScenario, type Scenario } from '../../agents/loader/scenario.ts';
import type { CallerMemory } from '../../contracts/caller-memory.ts';
import { machineClock } from '../clock.ts';
import { plainWords } from '../turn/words/tokens.ts';
import { createAgentsOfCall } from './cast/agents-of-call.ts';
import type { Cast } from './cast/cast.ts';
import type { GuardState } from './guards/guardrails.ts';
import { createGuards } from './guards/guards-of-call.ts';
import { createGuesses } from './guesses.ts';
import { corrected, emptyHistory, type HeardPart, type History, heard, noted, said } from './history.ts';
import type { Prices } from './model/cost.ts';
import { choiceOf, createDeployments, type Deployments } from './model/fallback.ts';
import type { ChatModel } from './model/model.ts';
import { priced } from './model/model-spending.ts';
import { createReplies } from './replies.ts';
import { limitsOf, type ReplyLimits } from './reply.ts';
import { type CallWork, workOf } from './reply-work.ts';
import type { Account, RuntimeEvent } from './runtime-event.ts';
import { createSafely, warnOfFault } from './safely.ts';
import { createBegunEffects } from './tools/begun-effects.ts';
import { type BegunEffect, type CarryOut, outsideEffects } from './tools/outside-effects.ts';
import type { ToolSupply } from './tools/run-tools.ts';
import { createCallMeans } from './tools/tool-means.ts';
import { sayUnasked } from './unasked.ts';

/**
 * Takes the agent's turns in one conversation. One reply is made at a time; a newer epoch gives it up at once, and what
 * the caller said is kept whatever becomes of replies. No exception, of a model, a tool or a callback, outlives its turn.
 */
export interface Runtime {
  /** Tells the agent's greeting as turn 0. */
  greet(epoch: number): void;
  /**
   * Says a given text as it says the greeting. A reply to an older epoch is given up; while one of the same epoch is being
   * made, the text becomes a sentence of it.
   */
  say(request: SayRequest): void;
  /** Asks the model for what the caller has probably said, in silence; a `take` of the same words goes on from there. */
  guess(request: GuessRequest): void;
  /** The caller is saying something else. */
  dropGuess(): void;
  /** Answers the caller's words; a reply to an older epoch is given up, one of the same epoch comes to its end first. */
  take(request: TurnRequest): void;
  /** All the words of a turn that was taken before they were final: for the history and for effects, not for an answer. */
  correct(turn: number, said: string): void;
  /** Barge-in: gives up whatever is of an older epoch. */
  cancel(epoch: number): void;
  /** What the ear got of a turn's reply; by the agents that said it, where the first did not say all of it. */
  heard(turn: number, what: string | readonly HeardPart[], interrupted: boolean): void;
  /** What earlier calls of this caller have left. */
  recall(memory: CallerMemory): void;
  /** What the agent shall know from now on, by name. */
  remember(facts: Readonly<Record<string, string>>): void;
  /** Something that happened beside what was said, for the model to know. */
  note(text: string): void;
  /** The call has asked for the person that a tool of this epoch's reply wants. */
  personAsked(epoch: number): void;
  /** The call ends, as a tool of this epoch's reply wants. */
  endBegun(epoch: number): void;
  /** The keys that a tool of this epoch's reply waits for; undefined: none came in time. */
  keysGiven(epoch: number, keys: string | undefined): void;
  /** Ends everything; resolves when nothing runs any more. */
  close(): Promise<void>;
}

export interface TurnRequest {
  turn: number;
  epoch: number;
  /** The caller's words of the turn, merged. */
  said: string;
  /** `false`: recognition has not closed them. @default true */
  final?: boolean | undefined;
}

export interface GuessRequest {
  turn: number;
  /** All the words of the turn so far. */
  said: string;
}

export interface SayRequest {
  turn: number;
  epoch: number;
  text: string;
}

export interface RuntimeOptions {
  callId: string;
  /** Who may take the caller. @default the agent alone */
  scenario?: Scenario | undefined;
  /** The one that has the caller, where `cast` does not say. */
  agent: Agent;
  /** Who had the caller, and what is known of the call, where it is taken over. @default the agent has just got the caller */
  cast?: Cast | undefined;
  model: ChatModel;
  /** Deployment where the agent names none. */
  defaultModel: string;
  /** Asked where the agent's deployment fails and the agent names no other. @default none */
  fallbackModel?: string | undefined;
  /** Which of them rest is known to all calls. @default to this call alone */
  deployments?: Deployments | undefined;
  /** @default not known */
  prices?: Prices | undefined;
  emit(event: RuntimeEvent): void;
  /** Whether speech of this epoch may still be heard. */
  isCurrent(epoch: number): boolean;
  /** Epoch milliseconds. */
  now(): number;
  monotonicUs(): number;
  /** @default the machine's timers */
  after?: (ms: number, run: () => void) => () => void;
  /** @default an incoming call from an unknown country */
  about?: { direction: 'in' | 'out'; country: string };
  /** What was said before, where a call is taken over. @default nothing */
  history?: History;
  /** Where the scenario's rules stood. @default nothing has been said */
  guards?: GuardState | undefined;
  /** What is known beside what was said. @default nothing */
  facts?: Readonly<Record<string, string>>;
  /** What tools of all calls share. @default nothing */
  supply?: ToolSupply | undefined;
  /** Carries out effects once, by their key. @default they run here */
  carryOut?: CarryOut | undefined;
  /** What a lost host had asked for in the turn that is answered anew. */
  begunEffects?: readonly BegunEffect[];
  /** @default the waits of the agent's file, 4 rounds of tools, 3 s for a final transcript */
  limits?: Partial<ReplyLimits>;
  /** Hears of exceptions that callbacks threw. @default a warning of the process, without the message */
  onFault?: (error: unknown) => void;
}

export function createRuntime(options: RuntimeOptions): Runtime {
  const { callId, now, monotonicUs, after = machineClock.after, onFault = warnOfFault } = options;
  const { about = { direction: 'in', country: '' }, deployments = createDeployments(), prices = new Map() } = options;
  const scenario = options.scenario ?? aloneScenario(options.agent);
  const agents = createAgentsOfCall(scenario, options.agent, options.cast);
  const guards = createGuards(scenario, () => agents.page, options.guards);
  const conversation = { history: options.history ?? emptyHistory };
  const means = createCallMeans(after);
  const safely = createSafely(onFault);
  let facts = options.facts ?? {};
  let closed = false;

  /** Everything not yet settled, given up or not. */
  const unsettled = new Set<Promise<void>>();
  const keep = (work: Promise<void>) => {
    const settled: Promise<void> = work.finally(() => unsettled.delete(settled));
    unsettled.add(settled);
  };

  const isCurrent = (epoch: number) => safely(() => options.isCurrent(epoch), true);
  const emit = (event: RuntimeEvent) => safely(() => options.emit(event), undefined);
  const speak = (event: RuntimeEvent, signal?: AbortSignal) => {
    if (!closed && !signal?.aborted && isCurrent(event.epoch)) emit(event);
  };
  const spending = { deployments, prices, spent: guards.spent, now: () => safely(now, 0) };
  const account = (event: Account) => emit(priced(event, spending));

  /** @param isFixed whether other calls will be told the sentence too */
  const say = (request: SayRequest, isFixed: (sentence: string) => boolean = () => true) => {
    const { turn, epoch } = request;
    if (closed || !isCurrent(epoch)) return;
    guesses.drop();
    if (isOlder(epoch)) replies.giveUp();
    const parts = { agents, conversation, speak, monotonicUs: () => safely(monotonicUs, 0) };
    const text = sayUnasked(parts, request, isFixed);
    if (!replies.running()) speak({ type: 'reply-ended', turn, epoch, text });
  };

  const { model, defaultModel: own, fallbackModel: fallback, supply } = options;
  const call: CallWork = {
    ...{ callId, scenario, agents, conversation, model, deployments, means, supply, now, monotonicUs, after },
    effects: createBegunEffects(),
    outside: options.carryOut && outsideEffects(callId, options.carryOut, options.begunEffects),
    choice: () => choiceOf(agents.page.model, { own, fallback }),
    limits: () => limitsOf(agents.page.model, options.limits),
    instructions: () =>
      agents.instructions({
        caller: { country: about.country },
        call: { id: callId, direction: about.direction },
        facts,
        today: new Intl.DateTimeFormat('en-GB', { dateStyle: 'full' }).format(now()),
      }),
    ...{ speak, account, say },
  };
  const guesses = createGuesses({ call, keep, safely });
  const replies = createReplies({
    ...{ conversation, after, limits: call.limits, isCurrent, keep, safely, onFault },
    workOf: running => workOf(call, running),
  });
  /** A reply is being made, to an epoch before this one. */
  const isOlder = (epoch: number) => (replies.running()?.epoch ?? epoch) < epoch;

  return {
    greet: epoch => {
      const { text, name } = agents.opening();
      say({ turn: 0, epoch, text }, sentence => name === undefined || !sentence.includes(name));
    },
    recall: agents.recall,
    say,
    guess(request) {
      guesses.drop();
      if (closed || plainWords(request.said).length === 0) return;
      if (!guards.foresee(request.turn, request.said)) guesses.ask(request);
    },
    dropGuess: guesses.drop,
    take(request) {
      if (closed) return;
      if (!replies.running() || isOlder(request.epoch)) replies.giveUp();
      const { turn, final } = request;
      conversation.history = said(conversation.history, turn, request.said, { final });
      const verdict = guards.said(turn, request.said);
      if (verdict) guesses.drop();
      const guess = guesses.take();
      if (!replies.running()) return replies.start({ ...request, verdict }, guess);
      guess?.drop();
      replies.next({ ...request, verdict });
    },
    correct(turn, words) {
      const running = replies.running();
      const answering = running?.turn === turn ? running : undefined;
      // What was acted upon before it was certain may have hidden what a rule is for: the model's answer ends there.
      const verdict = answering && !answering.verdict ? guards.said(turn, words) : undefined;
      if (answering && verdict) {
        answering.abort.abort();
        replies.start({ turn, epoch: answering.epoch, said: words, verdict });
      } else answering?.commitment.confirm();
      conversation.history = corrected(conversation.history, turn, words);
    },
    cancel(epoch) {
      guesses.drop();
      if (isOlder(epoch)) replies.giveUp();
    },
    heard(turn, what, interrupted) {
      if (interrupted) guesses.drop();
      if (interrupted && replies.running()?.turn === turn) replies.giveUp();
      conversation.history = heard(conversation.history, turn, what);
      if (typeof what === 'string') return;
      for (const { stint, text } of what) if (text !== '') agents.heard(stint);
    },
    remember(more) {
      facts = { ...facts, ...more };
    },
    note(text) {
      conversation.history = noted(conversation.history, text);
    },
    personAsked: means.personAsked,
    endBegun: means.endBegun,
    keysGiven: means.keysGiven,
    async close() {
      closed = true;
      guesses.drop();
      replies.giveUp();
      await Promise.all(unsettled);
    },
  };
}
