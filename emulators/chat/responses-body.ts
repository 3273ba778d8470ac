/**
 * The body of `POST …/responses`: what the stand-in understands of it, refused in the service's words where the service
 * would refuse it.
 */
import { z } from 'zod';
import { type AnswerFormat, type Asked, conversationOf, type Item } from './asked.ts';
import { bad, nameOf, parseBody } from './body-errors.ts';
import { isOffered, jsonSchema, maybe, sharedFields, toolName } from './shared-body.ts';
import { strictFault } from './strict-schema.ts';

const notEmulated = [
  'access_programs',
  'background',
  'context_management',
  'conversation',
  'image',
  'max_tool_calls',
  'moderation',
  'prompt',
];

const parts = {
  input_text: z.strictObject({ type: z.literal('input_text'), text: z.string() }),
  input_image: z.strictObject({
    type: z.literal('input_image'),
    image_url: maybe(z.string()),
    file_id: maybe(z.string()),
    detail: maybe(z.string()),
  }),
  output_text: z.strictObject({
    type: z.literal('output_text'),
    text: z.string(),
    annotations: z.array(z.unknown()).optional(),
    logprobs: z.array(z.unknown()).optional(),
  }),
  refusal: z.strictObject({ type: z.literal('refusal'), refusal: z.string() }),
};
const heardParts = z.array(z.discriminatedUnion('type', [parts.input_text, parts.input_image]));
const spokenParts = z.array(z.discriminatedUnion('type', [parts.output_text, parts.refusal]));
const status = maybe(z.enum(['in_progress', 'completed', 'incomplete']));
const message = { type: z.literal('message'), id: maybe(z.string()), status, phase: maybe(z.string()) };

const itemSchema = z.discriminatedUnion('type', [
  z.discriminatedUnion('role', [
    z.strictObject({
      ...message,
      role: z.enum(['user', 'system', 'developer']),
      content: z.union([z.string(), heardParts]),
    }),
    z.strictObject({ ...message, role: z.literal('assistant'), content: z.union([z.string(), spokenParts]) }),
  ]),
  z.strictObject({
    type: z.literal('function_call'),
    id: maybe(z.string()),
    call_id: z.string().min(1).max(64),
    name: toolName,
    arguments: z.string(),
    status,
  }),
  z.strictObject({
    type: z.literal('function_call_output'),
    id: maybe(z.string()),
    call_id: z.string().min(1).max(64),
    output: z.union([z.string(), z.array(parts.input_text)]),
    status,
  }),
  z.strictObject({
    type: z.literal('reasoning'),
    id: maybe(z.string()),
    summary: z.array(z.unknown()),
    content: maybe(z.array(z.unknown())),
    encrypted_content: maybe(z.string()),
    status,
  }),
]);
/** The service takes an item without a type for a message. */
const untyped = (item: unknown) =>
  typeof item === 'object' && item !== null && !('type' in item) ? { type: 'message', ...item } : item;

const functionTool = z.strictObject({
  type: z.literal('function'),
  name: toolName,
  description: maybe(z.string()),
  parameters: maybe(jsonSchema),
  strict: maybe(z.boolean()),
});
const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: toolName,
    schema: jsonSchema,
    description: maybe(z.string()),
    strict: maybe(z.boolean()),
  }),
]);

const responsesSchema = z.strictObject({
  ...sharedFields,
  input: z.union([z.string(), z.array(z.preprocess(untyped, itemSchema))]),
  instructions: maybe(z.string()),
  tools: maybe(z.array(functionTool).max(128)),
  tool_choice: maybe(
    z.union([z.enum(['auto', 'none', 'required']), z.strictObject({ type: z.literal('function'), name: z.string() })]),
  ),
  text: maybe(z.strictObject({ format: format.optional(), verbosity: maybe(z.enum(['low', 'medium', 'high'])) })),
  max_output_tokens: maybe(z.int().min(16)),
  include: maybe(z.array(z.string())),
  previous_response_id: maybe(z.string()),
  reasoning: maybe(z.strictObject({ effort: maybe(z.string()), summary: maybe(z.string()) })),
  stream_options: maybe(z.strictObject({ include_obfuscation: z.boolean().optional() })),
  truncation: maybe(z.enum(['auto', 'disabled'])),
});

export type ResponsesBody = z.output<typeof responsesSchema>;

/** Parses the body and reads it, or throws the service's 400. */
export function readResponses(raw: unknown): { body: ResponsesBody; asked: Asked } {
  const body = parseBody(responsesSchema, raw, notEmulated);
  if (body.previous_response_id) {
    const message = `Previous response with id '${body.previous_response_id}' not found.`;
    throw bad(message, 'previous_response_id', 'previous_response_not_found');
  }
  const items = itemsOf(body);
  refuseLooseCalls(items);
  refuseUnstrict(body);
  const offered = (body.tools ?? []).map(tool => ({ name: tool.name, parameters: tool.parameters ?? {} }));
  const names = offered.map(tool => tool.name);
  if (!isOffered(body.tool_choice, names)) {
    const { name } = body.tool_choice as { name: string };
    throw bad(`Tool choice 'function' not found in 'tools' parameter: ${name}.`, 'tool_choice');
  }
  const choice = body.tool_choice ?? 'auto';
  return {
    body,
    asked: {
      api: 'responses',
      model: body.model,
      stream: body.stream ?? false,
      ...conversationOf(items),
      offered,
      toolChoice: typeof choice === 'string' ? choice : { name: choice.name },
      parallelToolCalls: body.parallel_tool_calls ?? true,
      format: formatOf(body),
      maxOutputTokens: body.max_output_tokens ?? undefined,
      promptCacheKey: body.prompt_cache_key ?? '',
      store: body.store ?? true,
      includeUsage: true,
    },
  };
}

function itemsOf({ input, instructions }: ResponsesBody): Item[] {
  const items: Item[] = typeof input === 'string' ? [{ kind: 'user', text: input }] : input.flatMap(itemOf);
  return instructions ? [{ kind: 'system', text: instructions }, ...items] : items;
}

function itemOf(item: z.output<typeof itemSchema>): Item[] {
  switch (item.type) {
    case 'message':
      return [{ kind: item.role === 'developer' ? 'system' : item.role, text: textOf(item.content) }];
    case 'function_call':
      return [{ kind: 'call', callId: item.call_id, name: item.name, arguments: item.arguments }];
    case 'function_call_output':
      return [{ kind: 'output', callId: item.call_id, text: textOf(item.output) }];
    case 'reasoning':
      return [];
  }
}

function textOf(content: string | { type: string; text?: string; refusal?: string }[]): string {
  return typeof content === 'string' ? content : content.map(part => part.text ?? part.refusal ?? '').join('');
}

/** A call without its output, or the other way round, is what a badly cut history looks like after a barge-in. */
function refuseLooseCalls(items: Item[]): void {
  const called = new Set<string>();
  const answered = new Set(items.flatMap(item => (item.kind === 'output' ? [item.callId] : [])));
  for (const item of items) {
    if (item.kind === 'call') called.add(item.callId);
    if (item.kind === 'output' && !called.has(item.callId)) {
      throw bad(`No tool call found for function call output with call_id ${item.callId}.`, 'input');
    }
  }
  const open = [...called].find(callId => !answered.has(callId));
  if (open !== undefined) throw bad(`No tool output found for function call ${open}.`, 'input');
}

function refuseUnstrict(body: ResponsesBody): void {
  for (const [at, tool] of (body.tools ?? []).entries()) {
    const fault = tool.strict ? strictFault(tool.parameters ?? {}) : undefined;
    const param = nameOf(['tools', at, 'parameters']);
    if (fault) throw bad(`Invalid schema for function '${tool.name}': ${fault}`, param, 'invalid_function_parameters');
  }
  const asked = body.text?.format;
  const fault = asked?.type === 'json_schema' && asked.strict ? strictFault(asked.schema) : undefined;
  if (fault && asked?.type === 'json_schema') {
    const message = `Invalid schema for response_format '${asked.name}': ${fault}`;
    throw bad(message, 'text.format.schema', 'invalid_json_schema');
  }
}

function formatOf(body: ResponsesBody): AnswerFormat {
  const asked = body.text?.format ?? { type: 'text' };
  return asked.type === 'json_schema' ? { type: 'json_schema', name: asked.name, schema: asked.schema } : asked;
}
