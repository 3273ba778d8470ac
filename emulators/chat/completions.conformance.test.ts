import type { ChatCompletionChunk, ChatCompletionMessageParam } from 'openai/resources/chat/completions';
import { describe, expect, test } from 'vitest';
import { all, model, openingHoursInChat, talk } from './with-openai.ts';

const quick = { ttftMs: 2, gapMs: 0 };
const messages: ChatCompletionMessageParam[] = [
  { role: 'system', content: 'Be kind.' },
  { role: 'user', content: 'Are you open on monday?' },
];
const deltasOf = (chunks: ChatCompletionChunk[]) => chunks.flatMap(chunk => chunk.choices.map(choice => choice.delta));

describe.each(['openai', 'azure'] as const)('through the %s client', name => {
  test('text streams as on Azure: filter results, role, words, finish, usage', async () => {
    const say = 'We are open from nine to six, and you are welcome at any time.';
    const { [name]: client, chat } = await talk({ rules: [{ say, ...quick }] });
    const chunks = await all(
      await client.chat.completions.create({ model, messages, stream: true, stream_options: { include_usage: true } }),
    );

    expect(chunks[0]).toMatchObject({ choices: [], prompt_filter_results: [{ prompt_index: 0 }] });
    expect(chunks[1]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' });
    expect(
      deltasOf(chunks)
        .map(delta => delta.content ?? '')
        .join(''),
    ).toBe(say);
    expect(chunks.at(-2)?.choices[0]).toMatchObject({ delta: {}, finish_reason: 'stop' });
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { prompt_tokens_details: { cached_tokens: 0 } } });
    expect(chunks.slice(1, -1).every(chunk => chunk.usage === null)).toBe(true);
    expect(chat.requests[0]).toMatchObject({ api: 'chat', model, roles: ['system', 'user'] });
  });

  test('a tool is called and its output is spoken', async () => {
    const { [name]: client } = await talk({
      rules: [
        { match: { tool: 'opening_hours' }, say: 'It is {{tool.hours}}.', ...quick },
        { match: { lastUser: 'open' }, tool: { name: 'opening_hours', arguments: { day: 'monday' } }, ...quick },
      ],
    });
    const request = { model, tools: [openingHoursInChat] };
    const chunks = await all(await client.chat.completions.create({ ...request, messages, stream: true }));
    const fragments = deltasOf(chunks).flatMap(delta => delta.tool_calls ?? []);
    const [first, ...later] = fragments;
    expect(first).toMatchObject({ index: 0, type: 'function', function: { name: 'opening_hours', arguments: '' } });
    expect(later.every(fragment => fragment.id === undefined && fragment.function?.name === undefined)).toBe(true);
    const args = fragments.map(fragment => fragment.function?.arguments).join('');
    expect(JSON.parse(args)).toEqual({ day: 'monday' });
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls');

    const call = { id: first!.id!, type: 'function' as const, function: { name: 'opening_hours', arguments: args } };
    const spoken = await client.chat.completions.create({
      ...request,
      messages: [
        ...messages,
        { role: 'assistant', tool_calls: [call] },
        { role: 'tool', tool_call_id: call.id, content: '{"hours":"9 to 6"}' },
      ],
    });
    expect(spoken.choices[0]).toMatchObject({ finish_reason: 'stop', message: { content: 'It is 9 to 6.' } });
  });
});

const day = (name: string) => ({ name: 'opening_hours', arguments: { day: `the long name of ${name}` } });

test('the stream helper of the client gathers text and calls', async () => {
  const { openai } = await talk({ rules: [{ say: 'Let me see.', tools: [day('monday'), day('friday')], ...quick }] });
  const stream = openai.chat.completions.stream({ model, messages, tools: [openingHoursInChat] });
  const { choices } = await stream.finalChatCompletion();
  expect(choices[0]?.message.content).toBe('Let me see.');
  expect(choices[0]?.message.tool_calls?.map(call => call.type === 'function' && call.function.arguments)).toEqual([
    '{"day":"the long name of monday"}',
    '{"day":"the long name of friday"}',
  ]);
});

// The client's own stream helper takes a call for finished when another begins, so it is not asked here.
test('fragments of several calls alternate and are told apart by index', async () => {
  const { openai } = await talk({ rules: [{ tools: [day('monday'), day('friday')], interleave: true, ...quick }] });
  const request = { model, messages, tools: [openingHoursInChat], stream: true as const };
  const chunks = await all(await openai.chat.completions.create(request));
  const fragments = deltasOf(chunks).flatMap(delta => delta.tool_calls ?? []);
  const indexes = fragments.flatMap(fragment => (fragment.id ? [] : [fragment.index]));
  expect(indexes.slice(0, 4)).toEqual([0, 1, 0, 1]);
  const gathered = [0, 1].map(index =>
    fragments.map(fragment => (fragment.index === index ? fragment.function?.arguments : '')).join(''),
  );
  expect(gathered).toEqual(['{"day":"the long name of monday"}', '{"day":"the long name of friday"}']);
});

test('an answer without streaming carries text, calls and usage', async () => {
  const tool = { name: 'opening_hours', arguments: { day: 'all' } };
  const { openai } = await talk({ rules: [{ say: 'Let me see.', tool, ...quick }] });
  const whole = await openai.chat.completions.create({ model, messages, tools: [openingHoursInChat] });
  expect(whole.choices[0]).toMatchObject({
    finish_reason: 'tool_calls',
    message: { content: 'Let me see.', tool_calls: [{ function: { name: 'opening_hours' } }] },
  });
  expect(whole.usage!.total_tokens).toBe(whole.usage!.prompt_tokens + whole.usage!.completion_tokens);
});

test.each([
  [{ finish: 'content_filter' as const }, 'content_filter'],
  [{ finish: 'length' as const }, 'length'],
])('%j is the reason of the last chunk', async (trouble, reason) => {
  const { openai } = await talk({ rules: [{ say: 'We are open.', ...trouble, ...quick }] });
  const chunks = await all(await openai.chat.completions.create({ model, messages, stream: true }));
  expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe(reason);
});

test('a refusal arrives as one', async () => {
  const { openai } = await talk({ rules: [{ refuse: 'I cannot help with that.', ...quick }] });
  const stream = openai.chat.completions.stream({ model, messages });
  const { choices } = await stream.finalChatCompletion();
  expect(choices[0]?.message).toMatchObject({ content: null, refusal: 'I cannot help with that.' });
});

test('a request for JSON is answered with an object', async () => {
  const { openai } = await talk({ rules: [{ say: 'Prose is for callers.', ...quick }] });
  const { choices } = await openai.chat.completions.create({
    model,
    messages,
    response_format: {
      type: 'json_schema',
      json_schema: {
        name: 'record',
        strict: true,
        schema: {
          type: 'object',
          properties: { ok: { type: 'boolean' } },
          required: ['ok'],
          additionalProperties: false,
        },
      },
    },
  });
  expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ ok: false });
});
