import type { DigitsAsk, PersonAsk, Tool, ToolContext, ToolData } from '../../../agents/tool.ts';
import { CallError, type ErrorCode } from '../../../contracts/error.ts';
import { type ToolAnswer, toolAnswer } from './tool-answer.ts';
import { type Attempts, attempt } from './tool-attempts.ts';

/**
 * Runs one tool call of the model. Whatever goes wrong becomes an output the model can read and answer to; nothing is
 * thrown, so a broken tool never ends a reply. A tool runs in the turn thread: one that burns the processor delays the
 * turns of all calls, but not their sound, which has a thread of its own.
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
  /** For the record. */
  summary?: string;
}

export interface ToolSurroundings {
  callId: string;
  /** Aborts when the reply is given up; absent for an effect, which nothing but its time limit ends. */
  signal?: AbortSignal;
  now(): number;
  after(ms: number, run: () => void): () => void;
  settings?: Readonly<Record<string, string>>;
  /** Facts that tools have made sure of. */
  established?: Readonly<Record<string, string>>;
  data?: ToolData;
  /** Whether the caller rings from this number, E.164. */
  ringsFrom?: (number: string) => boolean;
  /** What the call can do for a tool that is wanted. */
  means?: ToolMeans;
  /** 0 to 1, for the pauses before a tool is run again. @default Math.random */
  chance?: () => number;
}

/** What is there is given to tools; `askForPerson` and `takeDigits` are told when the tool has ended. */
export interface ToolMeans {
  askForPerson(ask: PersonAsk, signal: AbortSignal): Promise<void>;
  takeDigits(ask: DigitsAsk, signal: AbortSignal): Promise<{ ok: boolean; digits?: string }>;
  /** @param personal names of those that are */
  establish?(facts: Readonly<Record<string, string>>, personal: readonly string[]): void;
  remember?(name: string, value: string): void;
  endCall?(reason: string, signal: AbortSignal): Promise<void>;
  languages?: readonly string[];
  switchLanguage?(locale: string): boolean;
}

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
function timed(tool: Tool, args: unknown, surroundings: ToolSurroundings): Promise<ToolRun | undefined> {
  const { signal, now, after, chance = Math.random } = surroundings;
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
    const context = contextOf(tool, surroundings, own.signal);
    const attempts: Attempts = { most: 1 + tool.retries, until: now() + tool.timeoutMs, now, after, chance };
    attempt(() => tool.run(args, context), attempts, own.signal).then(
      result => settle(answered(tool, toolAnswer(tool, result, args))),
      (error: unknown) => settle(refusal(tool.name, codeOf(error))),
    );
  });
}

function contextOf({ personal }: Tool, surroundings: ToolSurroundings, signal: AbortSignal): ToolContext {
  const { callId, now, settings, established, data, ringsFrom, means } = surroundings;
  return {
    callId,
    signal,
    now,
    ...(settings && { settings }),
    ...(established && { established }),
    ...(data && { data }),
    ...(ringsFrom && { ringsFrom }),
    ...(means && {
      askForPerson: ask => means.askForPerson(ask, signal),
      takeDigits: ask => means.takeDigits(ask, signal),
      // What a tool says after it has ended is of no reply any more.
      ...(means.establish && { establish: facts => signal.aborted || means.establish?.(facts, personal) }),
      ...(means.remember && { remember: (name, value) => signal.aborted || means.remember?.(name, value) }),
      ...(means.endCall && { endCall: async reason => means.endCall?.(reason, signal) }),
      ...(means.languages && { languages: means.languages }),
      ...(means.switchLanguage && {
        switchLanguage: locale => !signal.aborted && (means.switchLanguage?.(locale) ?? false),
      }),
    }),
  };
}

function answered({ name }: Tool, answer: ToolAnswer): ToolRun {
  if ('code' in answer) return refusal(name, answer.code);
  const { output, summary } = answer;
  return { name, output, ...(summary !== undefined && { summary }) };
}

/** What a tool throws is its own business; what the way to the control plane throws tells how the effect stands. */
function codeOf(error: unknown): ErrorCode {
  if (!(error instanceof CallError)) return 'TOOL_FAILED';
  return /^(TOOL|EFFECT)_/.test(error.code) ? error.code : 'TOOL_FAILED';
}

/** What each mistake means for the caller, in words the model can use. */
const meanings: Partial<Record<ErrorCode, string>> = {
  TOOL_UNKNOWN: 'There is no such function.',
  TOOL_ARGUMENTS_INVALID: 'Nothing was done. Correct the arguments, asking the caller where you do not know them.',
  TOOL_NOT_ALLOWED: 'Nothing was done: these facts have to be made sure of first, by a function that does so.',
  TOOL_TIMED_OUT: 'It took too long. Tell the caller that this cannot be looked up at the moment.',
  TOOL_FAILED: 'It did not work. Tell the caller so, without details, and offer what else you can do.',
  TOOL_RESULT_INVALID: 'Its answer makes no sense and was dropped. Tell the caller that it did not work.',
  TOOL_RESTING: 'It has failed repeatedly and is not tried for a while. Tell the caller that it is out of order now.',
  EFFECT_ABANDONED:
    'Nobody knows yet whether it was done. Do not say that it was; the same call again asks for its end.',
};

export function refusal(name: string, code: ErrorCode, more: Record<string, unknown> = {}): ToolRun {
  const meaning = meanings[code];
  return { name, code, output: JSON.stringify({ error: code, ...(meaning && { meaning }), ...more }) };
}

/** For the model's eyes only: it wrote the arguments, so it may read what is wrong with them. */
function problemsOf(error: unknown): string[] {
  const issues = (error as { issues?: { path: PropertyKey[]; message: string }[] }).issues;
  return issues?.map(({ path, message }) => `${path.map(String).join('.') || 'arguments'}: ${message}`) ?? ['not JSON'];
}
