import type { Agent } from '../../agents/load.ts';
import { aloneScenario, type Scenario } from '../../agents/scenario.ts';
import { phrasesOf } from '../../contracts/agent-phrases.ts';
import type { CallerMemory } from '../../contracts/caller-memory.ts';
import { machineClock } from '../clock.ts';
import type { KnownFact } from '../lanes/turn-messages.ts';
import { cutWhole } from '../speech/sentences.ts';
import { plainWords } from '../turn/words/tokens.ts';
import { createAgentsOfCall } from './agents-of-call.ts';
import { createBegunEffects } from './begun-effects.ts';
import type { Cast } from './cast.ts';
import { awaitFinal, type Commitment, committed } from './commitment.ts';
import { costMicros, type Prices } from './cost.ts';
import { type Choice, createDeployments, type Deployments } from './fallback.ts';
import { runGuarded } from './guarded-reply.ts';
import type { GuardState, Verdict } from './guardrails.ts';
import { createGuards } from './guards-of-call.ts';
import { type Guess, startGuess } from './guess.ts';
import {
  corrected,
  emptyHistory,
  forgetUnheard,
  type HeardPart,
  type History,
  heard,
  noted,
  said,
  spokeUnasked,
} from './history.ts';
import { languagesOf } from './in-language.ts';
import type { ChatModel } from './model.ts';
import { questionOf } from './model-request.ts';
import { type StatementWatch, watchStatements } from './must-be-heard.ts';
import { type BegunEffect, type CarryOut, outsideEffects } from './outside-effects.ts';
import { fail, type ReplyLimits, type ReplyWork, runReply } from './reply.ts';
import type { ToolSupply } from './run-tools.ts';
import type { Account, RuntimeEvent } from './runtime-event.ts';
import { createCallMeans } from './tool-means.ts';
import { itemsOf } from './views.ts';

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

interface Running extends TurnRequest {
  /** A rule of the scenario answers, and no model. */
  verdict: Verdict | undefined;
  commitment: Commitment;
  abort: AbortController;
  guess: Guess | undefined;
}

export function createRuntime(options: RuntimeOptions): Runtime {
  const { callId, model, now, monotonicUs, after = machineClock.after, onFault = warn } = options;
  const scenario = options.scenario ?? aloneScenario(options.agent);
  const agents = createAgentsOfCall(scenario, options.agent, options.cast);
  const { about = { direction: 'in', country: '' }, limits } = options;
  const { deployments = createDeployments(), prices = new Map() } = options;
  const conversation = { history: options.history ?? emptyHistory };
  let facts = options.facts ?? {};
  const outside = options.carryOut && outsideEffects(callId, options.carryOut, options.begunEffects);
  /** Everything not yet settled, given up or not: effects outlive their reply. */
  const unsettled = new Set<Promise<void>>();
  let closed = false;
  let running: Running | undefined;
  /** Came while a reply of its own epoch was running. Its words are in the history already. */
  let waiting: (TurnRequest & { verdict: Verdict | undefined }) | undefined;
  let guess: Guess | undefined;
  const guards = createGuards(scenario, () => agents.page, options.guards);

  const guarded = <T>(run: () => T, otherwise: T): T => {
    try {
      return run();
    } catch (error) {
      onFault(error);
      return otherwise;
    }
  };
  const means = createCallMeans(after);
  const effects = createBegunEffects();
  const emit = (event: Account) => guarded(() => options.emit(event), undefined);
  const account = (event: Account) => emit(event.type === 'model-ran' ? modelRan(event) : event);
  const speak = (event: RuntimeEvent, signal?: AbortSignal) => {
    if (closed || signal?.aborted) return;
    if (guarded(() => options.isCurrent(event.epoch), true)) guarded(() => options.emit(event), undefined);
  };

  const choice = (): Choice => {
    const { deployment: own = options.defaultModel, fallback = options.fallbackModel } = agents.page.model;
    return { own, fallback };
  };
  const modelRan = (told: Extract<Account, { type: 'model-ran' }>): Account => {
    const { model, inputTokens: input, outputTokens: output, cachedTokens: cached, cancelled, code } = told;
    deployments.ended(model, cancelled ? 'unknown' : code === undefined ? 'well' : 'ill', guarded(now, 0));
    const micros = costMicros(prices, model, { input, output, cached });
    guards.spent(micros ?? 0);
    return { ...told, ...(micros !== undefined && { costMicros: micros }) };
  };

  const waits = (): ReplyLimits => {
    const { firstTokenMs, betweenTokensMs, retryMs } = agents.page.model;
    return { firstTokenMs, betweenTokensMs, retryMs, toolRounds: 4, finalWithinMs: 3000, ...limits };
  };
  const instructions = () =>
    agents.instructions({
      caller: { country: about.country },
      call: { id: callId, direction: about.direction },
      facts,
      today: new Intl.DateTimeFormat('en-GB', { dateStyle: 'full' }).format(now()),
    });

  const learn = (turn: number, epoch: number, fact: KnownFact) => {
    if (agents.learn(fact)) account({ type: 'known', turn, epoch, ...fact });
  };

  const switchLanguage = (turn: number, epoch: number, language: string): boolean => {
    if (!agents.speak(language)) return false;
    const { card, cast } = agents;
    const { agent: name } = cast;
    const about = { from: name, kind: 'language', visit: cast.visits[name] ?? 1, reason: '', context: '' } as const;
    account({ type: 'agent-changed', turn, epoch, card, ...about, knowsAll: true });
    return true;
  };

  const workOf = ({ turn, epoch, guess, commitment, abort: { signal } }: Running): ReplyWork => {
    let statements: { agent: Agent; watch: StatementWatch } | undefined;
    let silent = true;
    return {
      turn,
      epoch,
      signal,
      callId,
      scenario,
      agents,
      get agent() {
        return agents.agent;
      },
      instructions,
      model,
      get choice() {
        return choice();
      },
      deployments,
      get limits() {
        return waits();
      },
      get statements() {
        const { agent } = agents;
        if (statements?.agent !== agent) statements = { agent, watch: watchStatements(agent.definition.mustBeHeard) };
        return statements.watch;
      },
      conversation,
      commitment,
      effects,
      outside,
      supply: options.supply,
      means: {
        ...means.of({
          turn,
          epoch,
          get phrases() {
            return phrasesOf(agents.page).keypad;
          },
          speak: told => speak(told, signal),
          account,
          partsWithWords: () => {
            if (silent) say({ turn, epoch, text: phrasesOf(agents.page).farewell });
          },
        }),
        get languages() {
          return languagesOf(agents.agent.definition);
        },
        establish: (facts, marked) => {
          // What a tool that handles personal things makes sure of counts as personal.
          const personal = marked.length > 0;
          for (const [name, value] of Object.entries(facts)) learn(turn, epoch, { name, value, by: 'tool', personal });
        },
        remember: (name, value) => learn(turn, epoch, { name, value, by: 'agent', personal: true }),
        switchLanguage: language => switchLanguage(turn, epoch, language),
      },
      guess,
      speak: event => {
        if (event.type === 'sentence') silent = false;
        speak(event, signal);
      },
      account,
      now,
      monotonicUs,
      after,
    };
  };

  const reply = async (mine: Running): Promise<void> => {
    const work = workOf(mine);
    try {
      await (mine.verdict ? runGuarded(work, mine.verdict) : runReply(work));
    } catch (error) {
      onFault(error);
      guarded(() => fail(work, 'AGENT_FAILED', false), undefined);
    }
    work.guess?.drop();
    // Nothing of it waits for the final transcript any more.
    mine.commitment.confirm();
    if (running !== mine) return;
    running = undefined;
    const next = waiting;
    waiting = undefined;
    if (next) start(next, next.verdict);
  };

  const keepUntilSettled = (work: Promise<void>) => {
    const settled: Promise<void> = work.finally(() => unsettled.delete(settled));
    unsettled.add(settled);
  };

  const start = (request: TurnRequest, verdict: Verdict | undefined, guessed?: Guess) => {
    if (!guarded(() => options.isCurrent(request.epoch), true)) return guessed?.drop();
    const abort = new AbortController();
    const final = { finalWithinMs: waits().finalWithinMs, signal: abort.signal, after };
    const commitment = request.final === false ? guarded(() => awaitFinal(final), committed) : committed;
    running = { ...request, verdict, guess: guessed, abort, commitment };
    keepUntilSettled(reply(running));
  };

  const giveUp = () => {
    const given = running;
    running = undefined;
    waiting = undefined;
    given?.abort.abort();
    conversation.history = forgetUnheard(conversation.history);
  };

  const dropGuess = () => {
    guess?.drop();
    guess = undefined;
  };

  /** @param isFixed whether other calls will be told the sentence too */
  const say = ({ turn, epoch, text: whole }: SayRequest, isFixed: (sentence: string) => boolean = () => true) => {
    if (closed || !guarded(() => options.isCurrent(epoch), true)) return;
    dropGuess();
    if (running && running.epoch < epoch) giveUp();
    const sentences = cutWhole(whole);
    const statements = watchStatements(agents.page.mustBeHeard);
    for (const [index, text] of sentences.entries()) {
      const us = guarded(monotonicUs, 0);
      const mustBeHeard = statements.mustBeHeard(text);
      conversation.history = spokeUnasked(conversation.history, turn, text);
      const times = { askedUs: us, firstTokenUs: us, cutUs: us };
      speak({
        type: 'sentence',
        turn,
        epoch,
        index,
        text,
        mustBeHeard,
        ...(isFixed(text) && { fixed: true }),
        ...times,
      });
    }
    if (!running) speak({ type: 'reply-ended', turn, epoch, text: sentences.join(' ') });
  };

  const ask = ({ turn, said: words }: GuessRequest): Guess => {
    const history = said(forgetUnheard(conversation.history), turn, words);
    const request = questionOf({
      agent: agents.agent,
      deployment: deployments.guess(choice(), now()),
      instructions: instructions(),
      known: agents.known(),
      history: itemsOf(history),
      mayUseTools: true,
      handOff: agents.handOff(),
    });
    return startGuess({
      model,
      request,
      deadlines: waits(),
      monotonicUs,
      after,
      wasted: told => account({ type: 'model-ran', turn, epoch: -1, ...told }),
    });
  };

  return {
    greet: epoch => {
      const { text, name } = agents.opening();
      say({ turn: 0, epoch, text }, sentence => name === undefined || !sentence.includes(name));
    },
    recall: agents.recall,
    say,
    guess(request) {
      dropGuess();
      if (closed || plainWords(request.said).length === 0) return;
      if (guards.foresee(request.turn, request.said)) return;
      guess = guarded(() => ask(request), undefined);
      if (guess) keepUntilSettled(guess.settled);
    },
    dropGuess,
    take(request) {
      if (closed) return;
      if (!running || running.epoch < request.epoch) giveUp();
      const { turn, final } = request;
      conversation.history = said(conversation.history, turn, request.said, { final });
      const verdict = guards.said(turn, request.said);
      if (verdict) dropGuess();
      const guessed = guess;
      guess = undefined;
      if (!running) return start(request, verdict, guessed);
      guessed?.drop();
      waiting = { ...request, verdict };
    },
    correct(turn, words) {
      const answering = running?.turn === turn ? running : undefined;
      // What was acted upon before it was certain may have hidden what a rule is for: the model's answer ends there.
      const verdict = answering && !answering.verdict ? guards.said(turn, words) : undefined;
      if (answering && verdict) {
        answering.abort.abort();
        start({ turn, epoch: answering.epoch, said: words }, verdict);
      } else answering?.commitment.confirm();
      conversation.history = corrected(conversation.history, turn, words);
    },
    cancel(epoch) {
      dropGuess();
      if (running && running.epoch < epoch) giveUp();
    },
    heard(turn, what, interrupted) {
      if (interrupted) dropGuess();
      if (interrupted && running?.turn === turn) giveUp();
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
      dropGuess();
      giveUp();
      await Promise.all(unsettled);
    },
  };
}

/** The message may hold what somebody said, so only the kind of error is told. */
function warn(error: unknown): void {
  process.emitWarning(`A callback of an agent's turn failed: ${error instanceof Error ? error.name : typeof error}.`);
}
