/**
 * The body of `POST …/chat/completions`: what the stand-in understands of it, refused in the service's words where the
 * service would refuse it.
 */
import { z } from 'zod';
import { type AnswerFormat, type Asked, conversationOf, type Item } from './asked.ts';
import { bad, nameOf, parseBody } from './body-errors.ts';
import { isOffered, jsonSchema, maybe, sharedFields, toolName } from './shared-body.ts';
import { strictFault } from './strict-schema.ts';

const notEmulated = [
  'audio',
  'functions',
  'function_call',
  'modalities',
  'moderation',
  'prediction',
  'web_search_options',
];

const textPart = z.strictObject({ type: z.literal('text'), text: z.string() });
const imagePart = z.strictObject({ type: z.literal('image_url'), image_url: z.unknown() });
const refusalPart = z.strictObject({ type: z.literal('refusal'), refusal: z.string() });
const text = z.union([z.string(), z.array(textPart)]);

const messageSchema = z.discriminatedUnion('role', [
  z.strictObject({ role: z.enum(['system', 'developer']), content: text, name: maybe(z.string()) }),
  z.strictObject({
    role: z.literal('user'),
    content: z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, imagePart]))]),
    name: maybe(z.string()),
  }),
  z.strictObject({
    role: z.literal('assistant'),
    content: maybe(z.union([z.string(), z.array(z.discriminatedUnion('type', [textPart, refusalPart]))])),
    refusal: maybe(z.string()),
    name: maybe(z.string()),
    annotations: maybe(z.array(z.unknown())),
    tool_calls: z
      .array(
        z.strictObject({
          id: z.string().min(1),
          type: z.literal('function'),
          function: z.strictObject({ name: toolName, arguments: z.string() }),
        }),
      )
      .min(1)
      .optional(),
  }),
  z.strictObject({ role: z.literal('tool'), content: text, tool_call_id: z.string().min(1) }),
]);

const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({ type: z.literal('json_object') }),
  z.strictObject({
    type: z.literal('json_schema'),
    json_schema: z.strictObject({
      name: toolName,
      schema: jsonSchema,
      description: maybe(z.string()),
      strict: maybe(z.boolean()),
    }),
  }),
]);

const completionsSchema = z.strictObject({
  ...sharedFields,
  messages: z.array(messageSchema).min(1),
  tools: maybe(
    z
      .array(
        z.strictObject({
          type: z.literal('function'),
          function: z.strictObject({
            name: toolName,
            description: maybe(z.string()),
            parameters: maybe(jsonSchema),
            strict: maybe(z.boolean()),
          }),
        }),
      )
      .min(1)
      .max(128),
  ),
  tool_choice: maybe(
    z.union([
      z.enum(['auto', 'none', 'required']),
      z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string() }) }),
    ]),
  ),
  response_format: maybe(format),
  max_tokens: maybe(z.int().min(1)),
  max_completion_tokens: maybe(z.int().min(1)),
  stream_options: maybe(
    z.strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() }),
  ),
  n: maybe(z.int().min(1).max(1)),
  seed: maybe(z.int()),
  stop: maybe(z.union([z.string(), z.array(z.string()).max(4)])),
  presence_penalty: maybe(z.number().min(-2).max(2)),
  frequency_penalty: maybe(z.number().min(-2).max(2)),
  logit_bias: maybe(z.record(z.string(), z.number())),
  logprobs: maybe(z.boolean()),
  reasoning_effort: maybe(z.string()),
  verbosity: maybe(z.enum(['low', 'medium', 'high'])),
});

type CompletionsBody = z.output<typeof completionsSchema>;

/**
 * Parses the body and reads it, or throws the service's 400.
 * @param deployment the model when the address names it instead of the body
 */
export function readCompletions(raw: unknown, deployment: string | undefined): Asked {
  const named = deployment && typeof raw === 'object' && raw !== null ? { ...raw, model: deployment } : raw;
  const body = parseBody(completionsSchema, named, notEmulated);
  refuseLooseCalls(body);
  refuseUnstrict(body);
  if (body.stream_options && !body.stream) {
    const message = "The 'stream_options' parameter is only allowed when 'stream' is enabled.";
    throw bad(message, 'stream_options');
  }
  const offered = (body.tools ?? []).map(tool => ({
    name: tool.function.name,
    parameters: tool.function.parameters ?? {},
  }));
  const choice =
    typeof body.tool_choice === 'object' && body.tool_choice ? body.tool_choice.function : body.tool_choice;
  if (choice && offered.length === 0) {
    throw bad("'tool_choice' is only allowed when 'tools' are specified.", 'tool_choice');
  }
  const names = offered.map(tool => tool.name);
  if (!isOffered(choice, names)) {
    const { name } = choice as { name: string };
    throw bad(
      `The tool specified in 'tool_choice' does not match any of the specified 'tools': ${name}.`,
      'tool_choice',
    );
  }
  return {
    api: 'chat',
    model: body.model,
    stream: body.stream ?? false,
    ...conversationOf(body.messages.flatMap(itemsOf)),
    offered,
    toolChoice: choice ?? 'auto',
    parallelToolCalls: body.parallel_tool_calls ?? true,
    format: formatOf(body),
    maxOutputTokens: body.max_completion_tokens ?? body.max_tokens ?? undefined,
    promptCacheKey: body.prompt_cache_key ?? '',
    store: body.store ?? false,
    includeUsage: body.stream_options?.include_usage ?? false,
  };
}

function itemsOf(message: CompletionsBody['messages'][number]): Item[] {
  switch (message.role) {
    case 'system':
    case 'developer':
      return [{ kind: 'system', text: textOf(message.content) }];
    case 'user':
      return [{ kind: 'user', text: textOf(message.content) }];
    case 'tool':
      return [{ kind: 'output', callId: message.tool_call_id, text: textOf(message.content) }];
    case 'assistant': {
      const said = textOf(message.content ?? '') || (message.refusal ?? '');
      const called = message.tool_calls ?? [];
      const calls = called.map((call): Item => ({ kind: 'call', callId: call.id, ...call.function }));
      return said || calls.length === 0 ? [{ kind: 'assistant', text: said }, ...calls] : calls;
    }
  }
}

function textOf(content: string | { type: string; text?: string; refusal?: string }[]): string {
  return typeof content === 'string' ? content : content.map(part => part.text ?? part.refusal ?? '').join('');
}

/** Tool messages must follow their calls at once: another message between them is refused. */
function refuseLooseCalls({ messages }: CompletionsBody): void {
  let open = new Set<string>();
  for (const [at, message] of messages.entries()) {
    if (message.role === 'tool') {
      if (open.delete(message.tool_call_id)) continue;
      const rule = "messages with role 'tool' must be a response to a preceeding message with 'tool_calls'.";
      throw bad(`Invalid parameter: ${rule}`, nameOf(['messages', at, 'role']));
    }
    refuseUnanswered(open, at);
    open = new Set(message.role === 'assistant' ? (message.tool_calls ?? []).map(call => call.id) : []);
  }
  refuseUnanswered(open, messages.length);
}

function refuseUnanswered(open: Set<string>, at: number): void {
  if (open.size === 0) return;
  const rule =
    "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'.";
  const missing = `The following tool_call_ids did not have response messages: ${[...open].join(', ')}`;
  throw bad(`${rule} ${missing}`, nameOf(['messages', at, 'role']));
}

function refuseUnstrict(body: CompletionsBody): void {
  for (const [at, { function: tool }] of (body.tools ?? []).entries()) {
    const fault = tool.strict ? strictFault(tool.parameters ?? {}) : undefined;
    const param = nameOf(['tools', at, 'function', 'parameters']);
    if (fault) throw bad(`Invalid schema for function '${tool.name}': ${fault}`, param, 'invalid_function_parameters');
  }
  if (body.response_format?.type !== 'json_schema') return;
  const { name, schema, strict } = body.response_format.json_schema;
  const fault = strict ? strictFault(schema) : undefined;
  if (fault)
    throw bad(`Invalid schema for response_format '${name}': ${fault}`, 'response_format', 'invalid_json_schema');
}

function formatOf({ response_format: asked }: CompletionsBody): AnswerFormat {
  if (!asked) return { type: 'text' };
  return asked.type === 'json_schema' ? { type: 'json_schema', ...asked.json_schema } : asked;
}
