import type { Agent, Agents } from '../../agents/load.ts';
import type { ChatModel } from '../agent/model.ts';
import { createRuntime, type Runtime } from '../agent/runtime.ts';
import type { Clock } from '../clock.ts';
import { type Epochs, epochOf, type LaneModule, type Post } from './lane.ts';
import type { AgentCard, FromTurn, ToTurn } from './turn-messages.ts';

/** The turn lane: where the agents of all calls think. It never touches audio. */
export interface TurnLaneParts {
  agents: Agents;
  model: ChatModel;
  defaultModel: string;
  clock: Clock;
}

export function turnLane(
  post: Post<FromTurn>,
  epochs: Epochs,
  { agents, model, defaultModel, clock }: TurnLaneParts,
): LaneModule<ToTurn> {
  const runtimes = new Map<number, Runtime>();
  post({ type: 'ready', agents: agents.names.map(name => card(agents.get(name))) });

  const open = ({ call, cell, callId, agent, direction }: Extract<ToTurn, { type: 'open' }>) => {
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
        monotonicUs: clock.monotonicUs,
      }),
    );
  };

  return {
    receive: message => {
      if (message.type === 'open') return open(message);
      const runtime = runtimes.get(message.call);
      if (!runtime) return;
      switch (message.type) {
        case 'greet':
          return runtime.greet(message.epoch);
        case 'take':
          return runtime.take({ turn: message.turn, epoch: message.epoch, said: message.said });
        case 'hush':
          return runtime.cancel(message.epoch);
        case 'heard':
          return runtime.heard(message.turn, message.text, message.interrupted);
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

function card({ definition, version }: Agent): AgentCard {
  const { name, voice, speech } = definition;
  return { name, version, voice: voice.name, rate: voice.rate, language: speech.language, phrases: speech.phrases };
}
