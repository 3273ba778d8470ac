import { expect, test } from 'vitest';
import { z } from 'zod';
import { defineTool, isTool } from './tool.ts';
import { openingHours } from './tools/opening-hours.ts';

const context = { callId: '0'.repeat(32), signal: new AbortController().signal, now: () => Date.UTC(2026, 10, 20, 12) };
const ask = (day: string) => openingHours.run(openingHours.parse({ day }), context);

test('the model sees a function name without dashes and a closed schema', () => {
  expect(openingHours.functionName).toBe('opening_hours');
  expect(openingHours.parameters).toEqual({
    type: 'object',
    properties: {
      day: {
        type: 'string',
        enum: ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday', 'today', 'all'],
        description: 'The day asked about; all for the whole week',
      },
    },
    required: ['day'],
    additionalProperties: false,
  });
});

test('a default makes a parameter optional to the model and present to the tool', () => {
  const tool = defineTool({
    name: 'count',
    description: 'Counts.',
    parameters: z.object({ to: z.number().default(3) }),
    run: ({ to }) => to + 1,
  });
  expect(tool.parameters).not.toHaveProperty('required');
  expect(tool.run(tool.parse({}), context)).toBe(4);
});

test('arguments the schema does not know are refused', () => {
  expect(() => openingHours.parse({ day: 'someday' })).toThrow(z.ZodError);
  expect(() => openingHours.parse({ day: 'today', why: 'x' })).toThrow(z.ZodError);
  expect(() => openingHours.parse('today')).toThrow(z.ZodError);
});

test('opening hours of a day, of today and of the week', () => {
  expect(ask('monday')).toEqual({ day: 'monday', hours: '9 a.m. to 6 p.m.' });
  expect(ask('sunday')).toEqual({ day: 'sunday', hours: 'closed' });
  expect(ask('today')).toEqual({ day: 'friday', hours: '9 a.m. to 4 p.m.' });
  expect(ask('all')).toMatchObject({ day: 'all', note: 'On Sundays we are closed.' });
});

test('today is the reception’s day: late on Saturday there it is Sunday in London', () => {
  const late = { ...context, now: () => Date.UTC(2026, 10, 22, 3) };
  expect(openingHours.run({ day: 'today' }, late)).toMatchObject({ day: 'saturday' });
});

test('only what defineTool made is a tool', () => {
  expect(isTool(openingHours)).toBe(true);
  for (const other of [undefined, null, {}, () => 1, { name: 'x', run: () => 1 }]) expect(isTool(other)).toBe(false);
});
