import type { Agents } from '../../agents/loader/load.ts';
import { succeeding } from '../../agents/loader/successor.ts';
import { agentCard, scenarioCard } from '../agent/cast/agent-card.ts';
import type { Prices } from '../agent/model/cost.ts';
import { createDeployments } from '../agent/model/fallback.ts';
import type { ChatModel } from '../agent/model/model.ts';
import { createRuntime, type Runtime } from '../agent/runtime.ts';
import type { CarryOut } from '../agent/tools/outside-effects.ts';
import type { ToolSupply } from '../agent/tools/run-tools.ts';
import type { Clock } from '../clock.ts';
import { type Epochs, epochOf, type LaneModule, type Post } from './lane.ts';
import type { FromTurn, ToTurn } from './turn-messages.ts';

/** The turn lane: where the agents of all calls think. It never touches audio. */
export interface TurnLaneParts {
  agents: Agents;
  model: ChatModel;
  defaultModel: string;
  /** Asked where an agent's deployment fails and the agent names no other. @default none */
  fallbackModel?: string | undefined;
  /** @default costs are not known */
  prices?: Prices;
  clock: Clock;
  /** @default effects run here */
  carryOut?: CarryOut;
  /** @default tools have no records, and are asked however often they fail */
  supply?: ToolSupply;
  /** Whether the caller of this hash rings from this number, E.164. @default nobody can tell */
  ringsFrom?: (callerHash: string, number: string) => boolean;
}

export interface TurnLane extends LaneModule<ToTurn> {
  /** For calls that begin from now on; those under way keep the agents they have. */
  renew(agents: Agents): void;
}

export function turnLane(
  post: Post<FromTurn>,
  epochs: Epochs,
  { agents: first, model, defaultModel, fallbackModel, prices, clock, carryOut, supply, ringsFrom }: TurnLaneParts,
): TurnLane {
  const runtimes = new Map<number, Runtime>();
  const deployments = createDeployments();
  let agents = first;
  let newest = first;
  const tellReady = () =>
    post({
      type: 'ready',
      agents: newest.names.map(name => agentCard(newest.get(name))),
      scenarios: newest.scenarios.map(name => scenarioCard(newest.scenario(name))),
    });
  tellReady();

  const open = ({ call, cell, callId, agent: name, direction, ...before }: Extract<ToTurn, { type: 'open' }>) => {
    const { history, facts, begunEffects, cast, guards, callerHash } = before;
    const telephone =
      ringsFrom && callerHash !== undefined ? { ringsFrom: (number: string) => ringsFrom(callerHash, number) } : {};
    const scenario = agents.scenario(before.scenario ?? name);
    // The media thread admits nobody whose agent is not there; pages may have been changed since.
    const agent = scenario.agents.get(name) ?? agents.get(name);
    runtimes.set(
      call,
      createRuntime({
        callId,
        scenario,
        agent,
        cast,
        guards,
        model,
        about: { direction, country: '' },
        defaultModel,
        fallbackModel,
        deployments,
        prices,
        emit: event => post({ ...event, call }),
        isCurrent: epoch => epoch >= epochOf(epochs, cell),
        now: clock.now,
        after: clock.after,
        monotonicUs: clock.monotonicUs,
        ...(history && { history }),
        ...(facts && { facts }),
        ...(begunEffects && { begunEffects }),
        carryOut,
        supply: { ...supply, ...telephone },
      }),
    );
  };

  return {
    renew: fresh => {
      agents = succeeding(fresh, newest);
      newest = fresh;
      tellReady();
    },
    receive: message => {
      if (message.type === 'open') return open(message);
      const runtime = runtimes.get(message.call);
      if (!runtime) return;
      switch (message.type) {
        case 'recall':
          return runtime.recall(message.memory);
        case 'remember':
          return runtime.remember(message.facts);
        case 'greet':
          return runtime.greet(message.epoch);
        case 'say':
          return runtime.say({ turn: message.turn, epoch: message.epoch, text: message.text });
        case 'guess':
          return runtime.guess({ turn: message.turn, said: message.said });
        case 'drop-guess':
          return runtime.dropGuess();
        case 'take': {
          const { turn, epoch, said, final } = message;
          return runtime.take({ turn, epoch, said, final });
        }
        case 'correct':
          return runtime.correct(message.turn, message.said);
        case 'hush':
          return runtime.cancel(message.epoch);
        case 'heard':
          return runtime.heard(message.turn, message.parts ?? message.text, message.interrupted);
        case 'note':
          return runtime.note(message.text);
        case 'person-asked':
          return runtime.personAsked(message.epoch);
        case 'end-begun':
          return runtime.endBegun(message.epoch);
        case 'keys-given':
          return runtime.keysGiven(message.epoch, message.keys);
        case 'close':
          runtimes.delete(message.call);
          void runtime.close();
      }
    },
    close: async () => {
      await Promise.all([...runtimes.values()].map(runtime => runtime.close()));
      runtimes.clear();
    },
  };
}
