/**
 * The answer as chat completions send it on Azure. Chunk and object shapes are checked against the types the `openai`
 * package publishes.
 */
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import { type Answer, sentOf } from './answer.ts';
import type { Frame } from './frame.ts';
import type { Usage } from './tokens.ts';

export type CompletionsAnswer = {
  answer: Answer;
  model: string;
  usage: Usage;
  createdAt: number;
  includeUsage: boolean;
};

type Delta = ChatCompletionChunk.Choice.Delta;
type FinishReason = ChatCompletion.Choice['finish_reason'];

/** The chunks of a stream, in order, and `[DONE]`. */
export function* completionsFrames(of: CompletionsAnswer): Generator<Frame> {
  const { answer, includeUsage } = of;
  const chunk = (choices: ChatCompletionChunk.Choice[], counted?: CompletionUsage): ChatCompletionChunk => ({
    ...headOf(of),
    object: 'chat.completion.chunk',
    choices,
    ...(includeUsage && { usage: counted ?? null }),
  });
  const frame = (slot: number, data: unknown, delta = false): Frame => ({
    slot,
    delta,
    wire: `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
  });
  const choice = (delta: Delta, finish_reason: FinishReason | null = null) =>
    chunk([{ index: 0, delta, finish_reason, logprobs: null }]);

  yield frame(-1, promptFilterChunk);
  const callOf = callIndexes(answer);
  const opened = new Set<number>();
  for (const [slot, { item, delta }] of answer.pieces.entries()) {
    if (slot === 0)
      yield frame(0, choice({ role: 'assistant', content: answer.items[0]?.kind === 'text' ? '' : null }));
    const from = answer.items[item]!;
    if (from.kind === 'call') {
      const index = callOf.get(item)!;
      if (!opened.has(item)) {
        opened.add(item);
        const named = {
          index,
          id: from.callId,
          type: 'function',
          function: { name: from.name, arguments: '' },
        } as const;
        yield frame(slot, choice({ tool_calls: [named] }));
      }
      yield frame(slot, choice({ tool_calls: [{ index, function: { arguments: delta } }] }), true);
    } else {
      yield frame(slot, choice(from.kind === 'refusal' ? { refusal: delta } : { content: delta }), true);
    }
  }
  const last = answer.pieces.length - 1;
  if (answer.fail) {
    const { code, message } = answer.fail;
    yield frame(last, { error: { message, type: 'server_error', param: null, code } });
    return;
  }
  yield frame(last, choice({}, finishOf(answer)));
  if (includeUsage) yield frame(last, chunk([], usageOf(of.usage)));
  yield frame(last, '[DONE]');
}

/** The whole answer, as it is sent without streaming. */
export function completionsObject(of: CompletionsAnswer): ChatCompletion {
  const { answer } = of;
  const contents = (kind: 'text' | 'refusal') =>
    answer.items.flatMap((item, index) => (item.kind === kind ? [sentOf(answer, index).content] : []))[0] ?? null;
  const calls = answer.items.flatMap((item, index) =>
    item.kind === 'call'
      ? [
          {
            id: item.callId,
            type: 'function' as const,
            function: { name: item.name, arguments: sentOf(answer, index).content },
          },
        ]
      : [],
  );
  return {
    ...headOf(of),
    object: 'chat.completion',
    choices: [
      {
        index: 0,
        finish_reason: finishOf(answer),
        logprobs: null,
        message: {
          role: 'assistant',
          content: contents('text'),
          refusal: contents('refusal'),
          annotations: [],
          ...(calls.length > 0 && { tool_calls: calls }),
        },
      },
    ],
    usage: usageOf(of.usage),
  };
}

/** Azure tells what its filter made of the prompt before anything else; the empty fields are as the service sends them. */
const safe = { filtered: false, severity: 'safe' };
const promptFilterChunk = {
  choices: [],
  created: 0,
  id: '',
  model: '',
  object: '',
  prompt_filter_results: [
    { prompt_index: 0, content_filter_results: { hate: safe, self_harm: safe, sexual: safe, violence: safe } },
  ],
};

function headOf({ answer, model, createdAt }: CompletionsAnswer) {
  return { id: `chatcmpl-${answer.id.slice(0, 29)}`, created: createdAt, model, system_fingerprint: 'fp_standin' };
}

function finishOf(answer: Answer): FinishReason {
  if (answer.finish !== 'stop') return answer.finish;
  return answer.items.some(item => item.kind === 'call') ? 'tool_calls' : 'stop';
}

function callIndexes(answer: Answer): Map<number, number> {
  const items = answer.items.flatMap((item, at) => (item.kind === 'call' ? [at] : []));
  return new Map(items.map((item, index) => [item, index]));
}

function usageOf({ inputTokens, cachedTokens, outputTokens }: Usage): CompletionUsage {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
  };
}
