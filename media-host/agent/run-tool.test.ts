import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, type ToolDefinition } from '../../agents/tool.ts';
import { virtualClock } from '../clock.ts';
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
  ['a result that is no JSON', toolThat(() => ({ big: 1n })), monday, 'hours-of', 'TOOL_FAILED'],
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

test('an output is cut where it would fill the model’s memory', async () => {
  const run = await runTool(
    toolThat(() => 'x'.repeat(100_000)),
    monday,
    surroundings,
  );
  expect(run?.output.length).toBe(12_001);
});
