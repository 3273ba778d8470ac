import { describe, expect, test } from 'vitest';
import { ApiError } from './api-error.ts';
import { readCompletions } from './completions-body.ts';
import { readResponses } from './responses-body.ts';

function refusal(read: () => unknown): ApiError {
  try {
    read();
  } catch (error) {
    if (error instanceof ApiError) return error;
    throw error;
  }
  throw new Error('The body was accepted.');
}

const tool = { type: 'function', name: 'look_up', parameters: {} };
const call = { type: 'function_call', call_id: 'c1', name: 'look_up', arguments: '{}' };
const output = { type: 'function_call_output', call_id: 'c1', output: 'done' };

describe('a Responses body', () => {
  const base = { model: 'm', input: 'Hello' };

  test.each([
    ['no object', [], '', 'invalid_type'],
    ['no model', { input: 'Hello' }, 'model', 'missing_required_parameter'],
    ['no input', { model: 'm' }, 'input', 'missing_required_parameter'],
    ['an unknown field', { ...base, messages: [] }, 'messages', 'unknown_parameter'],
    [
      'a field of the service that is not emulated',
      { ...base, background: true },
      'background',
      'unsupported_parameter',
    ],
    ['a wrong type', { ...base, store: 'no' }, 'store', 'invalid_type'],
    ['a number for the input', { ...base, input: 3 }, 'input', 'invalid_type'],
    ['a wrong value', { ...base, truncation: 'never' }, 'truncation', 'invalid_value'],
    ['too few tokens', { ...base, max_output_tokens: 1 }, 'max_output_tokens', 'integer_below_min_value'],
    ['too warm', { ...base, temperature: 2.5 }, 'temperature', 'decimal_above_max_value'],
    ['a long cache key', { ...base, prompt_cache_key: 'k'.repeat(65) }, 'prompt_cache_key', 'string_above_max_length'],
    ['a role that is none', { ...base, input: [{ role: 'caller', content: 'Hi' }] }, 'input[0].role', 'invalid_value'],
    ['an item that is none', { ...base, input: [{ type: 'speech' }] }, 'input[0].type', 'invalid_value'],
    [
      'a part the assistant cannot have said',
      { ...base, input: [{ role: 'assistant', content: [{ type: 'input_text', text: 'Hi' }] }] },
      'input[0].content[0].type',
      'invalid_value',
    ],
    [
      'an unknown field of an item',
      { ...base, input: [{ role: 'user', content: 'Hi', heardMs: 3 }] },
      'input[0].heardMs',
      'unknown_parameter',
    ],
    [
      'a tool without a name',
      { ...base, tools: [{ type: 'function' }] },
      'tools[0].name',
      'missing_required_parameter',
    ],
    ['a tool name with a space', { ...base, tools: [{ ...tool, name: 'look up' }] }, 'tools[0].name', 'invalid_value'],
    ['an output without a call', { ...base, input: [output] }, 'input', undefined],
    ['a call without an output', { ...base, input: [{ role: 'user', content: 'Hi' }, call] }, 'input', undefined],
    [
      'a choice that is not offered',
      { ...base, tool_choice: { type: 'function', name: 'book' } },
      'tool_choice',
      undefined,
    ],
    [
      'a strict tool that leaves objects open',
      { ...base, tools: [{ ...tool, strict: true, parameters: { type: 'object', properties: {} } }] },
      'tools[0].parameters',
      'invalid_function_parameters',
    ],
    [
      'a format without a schema',
      { ...base, text: { format: { type: 'json_schema', name: 'x' } } },
      'text.format.schema',
      'missing_required_parameter',
    ],
    [
      'a response that was never stored',
      { ...base, previous_response_id: 'resp_1' },
      'previous_response_id',
      'previous_response_not_found',
    ],
  ])('with %s is refused and the field is named', (_, body, param, code) => {
    const { status, param: named, code: told, type, message } = refusal(() => readResponses(body));
    expect({ status, param: named ?? '', code: told ?? undefined, type }).toEqual({
      status: 400,
      param,
      code,
      type: 'invalid_request_error',
    });
    if (param) expect(message).toMatch(/'|call/);
  });

  test('the words of the service are used', () => {
    const told = (body: unknown) => refusal(() => readResponses(body)).message;
    expect(told({ ...base, foo: 1 })).toBe("Unknown parameter: 'foo'.");
    expect(told({ input: 'x' })).toBe("Missing required parameter: 'model'.");
    expect(told({ ...base, store: 'no' })).toBe(
      "Invalid type for 'store': expected a boolean, but got a string instead.",
    );
    expect(told({ ...base, input: [output] })).toBe('No tool call found for function call output with call_id c1.');
    expect(told({ ...base, input: [call] })).toBe('No tool output found for function call c1.');
    expect(told({ ...base, prompt_cache_key: 'k'.repeat(69) })).toBe(
      "Invalid 'prompt_cache_key': string too long. Expected a string with maximum length 64, but got a string with length 69 instead.",
    );
    expect(told({ ...base, input: [{ role: 'caller', content: '' }] })).toContain("Invalid value: 'caller'.");
    expect(told({ ...base, truncation: 'x' })).toBe("Invalid value: 'x'. Supported values are: 'auto', 'disabled'.");
  });

  test('everything a voice turn sends is read', () => {
    const { asked } = readResponses({
      model: 'm',
      stream: true,
      store: false,
      instructions: 'Be kind.',
      prompt_cache_key: 'reception 1',
      parallel_tool_calls: false,
      max_output_tokens: 400,
      temperature: 0.4,
      tools: [tool],
      tool_choice: 'auto',
      text: { format: { type: 'text' }, verbosity: 'low' },
      reasoning: { effort: 'none' },
      metadata: { call: '1' },
      input: [
        { role: 'developer', content: 'The caller speaks softly.' },
        { type: 'message', role: 'user', content: [{ type: 'input_text', text: 'Look it up.' }] },
        { type: 'reasoning', id: 'rs_1', summary: [] },
        { ...call, id: 'fc_1', status: 'completed' },
        output,
      ],
    });
    expect(asked).toMatchObject({
      instructions: 'Be kind.\nThe caller speaks softly.',
      roles: ['system', 'system', 'user', 'call', 'output'],
      lastUser: 'Look it up.',
      returned: [{ name: 'look_up', callId: 'c1', output: 'done' }],
      parallelToolCalls: false,
      maxOutputTokens: 400,
      promptCacheKey: 'reception 1',
    });
  });
});

describe('a chat completions body', () => {
  const messages = [{ role: 'user', content: 'Hello' }];
  const base = { model: 'm', messages };
  const asks = {
    role: 'assistant',
    tool_calls: [{ id: 'c1', type: 'function', function: { name: 'a', arguments: '' } }],
  };
  const answers = { role: 'tool', tool_call_id: 'c1', content: 'done' };

  test.each([
    ['no messages', { model: 'm' }, 'messages', 'missing_required_parameter'],
    ['an empty list of messages', { model: 'm', messages: [] }, 'messages', 'array_below_min_length'],
    ['an unknown field', { ...base, input: 'x' }, 'input', 'unknown_parameter'],
    ['a field that is not emulated', { ...base, functions: [] }, 'functions', 'unsupported_parameter'],
    ['a role that is none', { ...base, messages: [{ role: 'caller' }] }, 'messages[0].role', 'invalid_value'],
    ['more than one choice', { ...base, n: 2 }, 'n', 'integer_above_max_value'],
    [
      'stream options without a stream',
      { ...base, stream_options: { include_usage: true } },
      'stream_options',
      undefined,
    ],
    ['a tool of the other wire', { ...base, tools: [tool] }, 'tools[0].function', 'missing_required_parameter'],
    ['a choice without tools', { ...base, tool_choice: 'auto' }, 'tool_choice', undefined],
    ['an answer to no call', { ...base, messages: [...messages, answers] }, 'messages[1].role', undefined],
    ['a call without an answer', { ...base, messages: [...messages, asks] }, 'messages[2].role', undefined],
    [
      'a message between a call and its answer',
      { ...base, messages: [asks, ...messages, answers] },
      'messages[1].role',
      undefined,
    ],
  ])('with %s is refused and the field is named', (_, body, param, code) => {
    const error = refusal(() => readCompletions(body, undefined));
    expect({ status: error.status, param: error.param, code: error.code ?? undefined }).toEqual({
      status: 400,
      param,
      code,
    });
  });

  test('the deployment in the address is the model', () => {
    expect(readCompletions({ messages }, 'phone').model).toBe('phone');
  });

  test('a call that says nothing is no assistant message, so the question is still open', () => {
    const asked = readCompletions({ ...base, messages: [...messages, asks, answers] }, undefined);
    expect(asked).toMatchObject({ roles: ['user', 'call', 'output'], lastUser: 'Hello' });
    expect(asked.returned).toEqual([{ name: 'a', callId: 'c1', output: 'done' }]);
  });
});
