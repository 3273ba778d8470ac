import OpenAI from 'openai';
import type { ResponseInputItem, ResponseStreamEvent, ResponseUsage } from 'openai/resources/responses/responses';
import { CallError } from '../../contracts/error.ts';
import type { ChatModel, ModelEvent, ModelItem, ModelRequest, ModelUsage } from './model.ts';

/** The model behind Azure OpenAI's Responses API. Nothing is stored there: history that the service keeps would hold words the caller never heard. */
export interface AzureModelOptions {
  /** Of the resource, without a path. */
  endpoint: string;
  key?: string | undefined;
  /** Gives a bearer token where there is no key; asked for every request. */
  token?: (() => Promise<string>) | undefined;
}

export function createAzureModel({ endpoint, key, token }: AzureModelOptions): ChatModel {
  const client = new OpenAI({
    baseURL: `${endpoint.replace(/\/+$/, '')}/openai/v1/`,
    apiKey: key ?? token ?? 'none',
    // Set, so that variables of the environment meant for another service change nothing.
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 1,
    timeout: 15_000,
    // The client's own log shows pieces of answers.
    logLevel: 'off',
  });
  return { stream: request => stream(client, request) };
}

async function* stream(client: OpenAI, request: ModelRequest): AsyncGenerator<ModelEvent> {
  const { signal } = request;
  let called = false;
  let open: AbortController | undefined;
  try {
    const events = await client.responses.create(bodyOf(request), { signal });
    open = events.controller;
    const iterator = events[Symbol.asyncIterator]();
    for (;;) {
      const { done, value: event } = await iterator.next();
      if (done || signal.aborted) break;
      const told = modelEvent(event, called);
      if (told?.type === 'done') {
        void drain(iterator, open);
        open = undefined;
        yield told;
        return;
      }
      called ||= told?.type === 'tool-call';
      if (told) yield told;
    }
  } catch (error) {
    if (signal.aborted) return;
    // A prompt the service's filter refuses is an answer, not an outage: asking again helps nobody.
    if (!(error instanceof OpenAI.APIError && error.code === 'content_filter')) throw unavailable(error);
    yield { type: 'done', usage: { input: 0, output: 0, cached: 0 }, finish: 'content-filter' };
    return;
  } finally {
    open?.abort();
  }
  // The client's loop ends without a word both when it was aborted and when the service broke off.
  if (!signal.aborted) throw new CallError('MODEL_UNAVAILABLE', { reason: 'its stream broke off' });
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

/** What an event of the service means to us; undefined for the many that mean nothing. */
function modelEvent(event: ResponseStreamEvent, called: boolean): ModelEvent | undefined {
  switch (event.type) {
    case 'response.output_text.delta':
    case 'response.refusal.delta':
      return { type: 'text', delta: event.delta };
    case 'response.output_item.done': {
      if (event.item.type !== 'function_call') return undefined;
      const { call_id: callId, name, arguments: args } = event.item;
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
  if (error instanceof CallError) return error;
  const api = error instanceof OpenAI.APIError ? error : undefined;
  const parts = [api?.status, api?.code ?? (error instanceof Error ? error.name : 'error')];
  return new CallError(
    'MODEL_UNAVAILABLE',
    { reason: parts.filter(part => part !== undefined).join(' ') },
    { cause: error },
  );
}
