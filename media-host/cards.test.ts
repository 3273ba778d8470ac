import { expect, test } from 'vitest';
import { agentsOf } from '../agents/loader/load.ts';
import { scenarioOf } from '../agents/loader/scenario.ts';
import { scenarioDefinition } from '../contracts/scenario.ts';
import { scenarioCard } from './agent/cast/agent-card.ts';
import { castOf } from './agent/cast/cast.ts';
import { agentWith } from './agent/scripted-conversation.ts';
import { createCards } from './cards.ts';
import { madeAhead } from './dialogue/made-ahead.ts';

const others = [{ language: 'de-DE', voice: 'de-DE-KatjaNeural' }];
const page = (name: string) => agentWith([], { name, speech: { others }, returnGreeting: `Back at ${name}.` });

function cards() {
  const two = ['desk', 'billing'].map(name => [name, page(name)] as const);
  const house = scenarioDefinition.parse({
    ...{ name: 'house', description: 'x', start: 'desk', agents: ['desk', 'billing'] },
    handoffs: [{ from: 'desk', to: 'billing', when: 'x', says: 'I will pass you on.' }],
  });
  const agents = agentsOf(
    [...two.map(([, agent]) => agent), page('alone')],
    [scenarioOf(house, new Map(two))],
    'agents',
  );
  const all = createCards('agents');
  all.renew(agents.scenarios.map(name => scenarioCard(agents.scenario(name))));
  return all;
}

test('a call is admitted for an agent of its scenario, or for an agent alone, and for nobody else', () => {
  const { agent, scenario } = cards();
  expect(agent({ scenario: 'house', agent: 'billing' }).name).toBe('billing');
  expect(agent({ agent: 'alone' }).name).toBe('alone');
  expect(() => agent({ scenario: 'hous', agent: 'desk' })).toThrow(
    'No scenario and no agent in agents is called "hous". Known: desk, billing, alone, house.',
  );
  expect(() => agent({ scenario: 'house', agent: 'alone' })).toThrow(
    /Agent "alone" is not in .*Known: desk, billing\./,
  );
  expect(() => scenario('nowhere')).toThrow(expect.objectContaining({ code: 'SCENARIO_UNKNOWN' }));
});

test('a call goes on with the agent that had the caller, in the language that was spoken', () => {
  const { goesOn, agent } = cards();
  const cast = { ...castOf('billing'), language: 'de-DE' };
  const known = { scenario: 'house', entryAgent: 'desk' };
  const admission = goesOn({ scenario: 'house', cast }, known);
  expect(admission).toEqual({ scenario: 'house', agent: 'billing' });
  expect(agent(admission, cast)).toMatchObject({ language: 'de-DE', voice: 'de-DE-KatjaNeural' });
  expect(agent(admission).language).toBe('en-US');
});

test('where that agent or its scenario is no more, somebody takes the caller', () => {
  const { goesOn } = cards();
  expect(goesOn({ scenario: 'house', cast: castOf('gone') }, { entryAgent: 'desk' })).toEqual({
    ...{ scenario: 'house', agent: 'desk' },
  });
  expect(goesOn({ scenario: 'gone', cast: castOf('x') }, { entryAgent: 'alone' })).toEqual({ agent: 'alone' });
  // A journal and a document from before there were scenarios.
  expect(goesOn({ scenario: undefined, cast: castOf('alone') }, { entryAgent: 'alone' })).toEqual({ agent: 'alone' });
});

test('what is said of a handoff is made ahead', () => {
  const [desk] = cards().all(['house', 'house', 'nowhere']);
  expect(desk && madeAhead(desk)[0]?.texts).toEqual(expect.arrayContaining(['Back at desk.', 'I will pass you on.']));
  expect(cards().all(['house'])).toHaveLength(2);
});
