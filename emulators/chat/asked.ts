/**
 * What a request asks, whichever of the two wires it came over. Rules are matched against this and never against a body,
 * so that a script written for the Responses API also answers chat completions.
 */
export type Asked = {
  api: 'responses' | 'chat';
  model: string;
  stream: boolean;
  /** System and developer text, in order, joined by line breaks. */
  instructions: string;
  /** The first system text: it tells agents apart, while later ones may change from turn to turn. */
  agent: string;
  /** One word per input item, in order. */
  roles: ItemKind[];
  /** Every user text in the input. */
  said: string[];
  /** The user texts after the last assistant message, joined by line breaks: what has not been answered yet. */
  lastUser: string;
  /** How many times the user has had the word, counting user messages in a row as once. */
  turn: number;
  /** The tool outputs that end the input; empty unless the model is asked to go on from a tool's answer. */
  returned: ToolOutput[];
  toolOutputs: ToolOutput[];
  /** The function tools the model may call. */
  offered: OfferedTool[];
  toolChoice: ToolChoice;
  parallelToolCalls: boolean;
  format: AnswerFormat;
  /** Undefined when the request sets no limit. */
  maxOutputTokens: number | undefined;
  /** Everything said and called, as text, for counting tokens and finding a cached prefix. */
  prompt: string;
  promptCacheKey: string;
  store: boolean;
  /** Chat completions only: `stream_options.include_usage`. */
  includeUsage: boolean;
};

export type ItemKind = 'system' | 'user' | 'assistant' | 'call' | 'output';

export type Item =
  | { kind: 'system' | 'user' | 'assistant'; text: string }
  | { kind: 'call'; callId: string; name: string; arguments: string }
  | { kind: 'output'; callId: string; text: string };

export type JsonSchema = Record<string, unknown>;
export type OfferedTool = { name: string; parameters: JsonSchema };
export type ToolOutput = { name: string; callId: string; output: string };
export type ToolChoice = 'auto' | 'none' | 'required' | { name: string };
export type AnswerFormat =
  | { type: 'text' }
  | { type: 'json_object' }
  | { type: 'json_schema'; name: string; schema: JsonSchema };

type Conversation = Pick<
  Asked,
  'agent' | 'instructions' | 'roles' | 'said' | 'lastUser' | 'turn' | 'returned' | 'toolOutputs' | 'prompt'
>;

/** Reads the conversation out of the items of either wire. */
export function conversationOf(items: Item[]): Conversation {
  const texts = (kind: ItemKind) => items.flatMap(item => (item.kind === kind && 'text' in item ? [item.text] : []));
  const names = new Map(items.flatMap(item => (item.kind === 'call' ? [[item.callId, item.name] as const] : [])));
  const outputOf = (item: Item): ToolOutput[] =>
    item.kind === 'output' ? [{ name: names.get(item.callId) ?? '', callId: item.callId, output: item.text }] : [];

  const spoken = items.filter(item => item.kind !== 'system');
  const afterLastAnswer = spoken.slice(spoken.findLastIndex(item => item.kind === 'assistant') + 1);
  const afterLastOther = spoken.slice(spoken.findLastIndex(item => item.kind !== 'output') + 1);
  return {
    agent: texts('system')[0] ?? '',
    instructions: texts('system').join('\n'),
    roles: items.map(item => item.kind),
    said: texts('user'),
    lastUser: afterLastAnswer.flatMap(item => (item.kind === 'user' ? [item.text] : [])).join('\n'),
    turn: spoken.filter((item, at) => item.kind === 'user' && spoken[at - 1]?.kind !== 'user').length,
    returned: afterLastOther.flatMap(outputOf),
    toolOutputs: items.flatMap(outputOf),
    prompt: items.map(item => ('text' in item ? item.text : item.name + item.arguments)).join('\n'),
  };
}
