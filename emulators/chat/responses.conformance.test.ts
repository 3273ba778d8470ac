import type { ResponseInputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import { describe, expect, test } from 'vitest';
import { all, model, openingHours, talk } from './with-openai.ts';

const quick = { ttftMs: 2, gapMs: 0 };
const types = (events: ResponseStreamEvent[]) => {
  const names = events.map(event => event.type);
  return names.filter((name, at) => name !== names[at - 1]);
};

describe.each(['openai', 'azure'] as const)('through the %s client', name => {
  test('text streams in the order the service keeps', async () => {
    const say = 'We are open from nine to six, and you are welcome at any time.';
    const { [name]: client } = await talk({ rules: [{ say, ...quick }] });
    const events = await all(
      await client.responses.create({ model, input: 'Hello?', stream: true, store: false, instructions: 'Be kind.' }),
    );

    expect(types(events)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map(event => event.sequence_number)).toEqual(events.map((_, at) => at));
    const deltas = events.flatMap(event => (event.type === 'response.output_text.delta' ? [event.delta] : []));
    expect(deltas.join('')).toBe(say);
    expect(Math.max(...deltas.map(delta => delta.trim().split(' ').length))).toBeLessThanOrEqual(3);
    const last = events.at(-1);
    if (last?.type !== 'response.completed') throw new Error('not completed');
    const { input_tokens, output_tokens, total_tokens } = last.response.usage!;
    expect(total_tokens).toBe(input_tokens + output_tokens);
    expect(last.response).toMatchObject({ status: 'completed', model, store: false, instructions: 'Be kind.' });
  });

  test('a tool is called and its output is spoken', async () => {
    const { [name]: client, chat } = await talk({
      rules: [
        { match: { tool: 'opening_hours' }, say: 'On {{tool.day}} it is {{tool.hours}}.', ...quick },
        {
          match: { lastUser: 'open on (?<day>\\w+)' },
          tool: { name: 'opening_hours', arguments: { day: '{{day}}' } },
          ...quick,
        },
      ],
    });
    const input: ResponseInputItem[] = [{ role: 'user', content: 'Are you open on monday?' }];
    const request = { model, tools: [openingHours], store: false };
    const events = await all(await client.responses.create({ ...request, input, stream: true }));

    expect(types(events)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.function_call_arguments.delta',
      'response.function_call_arguments.done',
      'response.output_item.done',
      'response.completed',
    ]);
    const done = events.find(event => event.type === 'response.output_item.done');
    if (done?.item.type !== 'function_call') throw new Error('no call');
    expect(JSON.parse(done.item.arguments)).toEqual({ day: 'monday' });
    expect(events).toContainEqual(
      expect.objectContaining({ type: 'response.function_call_arguments.done', name: 'opening_hours' }),
    );

    const output = JSON.stringify({ day: 'monday', hours: '9 to 6' });
    input.push(done.item, { type: 'function_call_output', call_id: done.item.call_id, output });
    const spoken = await client.responses.create({ ...request, input });
    expect(spoken.output_text).toBe('On monday it is 9 to 6.');
    expect(chat.requests.at(-1)).toMatchObject({
      roles: ['user', 'call', 'output'],
      tools: ['opening_hours'],
      toolOutputs: [{ name: 'opening_hours', output }],
    });
  });

  test('an answer without streaming is the one that streaming ends with', async () => {
    const { [name]: client } = await talk({ rules: [{ say: 'Just a moment.', ...quick }] });
    const request = { model, input: 'Hello?', store: false } as const;
    const whole = await client.responses.create(request);
    const last = (await all(await client.responses.create({ ...request, stream: true }))).at(-1);
    if (last?.type !== 'response.completed') throw new Error('not completed');

    expect(whole.output_text).toBe('Just a moment.');
    expect(Object.keys(last.response).sort()).toEqual(
      Object.keys(whole)
        .filter(key => key !== 'output_text')
        .sort(),
    );
    expect(whole.usage).toEqual(last.response.usage);
  });
});

test('the stream helper of the client gathers text and calls', async () => {
  const tool = { name: 'opening_hours', arguments: { day: 'all' } };
  const { openai } = await talk({ rules: [{ say: 'Let me look that up.', tool, ...quick }] });
  const heard: string[] = [];
  const stream = openai.responses
    .stream({ model, input: 'When?', tools: [openingHours] })
    .on('response.output_text.delta', event => heard.push(event.delta));
  const final = await stream.finalResponse();

  expect(heard.join('')).toBe('Let me look that up.');
  expect(final.output.map(item => item.type)).toEqual(['message', 'function_call']);
  expect(final.output[1]).toMatchObject({ name: 'opening_hours', arguments: '{"day":"all"}' });
});

test('fragments of several calls alternate and still belong together', async () => {
  const day = (name: string) => ({ name: 'opening_hours', arguments: { day: `the long name of ${name}` } });
  const { openai } = await talk({ rules: [{ tools: [day('monday'), day('friday')], interleave: true, ...quick }] });
  const events = await all(
    await openai.responses.create({ model, input: 'When?', tools: [openingHours], stream: true }),
  );

  const fragments = events.filter(event => event.type === 'response.function_call_arguments.delta');
  expect(fragments.slice(0, 4).map(event => event.output_index)).toEqual([0, 1, 0, 1]);
  const gathered = (index: number) =>
    fragments
      .filter(event => event.output_index === index)
      .map(event => event.delta)
      .join('');
  expect([0, 1].map(index => JSON.parse(gathered(index)).day)).toEqual([
    'the long name of monday',
    'the long name of friday',
  ]);
  expect(new Set(events.flatMap(event => ('item_id' in event ? [event.item_id] : []))).size).toBe(2);
});

test('without parallel tool calls only the first is made', async () => {
  const call = { name: 'opening_hours', arguments: { day: 'all' } };
  const { openai } = await talk({ rules: [{ tools: [call, call], ...quick }] });
  const request = { model, input: 'When?', tools: [openingHours] };
  expect((await openai.responses.create(request)).output).toHaveLength(2);
  expect((await openai.responses.create({ ...request, parallel_tool_calls: false })).output).toHaveLength(1);
});

test('tool_choice decides what may answer', async () => {
  const { openai } = await talk({
    rules: [
      { tool: { name: 'opening_hours', arguments: { day: 'all' } }, ...quick },
      { say: 'Hello.', ...quick },
    ],
  });
  const kinds = async (tool_choice: 'auto' | 'none' | 'required') => {
    const { output } = await openai.responses.create({ model, input: 'When?', tools: [openingHours], tool_choice });
    return output.map(item => item.type);
  };
  expect(await kinds('auto')).toEqual(['function_call']);
  expect(await kinds('none')).toEqual(['message']);
  const { openai: unscripted } = await talk();
  const forced = await unscripted.responses.create({
    model,
    input: 'When?',
    tools: [openingHours],
    tool_choice: { type: 'function', name: 'opening_hours' },
  });
  expect(forced.output).toMatchObject([{ type: 'function_call', name: 'opening_hours', arguments: '{"day":"none"}' }]);
});

test('a request for JSON gets an object that fits its schema, scripted or not', async () => {
  const schema = {
    type: 'object',
    properties: { summary: { type: 'string' }, mood: { enum: ['good', 'bad'] } },
    required: ['summary', 'mood'],
    additionalProperties: false,
  };
  const text = { format: { type: 'json_schema' as const, name: 'record', strict: true, schema } };
  const { openai, chat } = await talk({ rules: [{ say: 'Prose is for callers.', ...quick }] });
  const unscripted = await openai.responses.create({ model, input: 'Sum up.', text });
  expect(JSON.parse(unscripted.output_text)).toEqual({ summary: 'none', mood: 'good' });

  chat.setScript([{ match: { lastUser: 'sum' }, json: { summary: 'They said {{user}}', mood: 'bad' }, ...quick }]);
  const scripted = await openai.responses.create({ model, input: 'Sum up.', text });
  expect(JSON.parse(scripted.output_text)).toEqual({ summary: 'They said Sum up.', mood: 'bad' });
});

test('a refusal arrives as one', async () => {
  const { openai } = await talk({ rules: [{ refuse: 'I cannot help with that.', ...quick }] });
  const events = await all(await openai.responses.create({ model, input: 'Hm?', stream: true }));
  expect(types(events)).toContain('response.refusal.delta');
  expect(events.find(event => event.type === 'response.refusal.done')?.refusal).toBe('I cannot help with that.');
});

test('a long prompt is cached up to its first changed word', async () => {
  const { openai } = await talk({ rules: [{ say: 'Yes.', ...quick }] });
  const instructions = 'You answer the telephone of a reception. '.repeat(200);
  const cached = async (input: string, prompt_cache_key: string, tools = [] as (typeof openingHours)[]) => {
    const { usage } = await openai.responses.create({ model, input, instructions, prompt_cache_key, tools });
    return usage!.input_tokens_details.cached_tokens;
  };
  expect(await cached('First.', 'reception 1')).toBe(0);
  const again = await cached('Second.', 'reception 1');
  expect(again).toBeGreaterThanOrEqual(1024);
  expect(again % 128).toBe(0);
  expect(await cached('Third.', 'reception 2')).toBe(0);
  expect(await cached('Fourth.', 'reception 1', [openingHours])).toBe(0);
});

test('max_output_tokens cuts the answer short', async () => {
  const { openai } = await talk({ rules: [{ say: 'one two three four five '.repeat(20).trim(), ...quick }] });
  const cut = await openai.responses.create({ model, input: 'Count.', max_output_tokens: 16 });
  expect(cut).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } });
  expect(cut.output_text.length).toBeLessThanOrEqual(64);
  expect(cut.usage!.output_tokens).toBeLessThanOrEqual(16);
});
