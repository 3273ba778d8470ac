import { expect, test } from 'vitest';
import { agentsOf } from '../../agents/loader/load.ts';
import { scriptedModel } from '../agent/model/scripted-model.ts';
import { agentWith, settled } from '../agent/scripted-conversation.ts';
import { virtualClock } from '../clock.ts';
import { createEpochs } from './lane.ts';
import { turnLane } from './turn-lane.ts';
import type { FromTurn } from './turn-messages.ts';

const agentsSaying = (greeting: string, name = 'reception') =>
  agentsOf([agentWith([], { greeting, name })], [], 'agents');

function lane() {
  const posted: FromTurn[] = [];
  const parts = { agents: agentsSaying('One.'), model: scriptedModel(), defaultModel: 'm', clock: virtualClock() };
  const { receive, renew, close } = turnLane(message => posted.push(message), createEpochs(4), parts);
  const greeted = async (call: number) => {
    receive({ type: 'greet', call, epoch: 1 });
    await settled();
    return posted.flatMap(message => (message.type === 'sentence' && message.call === call ? [message.text] : []));
  };
  return {
    open: (call: number, agent = 'reception') =>
      receive({ type: 'open', call, cell: call, callId: String(call).repeat(32), agent, direction: 'in' }),
    greeted,
    renew,
    close,
    cards: () => posted.flatMap(message => (message.type === 'ready' ? [message.agents.map(({ name }) => name)] : [])),
  };
}

test('edited agents get the next call, and a call under way keeps those it has', async () => {
  const { open, renew, greeted, close, cards } = lane();
  open(1);
  renew(agentsSaying('Two.'));
  open(2);
  expect(await greeted(1)).toEqual(['One.']);
  expect(await greeted(2)).toEqual(['Two.']);
  expect(cards()).toEqual([['reception'], ['reception']]);
  await close();
});

test('a call that was let in before its agent went still gets it', async () => {
  const { open, renew, greeted, close, cards } = lane();
  renew(agentsSaying('Two.', 'desk'));
  open(1);
  open(2, 'desk');
  expect(await greeted(1)).toEqual(['One.']);
  expect(await greeted(2)).toEqual(['Two.']);
  expect(cards().at(-1)).toEqual(['desk']);
  await close();
});
