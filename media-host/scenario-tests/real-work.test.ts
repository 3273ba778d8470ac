import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, type ToolContext } from '../../agents/tool.ts';
import { settled, stageClock } from '../testing/stage-clock.ts';
import { createRealWork, heldBy } from './real-work.ts';

const toolOf = (run: (context: ToolContext) => unknown) =>
  defineTool({ name: 'slow', description: 'x', parameters: z.object({}), run: (_, context) => run(context) });
const contextWith = (more: Partial<ToolContext> = {}): ToolContext => ({
  ...{ callId: 'c', signal: new AbortController().signal, now: () => 0 },
  ...more,
});

test('time stands still while a tool works, and goes on when it has done', async () => {
  const work = createRealWork();
  const clock = heldBy(work, stageClock());
  const began = clock.now();
  const gate = Promise.withResolvers<string>();
  const answer = work.of(toolOf(() => gate.promise)).run({}, contextWith());
  const passed = clock.pass(1000);
  await settled();
  expect(clock.now()).toBe(began);
  gate.resolve('found');
  await passed;
  expect(await answer).toBe('found');
  expect(clock.now()).toBe(began + 1000);
});

test('while a tool waits for the caller’s keys time goes on, and stands still while it compares them', async () => {
  const work = createRealWork();
  const clock = heldBy(work, stageClock());
  const began = clock.now();
  const compared = Promise.withResolvers<boolean>();
  const keys = Promise.withResolvers<string>();
  const tool = toolOf(({ takeDigits }) => takeDigits?.({ secret: true, length: 4, check: () => compared.promise }));
  const takeDigits: ToolContext['takeDigits'] = async ask => ({
    ok: ask.secret && (await ask.check(await keys.promise)),
  });
  const answer = work.of(tool).run({}, contextWith({ takeDigits }));
  await clock.pass(500);
  expect(clock.now()).toBe(began + 500);
  keys.resolve('1234');
  await settled();
  const passed = clock.pass(500);
  await settled();
  expect(clock.now()).toBe(began + 500);
  compared.resolve(true);
  await passed;
  expect(await answer).toEqual({ ok: true });
});
