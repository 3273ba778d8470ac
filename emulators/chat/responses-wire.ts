/**
 * The answer as the Responses API sends it. Event and object shapes are checked against the types the `openai` package
 * publishes, so a missing field does not compile.
 */
import type {
  Response,
  ResponseOutputItem,
  ResponseOutputMessage,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import { type Answer, sentOf } from './answer.ts';
import type { Frame } from './frame.ts';
import type { ResponsesBody } from './responses-body.ts';
import type { Usage } from './tokens.ts';

// `output_text` is added by the client; `access_programs` is not sent by Azure.
type WireResponse = Omit<Response, 'output_text' | 'access_programs'> & { store: boolean };
type OnWire<E> = E extends { response: Response }
  ? Omit<E, 'response' | 'sequence_number'> & { response: WireResponse }
  : Omit<E, 'sequence_number'>;
type WireEvent = OnWire<ResponseStreamEvent>;

export type ResponsesAnswer = { answer: Answer; body: ResponsesBody; usage: Usage; createdAt: number };

/** The events of a stream, in order. There is no `[DONE]`. */
export function* responsesFrames(of: ResponsesAnswer): Generator<Frame> {
  const { answer } = of;
  let sequence = 0;
  const frame = (slot: number, event: WireEvent, delta = false): Frame => {
    const data = JSON.stringify({ ...event, sequence_number: sequence });
    sequence += 1;
    return { slot, delta, wire: `event: ${event.type}\ndata: ${data}\n\n` };
  };

  const begun = responseOf(of, 'in_progress');
  yield frame(-1, { type: 'response.created', response: begun });
  yield frame(-1, { type: 'response.in_progress', response: begun });
  const left = answer.items.map(item => item.pieces.length);
  const opened = new Set<number>();
  for (const [slot, { item, delta }] of answer.pieces.entries()) {
    if (!opened.has(item)) {
      opened.add(item);
      for (const event of opening(answer, item)) yield frame(slot, event);
    }
    yield frame(slot, deltaEvent(answer, item, delta), true);
    left[item]! -= 1;
    if (left[item] === 0) for (const event of closing(answer, item)) yield frame(slot, event);
  }

  const last = answer.pieces.length - 1;
  if (answer.fail?.as === 'error') {
    const { code, message } = answer.fail;
    yield frame(last, { type: 'error', code, message, param: null });
    return;
  }
  if (answer.fail) {
    yield frame(last, { type: 'response.failed', response: responseOf(of, 'failed') });
    return;
  }
  for (const item of opened) {
    if (left[item]! > 0) for (const event of closing(answer, item)) yield frame(last, event);
  }
  yield answer.finish === 'stop'
    ? frame(last, { type: 'response.completed', response: responseOf(of, 'completed') })
    : frame(last, { type: 'response.incomplete', response: responseOf(of, 'incomplete') });
}

/** The whole answer, as it is sent without streaming. */
export function responsesObject(of: ResponsesAnswer): WireResponse {
  if (of.answer.fail) return responseOf(of, 'failed');
  return responseOf(of, of.answer.finish === 'stop' ? 'completed' : 'incomplete');
}

function opening(answer: Answer, index: number): WireEvent[] {
  const item = answer.items[index]!;
  const added = { type: 'response.output_item.added', output_index: index } as const;
  if (item.kind === 'call') return [{ ...added, item: outputItem(answer, index, 'in_progress') }];
  return [
    { ...added, item: { id: item.id, type: 'message', role: 'assistant', status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...place(answer, index), content_index: 0, part: part(item.kind, '') },
  ];
}

function deltaEvent(answer: Answer, index: number, delta: string): WireEvent {
  const at = place(answer, index);
  switch (answer.items[index]!.kind) {
    case 'call':
      return { type: 'response.function_call_arguments.delta', ...at, delta };
    case 'refusal':
      return { type: 'response.refusal.delta', ...at, content_index: 0, delta };
    case 'text':
      return { type: 'response.output_text.delta', ...at, content_index: 0, delta, logprobs: [] };
  }
}

function closing(answer: Answer, index: number): WireEvent[] {
  const at = place(answer, index);
  const item = answer.items[index]!;
  const { content } = sentOf(answer, index);
  const done: WireEvent = {
    type: 'response.output_item.done',
    output_index: index,
    item: outputItem(answer, index, endOf(answer, index)),
  };
  if (item.kind === 'call') {
    // The service sends the name too; the published type does not know it yet.
    const named = { arguments: content, name: item.name };
    return [{ type: 'response.function_call_arguments.done', ...at, ...named }, done];
  }
  const within = { ...at, content_index: 0 };
  const ended: WireEvent =
    item.kind === 'refusal'
      ? { type: 'response.refusal.done', ...within, refusal: content }
      : { type: 'response.output_text.done', ...within, text: content, logprobs: [] };
  return [ended, { type: 'response.content_part.done', ...within, part: part(item.kind, content) }, done];
}

/** An answer that is cut short is cut in its last item, even where a script lets every word through. */
function endOf(answer: Answer, index: number): 'completed' | 'incomplete' {
  const last = answer.pieces.at(-1)?.item === index;
  return sentOf(answer, index).whole && !(last && answer.finish !== 'stop') ? 'completed' : 'incomplete';
}

function place(answer: Answer, index: number) {
  return { item_id: answer.items[index]!.id, output_index: index };
}

function part(kind: 'text' | 'refusal', content: string): ResponseOutputMessage['content'][number] {
  if (kind === 'refusal') return { type: 'refusal', refusal: content };
  return { type: 'output_text', annotations: [], logprobs: [], text: content };
}

function outputItem(
  answer: Answer,
  index: number,
  status: 'in_progress' | 'completed' | 'incomplete',
): Extract<ResponseOutputItem, { type: 'message' | 'function_call' }> {
  const item = answer.items[index]!;
  const content = status === 'in_progress' ? '' : sentOf(answer, index).content;
  if (item.kind === 'call') {
    const { id, callId, name } = item;
    return { id, type: 'function_call', status, arguments: content, call_id: callId, name };
  }
  return { id: item.id, type: 'message', status, role: 'assistant', content: [part(item.kind, content)] };
}

function responseOf(
  { answer, body, usage, createdAt }: ResponsesAnswer,
  status: 'in_progress' | 'completed' | 'incomplete' | 'failed',
): WireResponse {
  const ended = status === 'completed' || status === 'incomplete';
  const output = answer.items.flatMap((item, index) => {
    const { content } = sentOf(answer, index);
    if (!ended || (content === '' && item.pieces[0] !== '')) return [];
    return [outputItem(answer, index, endOf(answer, index))];
  });
  const reason = answer.finish === 'length' ? 'max_output_tokens' : 'content_filter';
  const failure = answer.fail ?? { code: 'server_error', message: '' };
  const { inputTokens, cachedTokens, outputTokens } = usage;
  return {
    id: `resp_${answer.id}`,
    object: 'response',
    created_at: createdAt,
    status,
    background: false,
    // The service's list of codes grows; a script may use one the published type does not know yet.
    error: status === 'failed' ? ({ code: failure.code, message: failure.message } as Response['error']) : null,
    incomplete_details: status === 'incomplete' ? { reason } : null,
    instructions: body.instructions ?? null,
    max_output_tokens: body.max_output_tokens ?? null,
    metadata: body.metadata ?? {},
    model: body.model,
    output,
    parallel_tool_calls: body.parallel_tool_calls ?? true,
    previous_response_id: null,
    prompt_cache_key: body.prompt_cache_key ?? null,
    reasoning: { effort: null, summary: null, ...body.reasoning } as NonNullable<Response['reasoning']>,
    safety_identifier: body.safety_identifier ?? null,
    service_tier: 'default',
    store: body.store ?? true,
    temperature: body.temperature ?? 1,
    text: (body.text ?? { format: { type: 'text' } }) as NonNullable<Response['text']>,
    tool_choice: (body.tool_choice ?? 'auto') as Response['tool_choice'],
    tools: (body.tools ?? []) as Response['tools'],
    top_p: body.top_p ?? 1,
    truncation: body.truncation ?? 'disabled',
    ...(ended && {
      usage: {
        input_tokens: inputTokens,
        input_tokens_details: { cached_tokens: cachedTokens, cache_write_tokens: 0 },
        output_tokens: outputTokens,
        output_tokens_details: { reasoning_tokens: 0 },
        total_tokens: inputTokens + outputTokens,
      },
    }),
  };
}
