import OpenAI, { AzureOpenAI } from 'openai';
import { describe, expect, test } from 'vitest';
import { all, model, talk } from './with-openai.ts';

const quick = { ttftMs: 2, gapMs: 1 };
const speech = { say: 'one two three four five six seven eight nine ten eleven twelve', ...quick };
const input = 'Hello?';
const messages = [{ role: 'user' as const, content: input }];

describe('sign-in', () => {
  test('a wrong key is refused and not tried again', async () => {
    const { client, chat } = await talk();
    const wrong = client({ apiKey: 'wrong', maxRetries: 2 }).responses.create({ model, input });
    await expect(wrong).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
    await expect(wrong).rejects.toMatchObject({ status: 401, code: 'invalid_api_key' });
    expect(chat.requests).toHaveLength(1);
  });

  test('an api-key, a bearer and a key from a function are all taken', async () => {
    const { azure, client, chat } = await talk({ key: 'secret', rules: [speech] });
    await azure.responses.create({ model, input });
    await client({ apiKey: async () => 'secret' }).responses.create({ model, input });
    expect(chat.requests.map(record => record.status)).toEqual([200, 200]);
  });

  test('any bearer is taken where that is allowed, but not any api-key', async () => {
    const { chat } = await talk({ anyBearer: true, rules: [speech] });
    const options = { endpoint: chat.url, apiVersion: '2025-04-01-preview', maxRetries: 0 };
    const signedIn = new AzureOpenAI({ ...options, azureADTokenProvider: async () => 'eyJ0' });
    expect((await signedIn.responses.create({ model, input })).output_text).toBe(speech.say);
    const withKey = new AzureOpenAI({ ...options, apiKey: 'eyJ0' });
    await expect(withKey.responses.create({ model, input })).rejects.toBeInstanceOf(OpenAI.AuthenticationError);
  });
});

describe('errors before the answer', () => {
  test.each([{ retryAfterMs: 40 }, { retryAfterSeconds: 0 }])(
    'a request over the limit succeeds on the second try (%j)',
    async wait => {
      const { client, chat } = await talk({ rules: [{ error: { status: 429, ...wait }, times: 1 }, speech] });
      const startedMs = performance.now();
      const answer = await client({ maxRetries: 1 }).responses.create({ model, input });
      expect(answer.output_text).toBe(speech.say);
      expect(chat.requests.map(record => record.status)).toEqual([429, 200]);
      if (wait.retryAfterMs) expect(performance.now() - startedMs).toBeGreaterThanOrEqual(wait.retryAfterMs);
    },
  );

  test('without another try the limit is an error that tells when to come back', async () => {
    const { openai } = await talk({ rules: [{ error: { status: 429, retryAfterMs: 1500 } }] });
    const error = await openai.responses.create({ model, input }).catch((reason: unknown) => reason);
    if (!(error instanceof OpenAI.RateLimitError)) throw error;
    expect(error.headers?.get('retry-after-ms')).toBe('1500');
    expect(error.headers?.get('retry-after')).toBe('2');
    expect(error.requestID).toMatch(/^[0-9a-f]{32}$/);
  });

  test.each([
    [500, OpenAI.InternalServerError],
    [503, OpenAI.InternalServerError],
    [404, OpenAI.NotFoundError],
    [400, OpenAI.BadRequestError],
  ])('%i is the error the client documents', async (status, kind) => {
    const { openai } = await talk({ rules: [{ error: { status, code: 'some_code', message: 'Some words.' } }] });
    const request = openai.chat.completions.create({ model, messages, stream: true });
    await expect(request).rejects.toBeInstanceOf(kind);
    await expect(request).rejects.toMatchObject({ status, code: 'some_code', message: `${status} Some words.` });
  });

  test('a model that is not there is not found', async () => {
    const { openai, azure } = await talk({ models: ['one'], rules: [speech] });
    await expect(azure.chat.completions.create({ model: 'two', messages })).rejects.toMatchObject({
      status: 404,
      code: 'DeploymentNotFound',
    });
    expect((await openai.responses.create({ model: 'one', input })).output_text).toBe(speech.say);
    expect((await all(openai.models.list())).map(found => found.id)).toEqual(['one']);
    await expect(openai.models.retrieve('two')).rejects.toBeInstanceOf(OpenAI.NotFoundError);
  });

  test('silence before the headers runs into the timeout of the client', async () => {
    const { client, chat } = await talk({ rules: [{ hang: 'before-headers' }] });
    const request = client({ timeout: 50 }).responses.create({ model, input });
    await expect(request).rejects.toBeInstanceOf(OpenAI.APIConnectionTimeoutError);
    await chat.idle();
    expect(chat.requests[0]?.outcome).toBe('aborted');
  });

  test('a socket cut before the headers is a connection error', async () => {
    const { openai, chat } = await talk({ rules: [{ kill: 'before-headers' }] });
    const request = openai.responses.create({ model, input, stream: true });
    await expect(request).rejects.toBeInstanceOf(OpenAI.APIConnectionError);
    expect(chat.requests[0]?.outcome).toBe('killed');
  });
});

describe('trouble in the middle of a Responses stream', () => {
  const heard = async (openai: OpenAI) => {
    const words: string[] = [];
    const events: string[] = [];
    try {
      for await (const event of await openai.responses.create({ model, input, stream: true })) {
        events.push(event.type);
        if (event.type === 'response.output_text.delta') words.push(event.delta);
      }
    } catch (error) {
      return { words, events, error };
    }
    return { words, events };
  };

  test('a cut socket throws after the words that came', async () => {
    const { openai, chat } = await talk({ rules: [{ ...speech, gapMs: 20, kill: { afterDeltas: 3 } }] });
    const { words, error } = await heard(openai);
    expect(words).toHaveLength(3);
    expect(error).toBeInstanceOf(Error);
    expect(chat.requests[0]).toMatchObject({ outcome: 'killed', deltasSent: 3, sent: words.join('') });
  });

  test('a failed response tells why', async () => {
    const fail = { afterDeltas: 2, code: 'server_error', message: 'Lost.' };
    const { openai } = await talk({ rules: [{ ...speech, fail }] });
    const stream = openai.responses.stream({ model, input });
    const final = await stream.finalResponse();
    expect(final).toMatchObject({ status: 'failed', error: { code: 'server_error', message: 'Lost.' }, output: [] });
    const { words, events } = await heard(openai);
    expect(words).toHaveLength(2);
    expect(events.at(-1)).toBe('response.failed');
  });

  test('an error event throws', async () => {
    const { openai } = await talk({ rules: [{ ...speech, fail: { afterDeltas: 2, as: 'error', message: 'Lost.' } }] });
    const { words, error } = await heard(openai);
    expect(words).toHaveLength(2);
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ message: 'Lost.', code: 'server_error' });
  });

  test.each([
    ['length', 'max_output_tokens'],
    ['content_filter', 'content_filter'],
  ] as const)('an answer cut for %s is incomplete', async (finish, reason) => {
    const { openai } = await talk({ rules: [{ ...speech, finish }] });
    const final = await openai.responses.stream({ model, input }).finalResponse();
    expect(final).toMatchObject({ status: 'incomplete', incomplete_details: { reason }, output_text: speech.say });
    expect((await heard(openai)).events.at(-1)).toBe('response.incomplete');
    expect(final.output).toMatchObject([{ status: 'incomplete' }]);
  });

  test('a garbage line throws', async () => {
    const { client } = await talk({ rules: [{ ...speech, garbage: { afterDeltas: 2 } }] });
    const { words, error } = await heard(client({ logLevel: 'off' }));
    expect(words).toHaveLength(2);
    expect(error).toBeInstanceOf(SyntaxError);
  });

  test('an event of a kind nobody knows is passed on, and the words go on', async () => {
    const { openai } = await talk({ rules: [{ ...speech, novelty: { afterDeltas: 2 } }] });
    const { words, events } = await heard(openai);
    expect(events).toContain('response.novelty');
    expect(words.join('')).toBe(speech.say);
    const { choices } = await openai.chat.completions.stream({ model, messages }).finalChatCompletion();
    expect(choices[0]?.message.content).toBe(speech.say);
  });

  test('crumbs are put together, umlauts included', async () => {
    const say = 'Größe, naïve, 東京';
    const { openai } = await talk({ rules: [{ ...speech, say, drip: { bytes: 311, everyMs: 1 } }] });
    const { words, error } = await heard(openai);
    expect(error).toBeUndefined();
    expect(words.join('')).toBe(say);
  });

  test('silence in the middle lasts until the client leaves', async () => {
    const { openai, chat } = await talk({ rules: [{ ...speech, hang: { afterDeltas: 4 } }] });
    const leave = new AbortController();
    const stream = await openai.responses.create({ model, input, stream: true }, { signal: leave.signal });
    let words = 0;
    for await (const event of stream) {
      if (event.type === 'response.output_text.delta') words += 1;
      if (words === 4) setTimeout(() => leave.abort(), 30);
    }
    await chat.idle();
    expect(chat.requests[0]).toMatchObject({ outcome: 'aborted', deltasSent: 4 });
  });
});

describe('trouble in the middle of chat completions', () => {
  const read = async (openai: OpenAI) => all(await openai.chat.completions.create({ model, messages, stream: true }));

  test.each([
    [{ kill: { afterDeltas: 2 } }, Error],
    [{ fail: { afterDeltas: 2 } }, OpenAI.APIError],
    [{ garbage: { afterDeltas: 2 } }, SyntaxError],
  ])('%j throws', async (trouble, kind) => {
    const { client, chat } = await talk({ rules: [{ ...speech, ...trouble }] });
    await expect(read(client({ logLevel: 'off' }))).rejects.toBeInstanceOf(kind);
    await chat.idle();
    expect(chat.requests[0]?.deltasSent).toBeGreaterThanOrEqual(2);
  });

  test.each(['kill', 'garbage'] as const)('%s without streaming is an error too', async kind => {
    const { openai } = await talk({ rules: [{ ...speech, [kind]: { afterDeltas: 1 } }] });
    await expect(openai.chat.completions.create({ model, messages })).rejects.toThrow();
    await expect(openai.responses.create({ model, input })).rejects.toThrow();
  });

  test('a failure without streaming is a 500', async () => {
    const { openai } = await talk({ rules: [{ ...speech, fail: {} }] });
    const request = openai.chat.completions.create({ model, messages });
    await expect(request).rejects.toBeInstanceOf(OpenAI.InternalServerError);
    expect(await openai.responses.create({ model, input })).toMatchObject({ status: 'failed' });
  });
});
