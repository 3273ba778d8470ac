import type { Agents } from '../../agents/load.ts';
import { agentCard } from '../agent/agent-card.ts';
import type { ChatModel } from '../agent/model.ts';
import type { CarryOut } from '../agent/outside-effects.ts';
import { createRuntime, type Runtime } from '../agent/runtime.ts';
import type { Clock } from '../clock.ts';
import { type Epochs, epochOf, type LaneModule, type Post } from './lane.ts';
import type { FromTurn, ToTurn } from './turn-messages.ts';

/** The turn lane: where the agents of all calls think. It never touches audio. */
export interface TurnLaneParts {
  agents: Agents;
  model: ChatModel;
  defaultModel: string;
  clock: Clock;
  /** @default effects run here */
  carryOut?: CarryOut;
}

export function turnLane(
  post: Post<FromTurn>,
  epochs: Epochs,
  { agents, model, defaultModel, clock, carryOut }: TurnLaneParts,
): LaneModule<ToTurn> {
  const runtimes = new Map<number, Runtime>();
  post({ type: 'ready', agents: agents.names.map(name => agentCard(agents.get(name))) });

  const open = ({ call, cell, callId, agent, direction, ...before }: Extract<ToTurn, { type: 'open' }>) => {
    const { history, facts, begunEffects } = before;
    runtimes.set(
      call,
      createRuntime({
        callId,
        agent: agents.get(agent),
        model,
        about: { direction, country: '' },
        defaultModel,
        emit: event => post({ ...event, call }),
        isCurrent: epoch => epoch >= epochOf(epochs, cell),
        now: clock.now,
        after: clock.after,
        monotonicUs: clock.monotonicUs,
        ...(history && { history }),
        ...(facts && { facts }),
        ...(begunEffects && { begunEffects }),
        carryOut,
      }),
    );
  };

  return {
    receive: message => {
      if (message.type === 'open') return open(message);
      const runtime = runtimes.get(message.call);
      if (!runtime) return;
      switch (message.type) {
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
          return runtime.heard(message.turn, message.text, message.interrupted);
        case 'note':
          return runtime.note(message.text);
        case 'person-asked':
          return runtime.personAsked(message.epoch);
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
