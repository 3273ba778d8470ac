import { expect, test } from 'vitest';
import { z } from 'zod';
import { sampleOf } from './schema-sample.ts';
import { strictFault } from './strict-schema.ts';

const record = z.object({
  summary: z.string(),
  mood: z.enum(['good', 'bad']),
  score: z.number().min(1),
  tags: z.array(z.string()).min(2),
  next: z.object({ at: z.string() }).nullable(),
  done: z.boolean(),
});
const schema = z.toJSONSchema(record) as Record<string, unknown>;

test('a sample fits the schema it was made from', () => {
  expect(record.parse(sampleOf(schema))).toMatchObject({ mood: 'good', score: 1, tags: ['none', 'none'] });
});

test('a sample follows references and ends when a schema contains itself', () => {
  const tree = {
    $ref: '#/$defs/node',
    $defs: { node: { type: 'object', properties: { child: { $ref: '#/$defs/node' } }, required: ['child'] } },
  };
  expect(JSON.stringify(sampleOf(tree))).toContain('{"child":{"child":');
});

test('a closed schema with everything required is strict', () => {
  expect(strictFault(schema)).toBeUndefined();
});

test.each([
  [
    { type: 'object', properties: {} },
    "In context=(), 'additionalProperties' is required to be supplied and to be false.",
  ],
  [
    { type: 'object', properties: { a: { type: 'string' }, b: {} }, required: ['a'], additionalProperties: false },
    "In context=(), 'required' is required to be supplied and to be an array including every key in properties. Missing 'b'.",
  ],
  [
    {
      type: 'object',
      properties: { list: { type: 'array', items: { type: 'object' } } },
      required: ['list'],
      additionalProperties: false,
    },
    "In context=('properties', 'list', 'items'), 'additionalProperties' is required to be supplied and to be false.",
  ],
])('%j is not strict, and it says where', (open, fault) => {
  expect(strictFault(open)).toBe(fault);
});
