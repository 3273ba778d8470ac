import { afterAll, describe, expect, test } from 'vitest';
import { agentPage, writtenFolders } from '../testing/written-folder.ts';
import { entryAgents } from './entry-agents.ts';
import { loadAgents } from './load.ts';

const written = writtenFolders();
const { folderOf } = written;
afterAll(written.remove);

const desk = `${agentPage('desk').replace('Be kind.', '"{{ variables.company }} in {{ variables.city }}"')}variables: { company: Example, city: Berlin }
voice: { name: en-US-Desk }
turns: { stopWords: [halt], digits: { endKey: '*' } }
`;
const scenario = `name: shop
description: Sells and bills
start: desk
agents: [desk, billing]
handoffs:
  - { from: desk, to: billing, when: Bills. }
  - { from: billing, to: desk, when: Other., kind: discreet, needs: [customer-id] }
defaults:
  voice: { name: en-US-Shop, rate: +10% }
  turns: { policy: patient, stopWords: [stop], digits: { afterMs: 3000 } }
  hold: { words: [One second.] }
variables: { city: '{{ nobody }} {% if %}' }
`;
const files = {
  'desk.yaml': desk,
  'billing.yaml': agentPage('billing', 'tools: [end-call]\n'),
  'scenarios/shop.yaml': scenario,
};
const context = {
  agent: { name: 'desk', description: '' },
  caller: { country: '' },
  call: { id: '0'.repeat(32), direction: 'in' as const },
  facts: {},
  today: 'Friday',
};
const loaded = async (changed: Record<string, string> = {}) => loadAgents(await folderOf({ ...files, ...changed }));

describe('an agent in a scenario', () => {
  test('says of itself what wins, key by key; the scenario says the rest, then the defaults of all', async () => {
    const agents = (await loaded()).scenario('shop').agents;
    expect(agents.get('desk')?.definition).toMatchObject({
      voice: { name: 'en-US-Desk', rate: '+10%' },
      turns: {
        policy: 'patient',
        stopWords: ['halt'],
        maxSilences: 3,
        digits: { afterMs: 3000, endKey: '*' },
      },
      hold: { afterMs: 2500, words: ['One second.'] },
    });
    expect(agents.get('billing')?.definition).toMatchObject({
      voice: { name: 'en-US-Shop', rate: '+10%' },
      turns: { policy: 'patient', stopWords: ['stop'], digits: { afterMs: 3000, endKey: '#' } },
    });
  });

  test('is another alone', async () => {
    const agents = await loaded();
    expect(agents.get('billing').definition).toMatchObject({
      voice: { name: 'en-US-JennyNeural' },
      turns: { policy: 'graded' },
    });
    expect(agents.scenario('billing')).toMatchObject({ start: 'billing', guardrails: { maxTurns: 150 } });
    expect(agents.scenario('billing').handoffsFrom('billing')).toEqual([]);
    expect(agents.scenarios).toEqual(['billing', 'desk', 'shop']);
  });

  test('has the scenario’s values for its variables, and Jinja in a value stays text', async () => {
    const agents = await loaded();
    expect(agents.get('desk').instructions(context)).toBe('Example in Berlin');
    expect(agents.scenario('shop').agents.get('desk')?.instructions(context)).toBe('Example in {{ nobody }} {% if %}');
  });

  test('may hand over along the scenario’s edges, with what they say', async () => {
    const shop = (await loaded()).scenario('shop');
    expect(shop.handoffsFrom('billing')).toEqual([
      {
        from: 'billing',
        to: 'desk',
        when: 'Other.',
        kind: 'discreet',
        needs: ['customer-id'],
        shares: { history: true, facts: 'all', personal: 'keep' },
      },
    ]);
    expect(shop.handoffsFrom('desk').map(({ to, kind }) => [to, kind])).toEqual([['billing', 'announced']]);
  });

  test('has a version that changes with everything it is made of, and with nothing else', async () => {
    const prompts = { 'prompts/house.jinja': 'Be brief.' };
    const including = { 'desk.yaml': desk.replace('prompt: "', "prompt: \"{% include 'house.jinja' %} ") };
    const version = async (changed: Record<string, string> = {}, agent = 'desk') =>
      (await loaded({ ...prompts, ...including, ...changed })).scenario('shop').agents.get(agent)?.version;
    const first = await version();
    const changes: Record<string, string>[] = [
      { 'desk.yaml': including['desk.yaml'].replace('Hello.', 'Hi.') },
      { 'prompts/house.jinja': 'Be slow.' },
      { 'scenarios/shop.yaml': scenario.replace('patient', 'eager') },
      { 'scenarios/shop.yaml': scenario.replace('nobody', 'somebody') },
    ];
    const versions = await Promise.all(changes.map(change => version(change)));
    expect(new Set([first, ...versions]).size).toBe(5);
    expect(await version({ 'billing.yaml': files['billing.yaml'].replace('Hello.', 'Hi.') })).toBe(first);
    expect(await version({ 'scenarios/shop.yaml': scenario.replace('nobody', 'somebody') }, 'billing')).toBe(
      await version({}, 'billing'),
    );
    expect((await loaded()).scenario('desk').agents.get('desk')?.version).toBe((await loaded()).get('desk').version);
  });
});

test('a scenario nobody wrote is answered with the known ones', async () => {
  const agents = await loaded();
  expect(() => agents.scenario('shopp')).toThrow(/No scenario and no agent .* "shopp"\. Known: billing, desk, shop\./);
});

describe('who takes the caller first', () => {
  test('is known for every scenario and every agent alone', async () => {
    expect([...(await entryAgents(await folderOf(files)))]).toEqual([
      ['billing', 'billing'],
      ['desk', 'desk'],
      ['shop', 'desk'],
    ]);
  });

  test('is asked without a prompt or a tool being looked at', async () => {
    const folder = await folderOf({ ...files, 'desk.yaml': `${desk}tools: [none-such]\n`.replace('variables.', 'x.') });
    expect((await entryAgents(folder)).get('shop')).toBe('desk');
  });

  test('is not guessed where a scenario cannot be read', async () => {
    const folder = await folderOf({ ...files, 'scenarios/shop.yaml': scenario.replace('start:', 'strat:') });
    await expect(entryAgents(folder)).rejects.toThrow(/shop\.yaml:3:1: "strat" is no key of a scenario/);
  });
});
