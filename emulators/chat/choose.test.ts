import { describe, expect, test } from 'vitest';
import { type Asked, conversationOf, type Item } from './asked.ts';
import { chooseRule } from './choose.ts';
import type { Rule } from './rule.ts';
import { parseRules } from './script.ts';

const user = (text: string): Item => ({ kind: 'user', text });
const assistant = (text: string): Item => ({ kind: 'assistant', text });
const call = (name: string, callId = name): Item => ({ kind: 'call', callId, name, arguments: '{}' });
const output = (callId: string, text: string): Item => ({ kind: 'output', callId, text });

function asked(items: Item[], more: Partial<Asked> = {}): Asked {
  return {
    api: 'responses',
    model: 'm',
    stream: true,
    ...conversationOf(items),
    offered: ['look_up', 'book'].map(name => ({ name, parameters: {} })),
    toolChoice: 'auto',
    parallelToolCalls: true,
    format: { type: 'text' },
    maxOutputTokens: undefined,
    promptCacheKey: '',
    store: false,
    includeUsage: true,
    ...more,
  };
}

function choose(rules: Rule[], from: Asked, uses: number[] = []) {
  const passedOver: string[] = [];
  const choice = chooseRule(parseRules(rules), uses, from, (_, rule, why) => passedOver.push(`${rule.name}: ${why}`));
  return { name: choice?.rule.name, values: choice?.values, passedOver };
}

const rule = (name: string, match: Rule['match'], more: Partial<Rule> = {}): Rule => ({
  name,
  ...(match && { match }),
  say: 'Yes.',
  ...more,
});

describe('what the user said', () => {
  test('the first rule that matches answers', () => {
    const rules = [rule('a', { lastUser: 'bye' }), rule('b', { lastUser: 'hello' }), rule('c', {})];
    expect(choose(rules, asked([user('Hello.')])).name).toBe('b');
    expect(choose(rules, asked([user('Hm.')])).name).toBe('c');
  });

  test('the last words are all those since the assistant spoke', () => {
    const items = [
      user('one'),
      assistant('I see.'),
      user('two'),
      { kind: 'system' as const, text: 'note' },
      user('three'),
    ];
    expect(choose([rule('a', { lastUser: '^two\\nthree$' })], asked(items)).name).toBe('a');
    expect(choose([rule('a', { lastUser: 'one' })], asked(items)).name).toBeUndefined();
    expect(choose([rule('a', { said: 'one' })], asked(items)).name).toBe('a');
  });

  test('turns count how often the user had the word', () => {
    const items = [user('one'), user('more'), assistant('I see.'), user('two')];
    expect(choose([rule('a', { turn: 2 })], asked(items)).name).toBe('a');
    expect(choose([rule('a', { turn: 0 })], asked([{ kind: 'system', text: 'Greet.' }])).name).toBe('a');
    expect(choose([rule('a', { turn: 0 })], asked(items)).name).toBeUndefined();
  });

  test('agents are told apart by their instructions', () => {
    const from = asked([{ kind: 'system', text: 'You are the Billing desk.' }, user('Hello')]);
    expect(choose([rule('a', { agent: 'reception' }), rule('b', { agent: 'billing desk' })], from).name).toBe('b');
    expect(choose([rule('a', { system: '^you are the (?<desk>\\w+)' })], from).values).toMatchObject({
      desk: 'Billing',
    });
    expect(choose([rule('a', { model: 'other' })], from).name).toBeUndefined();
  });
});

describe('what a tool answered', () => {
  const followUp = asked([user('look it up'), call('look_up'), output('look_up', '{"hours":"9 to 6"}')]);

  test('a rule for the tool answers with its output', () => {
    const { name, values } = choose([rule('a', { tool: 'book' }), rule('b', { tool: 'look_up' })], followUp);
    expect(name).toBe('b');
    expect(values).toMatchObject({ tool: { hours: '9 to 6' }, tools: { look_up: { hours: '9 to 6' } } });
  });

  test('a rule on words alone does not call the tool again', () => {
    const rules = [rule('again', { lastUser: 'look' }), rule('turn', { turn: 1 }), rule('any', {})];
    expect(choose(rules, followUp).name).toBe('any');
    expect(choose([rule('both', { lastUser: 'look', tool: 'look_up' })], followUp).name).toBe('both');
  });

  test('several outputs can each be asked for', () => {
    const from = asked([
      user('both'),
      call('look_up'),
      call('book'),
      output('look_up', '{"a":1}'),
      output('book', 'done'),
    ]);
    const { values } = choose([rule('a', { tool: 'look_up', toolOutput: '"a"' })], from);
    expect(values).toMatchObject({ tool: { a: 1 }, tools: { book: 'done' } });
  });

  test('once the user speaks again it is about words', () => {
    const from = asked([user('look'), call('look_up'), output('look_up', '{}'), user('stop')]);
    expect(choose([rule('a', { tool: 'look_up' }), rule('b', { lastUser: 'stop' })], from).name).toBe('b');
  });
});

describe('what the model could not have said', () => {
  const calling = rule('calls', {}, { say: 'One moment.', tool: { name: 'book' } });
  const plain = rule('plain', {});

  test('a tool that is not offered is not called', () => {
    const { name, passedOver } = choose([calling, plain], asked([user('Hi')], { offered: [] }));
    expect(name).toBe('plain');
    expect(passedOver).toEqual(['calls: the request does not offer the tool book']);
  });

  test.each([
    ['auto', 'calls'],
    ['none', 'plain'],
    ['required', 'calls'],
    [{ name: 'look_up' }, undefined],
    [{ name: 'book' }, 'calls'],
  ] as const)('with tool_choice %j it is %s', (toolChoice, name) => {
    expect(choose([calling, plain], asked([user('Hi')], { toolChoice })).name).toBe(name);
  });

  test('prose does not answer a request for JSON, nor JSON a caller', () => {
    const rules = [plain, { name: 'object', json: { a: 1 } }];
    expect(choose(rules, asked([user('Hi')], { format: { type: 'json_object' } })).name).toBe('object');
    expect(choose(rules.reverse(), asked([user('Hi')])).name).toBe('plain');
  });

  test('a rule that goes wrong does so whatever is asked', () => {
    const broken = { name: 'broken', error: { status: 500 } };
    expect(
      choose([broken], asked([user('Hi')], { format: { type: 'json_object' }, toolChoice: 'required' })).name,
    ).toBe('broken');
  });
});

test('a rule is used up after its times', () => {
  const rules = [rule('once', {}, { times: 1 }), rule('then', {})];
  expect(choose(rules, asked([user('Hi')]), [0]).name).toBe('once');
  expect(choose(rules, asked([user('Hi')]), [1]).name).toBe('then');
});
