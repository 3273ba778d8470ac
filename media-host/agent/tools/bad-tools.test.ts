import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, type ToolDefinition } from '../../../agents/tool.ts';
import type { ErrorCode } from '../../../contracts/error.ts';
import { conversation, settled } from '../scripted-conversation.ts';
import { createCircuits } from './circuit.ts';

/** Through the whole runtime: whatever a tool does, the caller hears something, the next turn works, it is recorded. */
const any = z.object({});
type Run = ToolDefinition<typeof any>['run'];

const badTool = (run: Run, more: Partial<ToolDefinition<typeof any>> = {}) =>
  defineTool({ name: 'bad', description: 'x', parameters: any, timeoutMs: 1_000, run, ...more });

const cycle: Record<string, unknown> = {};
cycle['self'] = cycle;
const never = new Promise<never>(() => undefined);
const wellShaped = z.object({ hours: z.string() });

const cases: [string, ReturnType<typeof badTool>, ErrorCode | undefined][] = [
  ['never settles', badTool(() => never), 'TOOL_TIMED_OUT'],
  [
    'ignores its signal and answers too late',
    badTool((_, { signal }) => new Promise(resolve => signal.addEventListener('abort', () => resolve('late')))),
    'TOOL_TIMED_OUT',
  ],
  [
    'throws at once',
    badTool(() => {
      throw new Error('secret 4471');
    }),
    'TOOL_FAILED',
  ],
  ['rejects', badTool(() => Promise.reject(new TypeError('secret 4471'))), 'TOOL_FAILED'],
  [
    'throws what is no error',
    badTool(() => {
      throw 'secret 4471';
    }),
    'TOOL_FAILED',
  ],
  ['throws nothing', badTool(() => Promise.reject(undefined)), 'TOOL_FAILED'],
  ['answers in a circle', badTool(() => cycle), 'TOOL_RESULT_INVALID'],
  ['answers a number JSON does not know', badTool(() => ({ cents: 12n })), 'TOOL_RESULT_INVALID'],
  ['answers a function', badTool(() => () => 1), 'TOOL_RESULT_INVALID'],
  [
    'answers with something that throws when it is written',
    badTool(() => ({
      toJSON: () => {
        throw new Error('no');
      },
    })),
    'TOOL_RESULT_INVALID',
  ],
  [
    'answers with something that throws when it is awaited',
    badTool(() => ({
      // biome-ignore lint/suspicious/noThenProperty: that is what it is about
      get then() {
        throw new Error('no');
      },
    })),
    'TOOL_FAILED',
  ],
  [
    'answers something else than it promises',
    badTool(() => ({ hours: 9 }), { result: wellShaped as never }),
    'TOOL_RESULT_INVALID',
  ],
  ['answers nothing', badTool(() => undefined), undefined],
  ['answers a megabyte', badTool(() => 'x'.repeat(1_000_000)), undefined],
  [
    'cannot say what it has found',
    badTool(() => 1, {
      summarise: () => {
        throw new Error('no');
      },
    }),
    undefined,
  ],
];

test.each(cases)('a tool that %s costs the caller an answer and no call', async (_, tool, code) => {
  const { runtime, clock, model, told, spoken, of, faults } = conversation(
    [[{ call: 'bad' }], ['I could not find out.'], ['Here I am.']],
    { tools: [tool] },
  );
  runtime.take({ turn: 1, epoch: 0, said: 'Hours?' });
  await settled();
  clock.advance(1_000);
  await told('reply-ended', 1);
  runtime.heard(1, 'I could not find out.', false);
  runtime.take({ turn: 2, epoch: 0, said: 'Hello?' });
  await told('reply-ended', 2);
  expect(spoken()).toEqual(['I could not find out.', 'Here I am.']);
  expect(of('tool-ran')).toEqual([
    {
      ...{ type: 'tool-ran', turn: 1, epoch: 0, name: 'bad', ok: code === undefined },
      ...{ ms: code === 'TOOL_TIMED_OUT' ? 1_000 : 0, ...(code && { code }) },
    },
  ]);
  const output =
    model.requests[1]?.history.flatMap(item => (item.type === 'tool-output' ? [item.output] : []))[0] ?? '';
  expect(output.length).toBeLessThanOrEqual(12_000);
  expect(output).not.toContain('4471');
  if (code) expect(JSON.parse(output)).toEqual({ error: code, meaning: expect.stringContaining('aller') });
  else JSON.parse(output);
  expect(faults).toEqual([]);
  expect(clock.waiting()).toBe(0);
});

test('a tool that fails five times in a row rests: it is not run, and the model hears so at once', async () => {
  let runs = 0;
  const tool = badTool(() => {
    runs += 1;
    throw new Error('away');
  });
  const supply = { circuits: createCircuits() };
  const call = [{ call: 'bad' }];
  const { runtime, clock, told, of } = conversation(Array.from({ length: 7 }, () => [call, ['No.']]).flat(), {
    tools: [tool],
    supply,
  });
  for (let turn = 1; turn <= 7; turn++) {
    if (turn === 7) clock.advance(30_000);
    runtime.take({ turn, epoch: 0, said: `Try ${turn}` });
    await told('reply-ended', turn);
    runtime.heard(turn, 'No.', false);
  }
  expect(of('tool-ran').map(({ code }) => code)).toEqual([
    ...Array.from({ length: 5 }, () => 'TOOL_FAILED'),
    'TOOL_RESTING',
    'TOOL_FAILED',
  ]);
  expect(runs).toBe(6);
});

test('a tool whose needs nothing has established never runs, look-up or effect, and the model hears what is missing', async () => {
  let runs = 0;
  const run = () => {
    runs += 1;
  };
  const needs = ['customer-id'];
  const tools = [badTool(run, { needs }), badTool(run, { name: 'worse', needs, effect: true })];
  const { runtime, model, told, of } = conversation([[{ call: 'bad' }, { call: 'worse' }], ['Who are you?']], {
    tools,
  });
  runtime.take({ turn: 1, epoch: 0, said: 'My balance.' });
  await told('reply-ended', 1);
  expect(runs).toBe(0);
  expect(of('tool-started')).toEqual([]);
  expect(of('tool-ran').map(({ code }) => code)).toEqual(['TOOL_NOT_ALLOWED', 'TOOL_NOT_ALLOWED']);
  const outputs = model.requests[1]?.history.flatMap(item => (item.type === 'tool-output' ? [item.output] : []));
  expect(JSON.parse(outputs?.[0] ?? '')).toMatchObject({ error: 'TOOL_NOT_ALLOWED', missing: needs });
});
