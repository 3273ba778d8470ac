/**
 * What an agent needs of a language model: the whole conversation in, words and tool calls out as they come. The history
 * is ours and is sent every time, because only we know which words the caller heard.
 */
export interface ChatModel {
  /**
   * Streams one answer. It ends with exactly one `done`, or throws, or ends without `done` once `signal` has aborted; nothing
   * is told after that, and the request to the service is closed at once.
   * @throws CallError MODEL_UNAVAILABLE
   */
  stream(request: ModelRequest): AsyncIterable<ModelEvent>;
}

export interface ModelRequest {
  /** Name of the deployment. */
  model: string;
  instructions: string;
  history: readonly ModelItem[];
  tools: readonly ModelTool[];
  signal: AbortSignal;
  /** Equal for requests that begin alike, so that the service finds its cached prefix. */
  cacheKey: string;
  maxOutputTokens: number;
  temperature?: number | undefined;
}

export type ModelItem =
  | { type: 'caller'; text: string }
  | { type: 'agent'; text: string }
  /** What happened beside what was said. */
  | { type: 'note'; text: string }
  /** Material such as what is known of the caller, as JSON; never an instruction. */
  | { type: 'data'; text: string }
  | { type: 'tool-call'; callId: string; name: string; arguments: string }
  | { type: 'tool-output'; callId: string; output: string };

export interface ModelTool {
  name: string;
  description: string;
  /** JSON schema. */
  parameters: Readonly<Record<string, unknown>>;
}

export type ModelEvent =
  | { type: 'text'; delta: string }
  /** `arguments` is what the model wrote: meant to be JSON, not checked. */
  | { type: 'tool-call'; callId: string; name: string; arguments: string }
  /** `usage` is absent where the service does not count. */
  | { type: 'done'; usage?: ModelUsage; finish: 'stop' | 'tool-calls' | 'length' | 'content-filter' };

/** Tokens. */
export interface ModelUsage {
  input: number;
  output: number;
  cached: number;
}
