import OpenAI from 'openai';
import type { ResponseInputItem, ResponseStreamEvent, ResponseUsage } from 'openai/resources/responses/responses';
import { CallError } from '../../../contracts/error.ts';
import type { Bearer } from '../../bearer.ts';
import { type CompletionsChunk, completionsBody, completionsReader } from './completions-model.ts';
import type { ChatModel, ModelEvent, ModelItem, ModelRequest, ModelUsage } from './model.ts';

/**
 * The model behind Azure OpenAI's Responses API, or behind chat completions. Nothing is stored there: history that the
 * service keeps would hold words the caller never heard.
 */
export interface AzureModelOptions {
  /** Of the resource; one with a path, such as `http://127.0.0.1:8080/v1` of a compatible service, is used as it is. */
  endpoint: string;
  key?: string | undefined;
  /** Where there is no key; asked for every request. */
  token?: Bearer | undefined;
  /** @default responses */
  api?: 'responses' | 'chat';
}

export function createAzureModel({ endpoint, key, token, api = 'responses' }: AzureModelOptions): ChatModel {
  const client = new OpenAI({
    baseURL: addressOf(endpoint),
    apiKey: key ?? 'none',
    // Set, so that variables of the environment meant for another service change nothing.
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 1,
    timeout: 15_000,
    // The client's own log shows pieces of answers.
    logLevel: 'off',
  });
  const shown = key === undefined ? token : undefined;
  if (api === 'chat') return { stream: request => stream(client, chat, request, shown) };
  return { stream: request => stream(client, responses, request, shown) };
}

function addressOf(endpoint: string): string {
  const bare = endpoint.replace(/\/+$/, '');
  return /^\w+:\/\/[^/]+\/./.test(bare) ? `${bare}/` : `${bare}/openai/v1/`;
}

/** One of the ways in which the service can be asked. */
interface Dialect<E> {
  ask(client: OpenAI, request: ModelRequest, options: OpenAI.RequestOptions): PromiseLike<EventStream<E>>;
  reader(): EventReader<E>;
}

interface EventStream<E> extends AsyncIterable<E> {
  controller: AbortController;
}

interface EventReader<E> {
  read(event: E): ModelEvent[];
  /** Nothing more will come. @throws CallError where it should have */
  end(): ModelEvent[];
}

const responses: Dialect<ResponseStreamEvent> = {
  ask: (client, request, options) => client.responses.create(bodyOf(request), options),
  reader: responsesReader,
};

const chat: Dialect<CompletionsChunk> = {
  ask: (client, request, options) => client.chat.completions.create(completionsBody(request), options),
  reader: completionsReader,
};

async function* stream<E>(
  client: OpenAI,
  dialect: Dialect<E>,
  request: ModelRequest,
  token: Bearer | undefined,
): AsyncGenerator<ModelEvent> {
  const { signal } = request;
  const reader = dialect.reader();
  let open: AbortController | undefined;
  try {
    const events = await asked(client, dialect, request, token);
    open = events.controller;
    const iterator = events[Symbol.asyncIterator]();
    for (;;) {
      const { done, value: event } = await iterator.next();
      if (signal.aborted) return;
      // The client's loop ends without a word both when it was aborted and when the service broke off.
      for (const told of done ? reader.end() : reader.read(event)) {
        if (told.type === 'done') {
          if (!done && open) void drain(iterator, open);
          open = undefined;
        }
        yield told;
        if (told.type === 'done' || signal.aborted) return;
      }
    }
  } catch (error) {
    if (signal.aborted) return;
    // A prompt the service's filter refuses is an answer, not an outage: asking again helps nobody.
    if (!(error instanceof OpenAI.APIError && error.code === 'content_filter')) throw unavailable(error);
    yield { type: 'done', usage: { input: 0, output: 0, cached: 0 }, finish: 'content-filter' };
  } finally {
    open?.abort();
  }
}

/** A token that is refused is shown once: the request is made again with another, and then no more. */
async function asked<E>(client: OpenAI, dialect: Dialect<E>, request: ModelRequest, token: Bearer | undefined) {
  const { signal } = request;
  const ask = (shown?: string) =>
    dialect.ask(client, request, {
      signal,
      ...(shown !== undefined && { headers: { authorization: `Bearer ${shown}` } }),
    });
  if (!token) return ask();
  const first = await token.give();
  try {
    return await ask(first);
  } catch (error) {
    if (!(error instanceof OpenAI.APIError && error.status === 401)) throw error;
    token.refuse(first);
    return ask(await token.give());
  }
}

/** Reads to the end of the body, so that the connection serves the next turn; gives it up where the end does not come. */
async function drain(iterator: AsyncIterator<unknown>, open: AbortController): Promise<void> {
  const timer = setTimeout(() => open.abort(), 1000);
  try {
    let rest = await iterator.next();
    while (!rest.done) rest = await iterator.next();
  } catch {
    // All that was said has been passed on; only the connection is lost.
    open.abort();
  } finally {
    clearTimeout(timer);
  }
}

function bodyOf({ model, instructions, history, tools, cacheKey, maxOutputTokens, temperature }: ModelRequest) {
  return {
    model,
    instructions,
    input: history.map(inputItem),
    tools: tools.map(({ name, description, parameters }) => ({
      type: 'function' as const,
      name,
      description,
      parameters: { ...parameters },
      strict: false,
    })),
    max_output_tokens: maxOutputTokens,
    prompt_cache_key: cacheKey,
    store: false,
    stream: true as const,
    ...(temperature !== undefined && { temperature }),
  };
}

function inputItem(item: ModelItem): ResponseInputItem {
  switch (item.type) {
    case 'caller':
    case 'data':
      return { role: 'user', content: item.text };
    case 'agent':
      return { role: 'assistant', content: item.text };
    case 'note':
      return { role: 'developer', content: item.text };
    case 'tool-call':
      return { type: 'function_call', call_id: item.callId, name: item.name, arguments: item.arguments };
    case 'tool-output':
      return { type: 'function_call_output', call_id: item.callId, output: item.output };
  }
}

function responsesReader(): EventReader<ResponseStreamEvent> {
  let called = false;
  const meaningOf = (event: ResponseStreamEvent): ModelEvent | undefined => {
    switch (event.type) {
      case 'response.output_text.delta':
      case 'response.refusal.delta':
        return { type: 'text', delta: event.delta };
      case 'response.output_item.done': {
        // Of a call that was cut short nobody knows what its arguments would have become.
        if (event.item.type !== 'function_call' || event.item.status === 'incomplete') return undefined;
        const { call_id: callId, name, arguments: args } = event.item;
        called = true;
        return { type: 'tool-call', callId, name, arguments: args };
      }
      case 'response.completed':
        return { type: 'done', usage: usageOf(event.response.usage), finish: called ? 'tool-calls' : 'stop' };
      case 'response.incomplete': {
        const filtered = event.response.incomplete_details?.reason === 'content_filter';
        return { type: 'done', usage: usageOf(event.response.usage), finish: filtered ? 'content-filter' : 'length' };
      }
      case 'response.failed':
        throw new CallError('MODEL_UNAVAILABLE', { reason: event.response.error?.code ?? 'response.failed' });
      case 'error':
        throw new CallError('MODEL_UNAVAILABLE', { reason: event.code ?? 'error' });
      default:
        return undefined;
    }
  };
  return {
    read: event => {
      const told = meaningOf(event);
      return told ? [told] : [];
    },
    end: () => {
      throw new CallError('MODEL_UNAVAILABLE', { reason: 'its stream broke off' });
    },
  };
}

function usageOf(usage: ResponseUsage | null | undefined): ModelUsage {
  return {
    input: usage?.input_tokens ?? 0,
    output: usage?.output_tokens ?? 0,
    cached: usage?.input_tokens_details?.cached_tokens ?? 0,
  };
}

/** Status and code say enough; the service's own message may repeat what the caller said. */
function unavailable(error: unknown): CallError {
  if (error instanceof CallError && error.code === 'MODEL_UNAVAILABLE') return error;
  const api = error instanceof OpenAI.APIError ? error : undefined;
  const what = error instanceof CallError ? error.code : error instanceof Error ? error.name : 'error';
  const parts = [api?.status, api?.code ?? what];
  return new CallError(
    'MODEL_UNAVAILABLE',
    { reason: parts.filter(part => part !== undefined).join(' ') },
    { cause: error },
  );
}
