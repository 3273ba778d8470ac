import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { loadAgents } from '../../../agents/loader/load.ts';
import { type Chat, type ChatOptions, startChat } from '../../../emulators/chat/chat.ts';
import { machineClock } from '../../clock.ts';
import { createRuntime } from '../runtime.ts';
import type { RuntimeEvent } from '../runtime-event.ts';
import { apology } from '../scripted-conversation.ts';
import { type AzureModelOptions, createAzureModel } from './azure-model.ts';
import { modelConformance } from './model.conformance.ts';
import type { ModelEvent, ModelRequest } from './model.ts';

const numbers =
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';
const rules: ChatOptions['rules'] = [
  { match: { lastUser: '4471' }, say: 'Thank you, I have written it down for you, every digit.', ttftMs: 1, gapMs: 1 },
  { match: { lastUser: 'count from one' }, say: numbers, gapMs: 5 },
  { match: { lastUser: 'weather in (?<town>\\w+)' }, tool: { name: 'get_weather', arguments: { town: '{{town}}' } } },
  {
    match: { lastUser: 'two towns' },
    tools: [
      { name: 'get_weather', arguments: { town: 'Rome' } },
      { name: 'get_weather', arguments: { town: 'Paris' } },
    ],
    interleave: true,
  },
  { match: { lastUser: 'steal' }, refuse: 'I cannot help with it.' },
  { match: { tool: 'get_weather' }, say: 'There is {{tool.sky}} at {{tool.degrees}} degrees.' },
];
const weather = {
  name: 'get_weather',
  description: 'The weather.',
  parameters: { type: 'object', properties: { town: { type: 'string' } }, required: ['town'] },
};
const root = join(import.meta.dirname, '..', '..', '..');

let chat: Chat;
beforeAll(async () => {
  chat = await startChat({ rules, script: join(root, 'emulators/chat/scripts/reception.yaml'), models: ['gpt-test'] });
});
afterEach(() => chat.reset());
afterAll(() => chat.close());

type Api = NonNullable<AzureModelOptions['api']>;
const apis: readonly Api[] = ['responses', 'chat'];
const connect = (api: Api = 'responses') => createAzureModel({ endpoint: chat.url, key: chat.key, api });

for (const api of apis)
  modelConformance(`the stand-in, asked by ${api},`, () => ({ model: connect(api), deployment: 'gpt-test' }));

const {
  AZURE_OPENAI_ENDPOINT: endpoint,
  AZURE_OPENAI_API_KEY: key,
  LLM_MODEL: deployment = 'gpt-5.4-mini',
} = process.env;
if (endpoint && key)
  for (const api of apis)
    modelConformance(`Azure OpenAI, asked by ${api},`, () => ({
      model: createAzureModel({ endpoint, key, api }),
      deployment,
    }));

async function ask(more: Partial<ModelRequest> = {}, api: Api = 'responses'): Promise<ModelEvent[]> {
  const events: ModelEvent[] = [];
  const request = { model: 'gpt-test', instructions: 'x', tools: [], cacheKey: 'x', maxOutputTokens: 400, ...more };
  const history = [{ type: 'caller', text: 'My number is 4471.' }] as const;
  const signal = new AbortController().signal;
  for await (const event of connect(api).stream({ history, signal, ...request })) events.push(event);
  return events;
}

describe.each(apis)('a service asked by %s', api => {
  const asking = (more?: Partial<ModelRequest>) => ask(more, api);

  test('keeps nothing there, names the cache, and offers the tools', async () => {
    await asking({
      cacheKey: 'reception:abc',
      tools: [{ name: 'do_it', description: 'x', parameters: { type: 'object' } }],
    });
    expect(chat.requests).toMatchObject([
      {
        path: api === 'chat' ? '/openai/v1/chat/completions' : '/openai/v1/responses',
        api,
        store: false,
        promptCacheKey: 'reception:abc',
        tools: ['do_it'],
      },
    ]);
  });

  test('one refusal or broken connection is tried again unseen', async () => {
    for (const trouble of [
      { error: { status: 503 } },
      { error: { status: 429, retryAfterMs: 5 } },
      { kill: 'before-headers' as const },
    ]) {
      chat.setFaults({ next: [trouble] });
      expect((await asking()).at(-1)).toMatchObject({ type: 'done' });
    }
  });

  test.each<[string, Parameters<Chat['setFaults']>[0]['next'][number], RegExp]>([
    ['a wrong key', { error: { status: 401 }, count: 2 }, /^401 /],
    ['an overload', { error: { status: 429, retryAfterMs: 1 }, count: 2 }, /^429 too_many_requests$/],
    ['an outage', { error: { status: 500, message: 'Cannot answer 4471.' }, count: 2 }, /^500 server_error$/],
    ['a response that fails', { fail: { afterDeltas: 2, message: 'Cannot answer 4471.' } }, /^server_error$/],
    ['a bare error event', { fail: { afterDeltas: 2, as: 'error' } }, /server_error$/],
    ['a connection cut in the middle', { kill: { afterDeltas: 3 } }, /./],
    ['a line that is no JSON', { garbage: { afterDeltas: 2 } }, /^SyntaxError$/],
  ])('%s is a MODEL_UNAVAILABLE that says why and quotes nobody', async (_, trouble, reason) => {
    chat.setFaults({ next: [trouble] });
    const error = await asking().then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      retryable: true,
      details: { reason: expect.stringMatching(reason) },
    });
    expect((error as Error).message).not.toContain('4471');
    expect((error as Error).cause ?? error).toBeInstanceOf(Error);
  });

  test('an answer cut short says so', async () => {
    chat.setFaults({
      next: [{ finish: 'length' }, { finish: 'content_filter' }, { error: { status: 400, code: 'content_filter' } }],
    });
    expect((await asking()).at(-1)).toMatchObject({ finish: 'length' });
    expect((await asking()).at(-1)).toMatchObject({ finish: 'content-filter' });
    expect(await asking()).toMatchObject([{ type: 'done', finish: 'content-filter' }]);
  });

  test('calls that come mixed are told apart, and a refusal is told as what was said', async () => {
    const events = await asking({ history: [{ type: 'caller', text: 'Compare two towns.' }], tools: [weather] });
    const calls = events.flatMap(event => (event.type === 'tool-call' ? [JSON.parse(event.arguments)] : []));
    expect(calls).toEqual([{ town: 'Rome' }, { town: 'Paris' }]);
    expect(events.at(-1)).toMatchObject({ finish: 'tool-calls' });
    const refused = await asking({ history: [{ type: 'caller', text: 'Help me to steal.' }] });
    expect(refused.flatMap(event => (event.type === 'text' ? [event.delta] : [])).join('')).toBe(
      'I cannot help with it.',
    );
    expect(refused.at(-1)).toMatchObject({ finish: 'stop' });
  });

  test('events that arrive in crumbs are put together', async () => {
    chat.setFaults({ next: [{ drip: { bytes: 700, everyMs: 1 } }] });
    const events = await asking({ history: [{ type: 'caller', text: 'count from one' }] });
    expect(events.flatMap(event => (event.type === 'text' ? [event.delta] : [])).join('')).toBe(numbers);
  });

  test('a reader that stops at done leaves the connection for the next answer', async () => {
    let connections = 0;
    let whole = 0;
    const ends: Promise<void>[] = [];
    const server = createServer((_, res) => {
      const events =
        api === 'responses'
          ? [
              { type: 'response.output_text.delta', delta: 'Hello.' },
              { type: 'response.completed', response: { usage: null } },
            ]
          : [
              { choices: [{ delta: { content: 'Hello.' } }] },
              { choices: [{ delta: {}, finish_reason: 'stop' }], usage: { prompt_tokens: 1, completion_tokens: 1 } },
            ];
      res.writeHead(200, { 'content-type': 'text/event-stream' });
      for (const event of events) res.write(`data: ${JSON.stringify(event)}\n\n`);
      // A network brings the end of the body later than the last event.
      setTimeout(() => res.end(() => whole++), 20);
      ends.push(once(res, 'close').then(() => undefined));
    });
    server.on('connection', () => connections++);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const model = createAzureModel({ endpoint: `http://127.0.0.1:${port}`, key: 'local', api });
    for (let turn = 0; turn < 6; turn++) {
      const request = { model: 'gpt-test', instructions: 'x', tools: [], cacheKey: 'x', maxOutputTokens: 400 };
      const history = [{ type: 'caller', text: 'Hello' }] as const;
      for await (const event of model.stream({ ...request, history, signal: new AbortController().signal }))
        if (event.type === 'done') break;
      await ends.at(-1);
    }
    server.closeAllConnections();
    await new Promise(closed => server.close(closed));
    expect(whole).toBe(6);
    // A request may start before the client has seen the end of the last body; then there are two.
    expect(connections).toBeLessThanOrEqual(2);
  });

  test.each(['before-headers', 'after-headers', 'mid-stream'] as const)(
    'a service that hangs %s is left at the abort, and its request is closed',
    async hang => {
      chat.setFaults({ next: [{ hang }] });
      const abort = new AbortController();
      const asked = asking({ signal: abort.signal });
      await request(1);
      abort.abort();
      expect((await asked).filter(({ type }) => type === 'done')).toEqual([]);
      await chat.idle();
      expect(chat.requests).toMatchObject([{ outcome: 'aborted' }]);
    },
  );
});

test('a compatible service is asked at the address it has', async () => {
  const { promise: path, resolve } = Promise.withResolvers<string | undefined>();
  const server = createServer((req, res) => {
    resolve(req.url);
    res.writeHead(404).end();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const model = createAzureModel({ endpoint: `http://127.0.0.1:${port}/v1/`, key: 'local', api: 'chat' });
  const request = { model: 'm', instructions: 'x', tools: [], cacheKey: 'x', maxOutputTokens: 400, history: [] };
  const events = model.stream({ ...request, signal: new AbortController().signal });
  await expect(events[Symbol.asyncIterator]().next()).rejects.toMatchObject({ code: 'MODEL_UNAVAILABLE' });
  expect(await path).toBe('/v1/chat/completions');
  server.closeAllConnections();
  await new Promise(closed => server.close(closed));
});

test('a request that is given up while it waits to be tried again is not tried again', async () => {
  chat.setFaults({ next: [{ error: { status: 429, retryAfterMs: 500 } }] });
  const abort = new AbortController();
  const asked = ask({ signal: abort.signal });
  await request(1);
  await chat.idle();
  abort.abort();
  expect(await asked).toEqual([]);
  await chat.idle();
  expect(chat.requests).toHaveLength(1);
});

/** Resolves when the stand-in has had so many requests. */
async function request(number: number): Promise<void> {
  while (chat.requests.length < number) await new Promise(resolve => setImmediate(resolve));
}

describe('a conversation over the wire', () => {
  async function talk(api: Api = 'responses') {
    const events: (RuntimeEvent & { atUs: number })[] = [];
    const waiters: (() => void)[] = [];
    const shared = { epoch: 0 };
    const agents = await loadAgents(join(root, 'agents'));
    const runtime = createRuntime({
      callId: '0'.repeat(32),
      agent: agents.get('reception'),
      model: connect(api),
      defaultModel: 'gpt-test',
      isCurrent: epoch => epoch >= shared.epoch,
      now: machineClock.now,
      monotonicUs: machineClock.monotonicUs,
      emit: event => {
        events.push({ ...event, atUs: machineClock.monotonicUs() });
        for (const wake of waiters.splice(0)) wake();
      },
    });
    const told = async (type: RuntimeEvent['type'], turn: number): Promise<void> => {
      while (!events.some(event => event.type === type && event.turn === turn))
        await new Promise<void>(resolve => waiters.push(resolve));
    };
    const spoken = (turn: number) =>
      events.flatMap(event => (event.type === 'sentence' && event.turn === turn ? [event.text] : []));
    return { runtime, events, shared, told, spoken };
  }

  test('the reception looks its hours up and tells them', async () => {
    const { runtime, told, spoken, events } = await talk();
    runtime.greet(0);
    runtime.heard(0, 'Hello, this is Switchboard. How can I help?', false);
    runtime.take({ turn: 1, epoch: 0, said: 'Are you open on Monday?' });
    await told('reply-ended', 1);
    expect(spoken(1).join(' ')).toContain('On Monday our hours are 9 a.m. to 6 p.m., and you are welcome');
    expect(events.filter(({ type }) => type === 'model-ran')).toHaveLength(2);
    expect(events).toContainEqual(expect.objectContaining({ type: 'tool-ran', name: 'opening-hours', ok: true }));
    expect(chat.requests[1]?.roles).toEqual(['system', 'assistant', 'user', 'call', 'output']);
    await runtime.close();
  });

  test('the first sentence is out while the model is still speaking', async () => {
    const { runtime, told, spoken, events } = await talk();
    runtime.take({ turn: 1, epoch: 0, said: 'Tell me a story.' });
    await told('reply-ended', 1);
    const at = (type: RuntimeEvent['type']) => events.find(event => event.type === type)?.atUs ?? 0;
    expect(at('sentence')).toBeLessThan(at('model-ran'));
    expect(spoken(1).length).toBeGreaterThan(8);
    await runtime.close();
  });

  test.each(apis)('barge-in closes the HTTP stream at once, and no delta is spoken after it (%s)', async api => {
    const { runtime, shared, told, spoken } = await talk(api);
    runtime.take({ turn: 1, epoch: 0, said: 'Tell me a story.' });
    await told('sentence', 1);
    const before = spoken(1).length;
    const startedMs = performance.now();
    shared.epoch = 1;
    runtime.cancel(1);
    runtime.heard(1, 'Once upon', true);
    await chat.idle();
    console.log(`HTTP stream closed ${Math.round(performance.now() - startedMs)} ms after the barge-in`);
    expect(chat.requests[0]).toMatchObject({ outcome: 'aborted' });
    runtime.take({ turn: 2, epoch: 1, said: 'Stop.' });
    await told('reply-ended', 2);
    expect(spoken(1)).toHaveLength(before);
    expect(spoken(2).join(' ')).toBe('Sure. What would you like to know?');
    expect(chat.requests[1]?.roles).toEqual(['system', 'user', 'assistant', 'user']);
    await runtime.close();
  });

  test('a guess costs one request where it was right, and its stream is closed where it was wrong', async () => {
    const { runtime, told, spoken } = await talk();
    runtime.guess({ turn: 1, said: 'where are you located' });
    await request(1);
    runtime.take({ turn: 1, epoch: 0, said: 'Where are you located?' });
    await told('reply-ended', 1);
    expect(chat.requests).toHaveLength(1);
    expect(spoken(1)[0]).toMatch(/Station Road/);
    runtime.heard(1, spoken(1).join(' '), false);
    runtime.guess({ turn: 2, said: 'tell me' });
    await request(2);
    runtime.take({ turn: 2, epoch: 0, said: 'Tell me where you are located.' });
    await told('reply-ended', 2);
    await chat.idle();
    expect(chat.requests.map(({ outcome }) => outcome)).toEqual(['completed', 'aborted', 'completed']);
    await runtime.close();
  });

  test('an outage is an apology, and the next turn is answered', async () => {
    chat.setFaults({ next: [{ error: { status: 400 }, count: 2 }] });
    const { runtime, told, spoken } = await talk();
    runtime.take({ turn: 1, epoch: 0, said: 'Hello.' });
    await told('reply-failed', 1);
    expect(spoken(1)).toEqual([apology]);
    runtime.take({ turn: 2, epoch: 0, said: 'Where are you located?' });
    await told('reply-ended', 2);
    expect(spoken(2)[0]).toMatch(/Station Road/);
    await runtime.close();
  });
});
