import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, type ToolDefinition } from '../../../agents/tool.ts';
import { virtualClock } from '../../clock.ts';
import { runTool } from './run-tool.ts';

const clock = virtualClock();
const surroundings = { callId: '0'.repeat(32), now: clock.now, after: clock.after };
const parameters = z.object({ day: z.enum(['monday', 'sunday']) });
const toolThat = (run: ToolDefinition<typeof parameters>['run'], timeoutMs = 1000) =>
  defineTool({ name: 'hours-of', description: 'x', parameters, timeoutMs, run });
const call = (args: string) => ({ callId: 'c1', name: 'hours_of', arguments: args });
const monday = call('{"day":"monday"}');

test('the result goes to the model as JSON', async () => {
  const tool = toolThat(async ({ day }, { callId }) => ({ day, callId }));
  expect(await runTool(tool, monday, surroundings)).toEqual({
    name: 'hours-of',
    output: `{"day":"monday","callId":"${'0'.repeat(32)}"}`,
  });
  expect(
    await runTool(
      toolThat(() => undefined),
      monday,
      surroundings,
    ),
  ).toMatchObject({ output: 'null' });
});

test.each([
  ['an unknown tool', undefined, monday, 'unknown', 'TOOL_UNKNOWN'],
  ['arguments that are no JSON', toolThat(() => 1), call('{"day":'), 'hours-of', 'TOOL_ARGUMENTS_INVALID'],
  ['arguments of the wrong kind', toolThat(() => 1), call('{"day":"noday"}'), 'hours-of', 'TOOL_ARGUMENTS_INVALID'],
  ['no arguments', toolThat(() => 1), call(''), 'hours-of', 'TOOL_ARGUMENTS_INVALID'],
  [
    'a tool that throws',
    toolThat(() => {
      throw new Error('caller said 4471');
    }),
    monday,
    'hours-of',
    'TOOL_FAILED',
  ],
  ['a tool that rejects', toolThat(() => Promise.reject(new Error('no'))), monday, 'hours-of', 'TOOL_FAILED'],
  ['a result that is no JSON', toolThat(() => ({ big: 1n })), monday, 'hours-of', 'TOOL_RESULT_INVALID'],
])('%s becomes an output the model can read', async (_, tool, asked, name, code) => {
  const run = await runTool(tool, asked, surroundings);
  expect(run).toMatchObject({ name, code });
  expect(JSON.parse(run?.output ?? '')).toMatchObject({ error: code });
  expect(run?.output).not.toContain('4471');
});

test('the model is told what is wrong with its arguments', async () => {
  const run = await runTool(
    toolThat(() => 1),
    call('{"day":"noday","x":1}'),
    surroundings,
  );
  expect(run?.output).toMatch(/day: .*monday.*sunday/);
  expect(run?.output).toMatch(/x/);
});

test('a tool that takes too long is told to stop and is not waited for', async () => {
  let stopped = false;
  const tool = toolThat((_, { signal }) => {
    signal.addEventListener('abort', () => {
      stopped = true;
    });
    return new Promise(() => undefined);
  }, 700);
  const run = runTool(tool, monday, surroundings);
  clock.advance(699);
  expect(stopped).toBe(false);
  clock.advance(1);
  expect(await run).toMatchObject({ code: 'TOOL_TIMED_OUT' });
  expect(stopped).toBe(true);
});

test('a look-up ends with its reply, however late its result comes', async () => {
  const abort = new AbortController();
  let resolve: (value: unknown) => void = () => undefined;
  const tool = toolThat(
    () =>
      new Promise(done => {
        resolve = done;
      }),
  );
  const run = runTool(tool, monday, { ...surroundings, signal: abort.signal });
  abort.abort();
  expect(await run).toBeUndefined();
  resolve('late');
  expect(await runTool(tool, monday, { ...surroundings, signal: abort.signal })).toBeUndefined();
});

test.each([
  ['plain', 'x'.repeat(1_000_000)],
  ['written in escapes', '"\\\n'.repeat(300_000)],
  ['of pairs of code units', '😀'.repeat(300_000)],
])('a megabyte, %s, is cut where it would fill the model’s memory, and says so', async (_, huge) => {
  const run = await runTool(
    toolThat(() => ({ found: huge })),
    monday,
    surroundings,
  );
  expect(run?.code).toBeUndefined();
  expect(run?.output.length).toBeLessThanOrEqual(12_000);
  expect(run?.output.length).toBeGreaterThan(11_900);
  const read = JSON.parse(run?.output ?? '') as Record<string, string | boolean>;
  expect(read).toMatchObject({ cut: true, note: expect.stringMatching(/\d{6} characters/) });
  expect(String(read['beginning']).isWellFormed()).toBe(true);
});

describe('a look-up that throws', () => {
  const flaky = (failures: number, retries: number, timeoutMs = 5_000) => {
    const at: number[] = [];
    const tool = defineTool({
      name: 'hours-of',
      description: 'x',
      parameters,
      retries,
      timeoutMs,
      run: () => {
        at.push(clock.now());
        if (at.length <= failures) throw new Error('away');
        return 'here';
      },
    });
    return { tool, at };
  };
  const pass = async (ms: number) => {
    for (let passed = 0; passed < ms; passed += 25) {
      clock.advance(25);
      await new Promise<void>(resolve => setImmediate(resolve));
    }
  };
  const pauses = (at: number[]) => at.slice(1).map((time, i) => time - (at[i] ?? 0));

  test('is run again after short pauses that grow, and a little otherwise each time', async () => {
    const { tool, at } = flaky(3, 3);
    const chances = [0, 1, 0.5];
    const run = runTool(tool, monday, { ...surroundings, chance: () => chances.shift() ?? 0 });
    await pass(1_000);
    expect(await run).toEqual({ name: 'hours-of', output: '"here"' });
    expect(pauses(at)).toEqual([50, 200, 300]);
  });

  test('as often as it allows, and no more', async () => {
    const { tool, at } = flaky(9, 2);
    const run = runTool(tool, monday, surroundings);
    await pass(1_000);
    expect(await run).toMatchObject({ code: 'TOOL_FAILED' });
    expect(at).toHaveLength(3);
  });

  test('begins no pause that its time does not hold', async () => {
    const { tool, at } = flaky(9, 9, 400);
    const run = runTool(tool, monday, { ...surroundings, chance: () => 1 });
    await pass(350);
    expect(await run).toMatchObject({ code: 'TOOL_FAILED' });
    expect(pauses(at)).toEqual([100, 200]);
  });

  test('is not run again once the reply is given up', async () => {
    const { tool, at } = flaky(9, 9);
    const abort = new AbortController();
    const run = runTool(tool, monday, { ...surroundings, signal: abort.signal });
    await pass(25);
    abort.abort();
    await pass(2_000);
    expect(await run).toBeUndefined();
    expect(at).toHaveLength(1);
    expect(clock.waiting()).toBe(0);
  });

  test('is not run again where it changes the world', async () => {
    const runs: unknown[] = [];
    const run = () => {
      runs.push(1);
      throw new Error('away');
    };
    const tool = defineTool({ name: 'hours-of', description: 'x', parameters, effect: true, retries: 3, run });
    expect(await runTool(tool, monday, surroundings)).toMatchObject({ code: 'TOOL_FAILED' });
    expect(runs).toHaveLength(1);
  });
});

test('the record hears what a tool says of its result, on a line, with nothing personal in it', async () => {
  const summing = (summarise: () => string) =>
    defineTool({
      name: 'hours-of',
      description: 'x',
      parameters,
      personal: ['owner'],
      run: () => ({ owner: 'Anna Berger', iban: 'DE89 3704 0044 0532 0130 00' }),
      summarise,
    });
  const said = async (summarise: () => string) => (await runTool(summing(summarise), monday, surroundings))?.summary;
  expect(await said(() => 'two accounts')).toBe('two accounts');
  expect(await said(() => 'of Ms Berger:\nDE89 3704 0044 0532 0130 00, a@b.de')).toBe('of Ms …: …00, …@…');
  expect((await said(() => 'x'.repeat(1_000)))?.length).toBe(200);
  const broken = () => {
    throw new Error('no');
  };
  expect(await said(broken)).toBeUndefined();
});

test('a tool is given what is there, and what it says after its end is of no reply any more', async () => {
  const told: unknown[] = [];
  let late: ((facts: Record<string, string>) => void) | undefined;
  const tool = defineTool({
    name: 'hours-of',
    description: 'x',
    parameters,
    personal: ['customer-id'],
    run: (_, { established, establish }) => {
      late = establish;
      establish?.({ 'customer-id': '7' });
      return established;
    },
  });
  const means = {
    askForPerson: async () => undefined,
    takeDigits: async () => ({ ok: false }),
    establish: (...facts: unknown[]) => told.push(facts),
  };
  const run = await runTool(tool, monday, { ...surroundings, established: { pin: 'right' }, means });
  expect(run?.output).toBe('{"pin":"right"}');
  late?.({ 'customer-id': '8' });
  expect(told).toEqual([[{ 'customer-id': '7' }, ['customer-id']]]);
});
