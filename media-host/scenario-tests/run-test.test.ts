import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { loadAgents } from '../../agents/loader/load.ts';
import { scenarioTest } from '../../contracts/scenario-test.ts';
import { type Chat, startChat } from '../../emulators/chat/chat.ts';
import { createAzureModel } from '../agent/model/azure-model.ts';
import { figuresOf, testFigures } from './figures.ts';
import { runRealTest } from './real-model.ts';
import { runTest, type TestResult } from './run-test.ts';

const folder = join(import.meta.dirname, '../../agents');
const agents = await loadAgents(folder);
const bed = { folder, agents };

const testOf = (turns: unknown[], more: object = {}) => ({
  name: 'made-up',
  test: scenarioTest.parse({ promise: 'x', scenario: 'support', turns, ...more }),
});

const hours = { tool: 'opening-hours', with: { day: 'sunday' } };
const closed = 'On Sundays we are closed.';
const onSunday = (expected: object, model: unknown[] = [hours, { say: closed }]) =>
  testOf([{ says: 'Are you open on Sundays?', model, expect: expected }]);

describe.each(['text', 'audio'] as const)('in %s', mode => {
  test.each([
    [
      'a tool that did not run',
      { tools: ['opening-hours', 'remember'] },
      /the tool remember was to run.*ran: opening-hours/,
    ],
    ['tools in another order', { tools: ['end-call', 'opening-hours'] }, /the tool end-call was to run, in this order/],
    ['a tool that was not to run', { noTools: ['opening-hours'] }, /the tool opening-hours was not to run/],
    ['another agent', { agent: 'billing' }, /billing was to have the caller, and not reception/],
    ['words that nobody said', { words: ['open all day'] }, /"open all day" was to be heard; heard: "On Sundays/],
    ['a pattern that nothing fits', { words: ['/open(ed)? all/'] }, /was to be heard/],
    ['words that were not to be said', { absent: ['closed'] }, /"closed" was not to be heard/],
    ['a fact nobody knows', { facts: { 'customer-id': '1001' } }, /customer-id was to be known as "1001"; known: \{\}/],
    [
      'an effect nobody began',
      { effects: { 'open-ticket': 1 } },
      /open-ticket was to be carried out 1 × by now; it was 0/,
    ],
    ['an end that did not come', { ends: 'agent' }, /the agent ends the call; and is so: the call goes on/],
  ])('%s fails the test, and is told', async (_, expected, problem) => {
    const { problems } = await runTest(bed, onSunday(expected), mode);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toMatch(/^turn 1 \("Are you open on Sundays\?"\): /);
    expect(problems[0]).toMatch(problem);
  });

  test('a model that is asked more often than the test has answers fails it', async () => {
    const { problems } = await runTest(bed, onSunday({}, [hours]), mode);
    expect(problems).toEqual([expect.stringMatching(/the model was asked 1 × more than the test has answers/)]);
  });

  test('answers that the model is never asked for fail it', async () => {
    const { problems } = await runTest(bed, onSunday({}, [{ say: closed }, { say: closed }]), mode);
    expect(problems).toEqual([expect.stringMatching(/1 of the model’s answers were never asked for/)]);
  });

  test('what is refused stands beside what was expected', async () => {
    const model = [{ handOff: 'billing' }, { say: 'I cannot.' }];
    const { problems } = await runTest(bed, onSunday({ agent: 'billing' }, model), mode);
    expect(problems[0]).toMatch(/refused: hand-off \(HANDOFF_NOT_ALLOWED\)/);
  });

  test('a turn after the end of the call fails it', async () => {
    const bye = { says: 'Bye.', model: [[{ say: 'Goodbye.' }, { tool: 'end-call', with: { reason: 'settled' } }]] };
    const over = testOf([
      { ...bye, expect: { ends: 'agent' } },
      { says: 'Hello?', model: [{ say: 'Yes?' }] },
    ]);
    const { problems } = await runTest(bed, over, mode);
    expect(problems.join('\n')).toContain('turn 2 ("Hello?"): the call was over by then');
  });

  test('a greeting without the words it is to have fails it', async () => {
    const { problems } = await runTest(
      bed,
      testOf([{ says: 'Hi.', model: [{ say: 'Hi.' }] }], { greeting: { words: ['Bonjour'] } }),
      mode,
    );
    expect(problems).toEqual([expect.stringMatching(/^greeting: "Bonjour" was to be heard; heard: "Hello, this is/)]);
  });
});

test('an answer that comes late fails its test in audio', async () => {
  const { problems } = await runTest(bed, onSunday({ withinMs: 200 }), 'audio');
  expect(problems).toEqual([expect.stringMatching(/was to sound within 200 ms; it took \d+/)]);
  expect((await runTest(bed, onSunday({ withinMs: 200 }), 'text')).problems).toEqual([]);
});

test('a test plays the same every time it is run', async () => {
  const runs = [await runTest(bed, onSunday({}), 'audio'), await runTest(bed, onSunday({}), 'audio')];
  expect(runs[0]?.turns).toEqual(runs[1]?.turns);
});

describe('a model that is asked for real', () => {
  let chat: Chat;
  beforeAll(async () => {
    const rules = [
      { match: { tool: 'opening_hours' }, say: closed, times: 2, ttftMs: 1, gapMs: 1 },
      { match: { tool: 'opening_hours' }, say: 'I do not know.', ttftMs: 1, gapMs: 1 },
      { match: { lastUser: 'Sundays' }, tool: { name: 'opening_hours', arguments: { day: 'sunday' } }, ttftMs: 1 },
    ];
    chat = await startChat({ rules, models: ['gpt-test'] });
  });
  afterAll(() => chat.close());

  test('passes with the share of its runs that is asked for, and what the test has it answer is left out', async () => {
    const found = onSunday({ tools: ['opening-hours'], words: ['closed'] }, [{ say: 'Never asked for.' }]);
    const model = { model: createAzureModel({ endpoint: chat.url, key: chat.key }), defaultModel: 'gpt-test' };
    const results: TestResult[] = [];
    for (let time = 0; time < 3; time++) results.push(await runRealTest(bed, found, model));
    expect(results.map(({ problems }) => problems.length)).toEqual([0, 0, 1]);
    const of = (rate: number) => testFigures(results, new Map([['made-up', rate]]));
    expect(of(0.6)).toMatchObject([{ mode: 'real', runs: 3, passed: 2, ok: true }]);
    expect(of(0.7)).toMatchObject([{ ok: false, problems: [expect.stringContaining('I do not know')] }]);
    const figures = figuresOf(results, of(0.7), 'real');
    expect(figures).toMatchObject({ tests: 1, passed: 0, tools: { expected: 3, ran: 3, precision: 1, recall: 1 } });
    expect(figures.reply?.turns).toBe(3);
  });
});

test('the figures count tools beyond the expected, tools that lack, and agents that are wrong', async () => {
  const results = [
    await runTest(bed, onSunday({ tools: ['opening-hours', 'remember'], agent: 'billing' }), 'text'),
    await runTest(bed, onSunday({ tools: [], agent: 'reception' }), 'text'),
  ];
  const { tools, handoffs } = figuresOf(results, testFigures(results, new Map()), 'audio');
  expect(tools).toEqual({ expected: 2, ran: 2, precision: 0.5, recall: 0.5 });
  expect(handoffs).toEqual({ expected: 2, right: 1, accuracy: 0.5 });
});
