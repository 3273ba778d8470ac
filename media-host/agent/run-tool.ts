import type { DigitsAsk, PersonAsk, Tool, ToolContext } from '../../agents/tool.ts';
import type { ErrorCode } from '../../contracts/error.ts';

/**
 * Runs one tool call of the model. Whatever goes wrong becomes an output the model can read and answer to; nothing is
 * thrown, so a broken tool never ends a reply.
 */
export interface ToolCall {
  callId: string;
  name: string;
  /** What the model wrote; meant to be JSON. */
  arguments: string;
}

export interface ToolRun {
  /** The tool's own name, or `unknown`. */
  name: string;
  /** For the model. */
  output: string;
  code?: ErrorCode;
}

export interface ToolSurroundings {
  callId: string;
  /** Aborts when the reply is given up; absent for an effect, which nothing but its time limit ends. */
  signal?: AbortSignal;
  now(): number;
  after(ms: number, run: () => void): () => void;
  settings?: Readonly<Record<string, string>>;
  /** What the call can do for a tool that is wanted. */
  means?: ToolMeans;
}

export interface ToolMeans {
  askForPerson(ask: PersonAsk, signal: AbortSignal): Promise<void>;
  takeDigits(ask: DigitsAsk, signal: AbortSignal): Promise<{ ok: boolean }>;
}

/** A longer output is cut: it goes to the model with every later request. */
const mostOutputCharacters = 12_000;

/** @returns undefined when `signal` aborted first. */
export async function runTool(
  tool: Tool | undefined,
  call: ToolCall,
  surroundings: ToolSurroundings,
): Promise<ToolRun | undefined> {
  if (!tool) return refusal('unknown', 'TOOL_UNKNOWN', { tool: call.name });
  let args: unknown;
  try {
    args = tool.parse(call.arguments.trim() === '' ? {} : JSON.parse(call.arguments));
  } catch (error) {
    return refusal(tool.name, 'TOOL_ARGUMENTS_INVALID', { problems: problemsOf(error) });
  }
  return await timed(tool, args, surroundings);
}

/** Waits for the tool, the clock or the end of interest, whichever is first; a tool that ignores its signal is left behind. */
function timed(
  tool: Tool,
  args: unknown,
  { signal, now, after, callId, settings, means }: ToolSurroundings,
): Promise<ToolRun | undefined> {
  return new Promise(resolve => {
    const own = new AbortController();
    const settle = (run: ToolRun | undefined) => {
      forget();
      signal?.removeEventListener('abort', giveUp);
      resolve(run);
      own.abort();
    };
    const giveUp = () => settle(undefined);
    const forget = after(tool.timeoutMs, () => settle(refusal(tool.name, 'TOOL_TIMED_OUT')));
    signal?.addEventListener('abort', giveUp);
    if (signal?.aborted) return giveUp();
    const context: ToolContext = {
      callId,
      signal: own.signal,
      now,
      ...(settings && { settings }),
      ...(means && {
        askForPerson: ask => means.askForPerson(ask, own.signal),
        takeDigits: ask => means.takeDigits(ask, own.signal),
      }),
    };
    new Promise(result => result(tool.run(args, context)))
      .then(result => ({ name: tool.name, output: outputOf(result) }))
      .then(settle, () => settle(refusal(tool.name, 'TOOL_FAILED')));
  });
}

function outputOf(result: unknown): string {
  const output = JSON.stringify(result) ?? 'null';
  return output.length > mostOutputCharacters ? `${output.slice(0, mostOutputCharacters)}…` : output;
}

function refusal(name: string, code: ErrorCode, more: Record<string, unknown> = {}): ToolRun {
  return { name, code, output: JSON.stringify({ error: code, ...more }) };
}

/** For the model's eyes only: it wrote the arguments, so it may read what is wrong with them. */
function problemsOf(error: unknown): string[] {
  const issues = (error as { issues?: { path: PropertyKey[]; message: string }[] }).issues;
  return issues?.map(({ path, message }) => `${path.map(String).join('.') || 'arguments'}: ${message}`) ?? ['not JSON'];
}
