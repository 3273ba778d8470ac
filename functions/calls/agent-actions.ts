import { z } from 'zod';
import { participant } from '../acs/orders.ts';
import type { Wish } from '../call-message.ts';
import { isConfigured } from '../control-channel.ts';
import type { About, Action, Impossible } from './action.ts';
import { nothing, ordered, simple } from './order-action.ts';

/** What can be asked of the agent's part in a call: whether it hears and is heard, where it runs, what it says. */

const listening = z.strictObject({ from: participant, on: z.boolean().default(true) });

export const listenForTones: Action<typeof listening> = {
  name: 'tones/listen',
  body: listening,
  while: 'connected',
  wanted: ({ from, on }) => ordered({ do: on ? 'listen-for-tones' : 'stop-listening-for-tones', from }),
};

export const startSound = simple('media/start', 'start-streaming', (_, __, standing) => {
  if (standing.seekingPerson) return { impossible: 'A person is being sought, or has the caller.', status: 409 };
  if (standing.agentThere) return { impossible: 'The agent hears the call, or is about to.', status: 409 };
  return undefined;
});

export const stopSound = simple('media/stop', 'stop-streaming', (_, __, standing) =>
  standing.agentAway ? { impossible: 'The agent is out of the call already.', status: 409 } : undefined,
);

function telling<Body extends z.ZodType>(name: string, body: Body, wish: (body: z.output<Body>) => Wish): Action<Body> {
  return {
    name,
    body,
    while: 'connected',
    of: 'conversation',
    wanted: (asked, about) => untellable(about) ?? { type: 'telling-asked', wish: wish(asked) },
  };
}

function untellable({ standing, settings }: About): Impossible | undefined {
  if (!isConfigured(settings))
    return { impossible: 'Conversations are reached only where WEB_PUBSUB_ENDPOINT or its connection string is set.' };
  return standing.agentAway ? { impossible: 'The agent is not in this call now.', status: 409 } : undefined;
}

const words = z.strictObject({ text: z.string().trim().min(1).max(2000) });

export const sayText = telling('say', words, ({ text }) => ({ do: 'say', text }));
export const moveAgent = telling('media/move', nothing, () => ({ do: 'move' }));
