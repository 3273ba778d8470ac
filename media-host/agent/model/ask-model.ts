import { CallError } from '../../../contracts/error.ts';
import { sentenceCutter } from '../../speech/sentences.ts';
import { spokenText } from '../../speech/spoken-text.ts';
import type { RuntimeEvent } from '../runtime-event.ts';
import type { ToolCall } from '../tools/run-tool.ts';
import type { ChatModel, ModelEvent } from './model.ts';
import type { Question } from './model-request.ts';
import { whileLive } from './while-live.ts';

/** One request to the model, from asking to its last word: sentences come out as they are complete, and no wait is without a limit. */
export interface Asking {
  model: ChatModel;
  request: Question;
  /** Of the reply. */
  signal: AbortSignal;
  deadlines: Deadlines;
  monotonicUs(): number;
  after(ms: number, run: () => void): () => void;
  sentence(piece: Piece): void;
  /** Told once, whatever happens. */
  ran(account: ModelAccount): void;
}

/** Longest waits for the model. */
export interface Deadlines {
  firstTokenMs: number;
  betweenTokensMs: number;
}

export interface Piece {
  text: string;
  askedUs: number;
  firstTokenUs: number;
  cutUs: number;
  /** Not the model's. */
  fixed?: true;
  /** Whatever the agent's page says. */
  mustBeHeard?: boolean;
}

export type ModelAccount = Omit<Extract<RuntimeEvent, { type: 'model-ran' }>, 'type' | 'turn' | 'epoch'>;

export interface Answer {
  calls: ToolCall[];
  finish: Extract<ModelEvent, { type: 'done' }>['finish'];
}

/**
 * @returns undefined when `signal` aborted.
 * @throws CallError MODEL_UNAVAILABLE when the model fails, says nothing for too long or breaks off.
 */
export async function askModel(asking: Asking): Promise<Answer | undefined> {
  const { signal, monotonicUs } = asking;
  const cutter = sentenceCutter();
  const calls: ToolCall[] = [];
  const askedUs = monotonicUs();
  let firstTokenUs: number | undefined;
  let characters = 0;
  let told = '';
  let done: Extract<ModelEvent, { type: 'done' }> | undefined;
  let failure: CallError | undefined;

  const pass = (pieces: string[]) => {
    for (const piece of pieces) {
      const text = spokenText(piece);
      const cutUs = monotonicUs();
      if (text === '') continue;
      told = piece;
      asking.sentence({ text, askedUs, firstTokenUs: firstTokenUs ?? cutUs, cutUs });
    }
  };
  try {
    for await (const event of patiently(asking)) {
      if (event.type !== 'done') firstTokenUs ??= monotonicUs();
      if (event.type === 'text') {
        characters += event.delta.length;
        pass(cutter.push(event.delta.replace(directions, '')));
      } else if (event.type === 'tool-call') {
        characters += event.arguments.length;
        calls.push(event);
      } else {
        done = event;
        break;
      }
    }
    if (!done && !signal.aborted) throw new CallError('MODEL_UNAVAILABLE', { reason: 'its stream broke off' });
  } catch (error) {
    failure = asCallError(error);
  }
  const endUs = monotonicUs();
  asking.ran({
    model: asking.request.model,
    ttftMs: wholeMs((firstTokenUs ?? endUs) - askedUs),
    ms: wholeMs(endUs - askedUs),
    inputTokens: done?.usage?.input ?? 0,
    outputTokens: done?.usage?.output ?? Math.ceil(characters / 4),
    cachedTokens: done?.usage?.cached ?? 0,
    cancelled: signal.aborted,
    ...(failure && !signal.aborted && { code: failure.code }),
  });
  if (signal.aborted) return undefined;
  if (failure) throw failure;
  const finish = done?.finish ?? 'stop';
  pass(withoutFragment(cutter.flush(), finish, told));
  return { calls, finish };
}

/** Of an answer that was cut short only whole sentences are said, and half of one where there is no other. */
function withoutFragment(rest: string[], finish: Answer['finish'], told: string): string[] {
  if (finish !== 'length' && finish !== 'content-filter') return rest;
  const last = rest.at(-1) ?? '';
  const whole = sentenceEnd.test(last) || (finish === 'length' && !sentenceEnd.test(rest.at(-2) ?? told));
  return whole ? rest : rest.slice(0, -1);
}

const sentenceEnd = /[.!?…。！？؟]["'”’»)\]]*\s*$/u;

/** The model's events; throws when the next one lets itself be waited for too long. */
async function* patiently({ model, request, signal, deadlines, after }: Asking): AsyncGenerator<ModelEvent> {
  const attempt = new AbortController();
  let late: number | undefined;
  let finished = false;
  const watch = (ms: number) =>
    after(ms, () => {
      late = ms;
      attempt.abort();
    });
  const giveUp = () => attempt.abort();
  signal.addEventListener('abort', giveUp);
  if (signal.aborted) giveUp();
  let forget = watch(deadlines.firstTokenMs);
  try {
    for await (const event of whileLive(model.stream({ ...request, signal: attempt.signal }), attempt.signal)) {
      forget();
      finished = event.type === 'done';
      yield event;
      forget = watch(deadlines.betweenTokensMs);
    }
  } finally {
    forget();
    signal.removeEventListener('abort', giveUp);
    // A finished request is left alone: its connection serves the next one.
    if (!finished) attempt.abort();
  }
  if (late !== undefined) throw new CallError('MODEL_UNAVAILABLE', { reason: `no word for ${late} ms` });
}

/** Marks of writing direction have no sound, and would hide the end of a sentence from the cutter. */
const directions = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function asCallError(error: unknown): CallError {
  if (error instanceof CallError) return error;
  const reason = error instanceof Error ? error.name : 'error';
  return new CallError('MODEL_UNAVAILABLE', { reason }, { cause: error });
}

function wholeMs(us: number): number {
  return Math.max(0, Math.round(us / 1000));
}
