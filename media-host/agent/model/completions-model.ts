import { CallError } from '../../../contracts/error.ts';
import type { ModelEvent, ModelItem, ModelRequest, ModelUsage } from './model.ts';

/**
 * The chat completions dialect of the model port: what is asked, and what its chunks mean. For endpoints that have nothing
 * else, so it uses as little as it can and reads only what it needs. A call's arguments come in fragments, those of several
 * calls mixed, and count only once the service has said that they are whole.
 */
export interface CompletionsBody {
  model: string;
  messages: CompletionsMessage[];
  tools?: { type: 'function'; function: { name: string; description: string; parameters: Record<string, unknown> } }[];
  max_completion_tokens: number;
  prompt_cache_key: string;
  store: false;
  stream: true;
  stream_options: { include_usage: true };
  temperature?: number;
}

export type CompletionsMessage =
  | { role: 'system' | 'user'; content: string }
  | { role: 'assistant'; content: string | null; tool_calls?: CompletionsCall[] }
  | { role: 'tool'; tool_call_id: string; content: string };

interface CompletionsCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

/** The part of a chunk that is read; everything may be missing. */
export interface CompletionsChunk {
  choices?: readonly CompletionsChoice[] | null;
  usage?: {
    prompt_tokens?: number;
    completion_tokens?: number;
    prompt_tokens_details?: { cached_tokens?: number } | null;
  } | null;
}

interface CompletionsChoice {
  delta?: {
    content?: string | null;
    refusal?: string | null;
    tool_calls?: readonly {
      index: number;
      id?: string;
      function?: { name?: string; arguments?: string };
    }[];
  } | null;
  finish_reason?: string | null;
}

export function completionsBody(request: ModelRequest): CompletionsBody {
  const { model, instructions, history, tools, cacheKey, maxOutputTokens, temperature } = request;
  return {
    model,
    messages: [{ role: 'system', content: instructions }, ...history.reduce(withItem, [])],
    ...(tools.length > 0 && {
      tools: tools.map(({ name, description, parameters }) => ({
        type: 'function' as const,
        function: { name, description, parameters: { ...parameters } },
      })),
    }),
    max_completion_tokens: maxOutputTokens,
    prompt_cache_key: cacheKey,
    store: false,
    stream: true,
    stream_options: { include_usage: true },
    ...(temperature !== undefined && { temperature }),
  };
}

/** Calls of one answer, and the words said before them, are one message: some endpoints refuse two of the assistant's in a row. */
function withItem(messages: CompletionsMessage[], item: ModelItem): CompletionsMessage[] {
  switch (item.type) {
    case 'caller':
    case 'data':
      return [...messages, { role: 'user', content: item.text }];
    case 'agent':
      return [...messages, { role: 'assistant', content: item.text }];
    case 'note':
      return [...messages, { role: 'system', content: item.text }];
    case 'tool-output':
      return [...messages, { role: 'tool', tool_call_id: item.callId, content: item.output }];
    case 'tool-call': {
      const { callId: id, name, arguments: written } = item;
      const call: CompletionsCall = { id, type: 'function', function: { name, arguments: written } };
      const last = messages.at(-1);
      if (last?.role !== 'assistant') return [...messages, { role: 'assistant', content: null, tool_calls: [call] }];
      return [...messages.slice(0, -1), { ...last, tool_calls: [...(last.tool_calls ?? []), call] }];
    }
  }
}

type Finish = Extract<ModelEvent, { type: 'done' }>['finish'];

/** Reads the chunks of one answer, in order. */
export function completionsReader() {
  const calls = new Map<number, { callId: string; name: string; arguments: string }>();
  let finish: Finish | undefined;

  const done = (usage?: ModelUsage): ModelEvent[] => {
    if (finish === undefined) return [];
    return [{ type: 'done', finish, ...(usage && { usage }) }];
  };

  /** Of an answer that was cut short no call is told: nobody knows what its arguments would have become. */
  const finished = (reason: string): ModelEvent[] => {
    if (finish !== undefined) return [];
    if (reason === 'length' || reason === 'content_filter') {
      finish = reason === 'length' ? 'length' : 'content-filter';
      return [];
    }
    finish = calls.size > 0 ? 'tool-calls' : 'stop';
    return [...calls].sort(([a], [b]) => a - b).map(([, call]) => ({ type: 'tool-call', ...call }));
  };

  return {
    read(chunk: CompletionsChunk): ModelEvent[] {
      const told: ModelEvent[] = [];
      for (const { delta, finish_reason: reason } of chunk.choices ?? []) {
        for (const text of [delta?.content, delta?.refusal]) if (text) told.push({ type: 'text', delta: text });
        for (const { index, id, function: part } of delta?.tool_calls ?? []) {
          const call = calls.get(index) ?? { callId: '', name: '', arguments: '' };
          calls.set(index, {
            callId: call.callId || (id ?? ''),
            name: call.name || (part?.name ?? ''),
            arguments: call.arguments + (part?.arguments ?? ''),
          });
        }
        if (reason) told.push(...finished(reason));
      }
      // Azure begins with a chunk about its filter and ends with one about tokens; neither has choices.
      return chunk.usage ? [...told, ...done(usageOf(chunk.usage))] : told;
    },
    /** The stream has ended: some endpoints count no tokens. @throws CallError where it broke off */
    end(): ModelEvent[] {
      if (finish === undefined) throw new CallError('MODEL_UNAVAILABLE', { reason: 'its stream broke off' });
      return done();
    },
  };
}

function usageOf(usage: NonNullable<CompletionsChunk['usage']>): ModelUsage {
  return {
    input: usage.prompt_tokens ?? 0,
    output: usage.completion_tokens ?? 0,
    cached: usage.prompt_tokens_details?.cached_tokens ?? 0,
  };
}
