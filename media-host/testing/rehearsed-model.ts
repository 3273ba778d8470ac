import { CallError } from '../../contracts/error.ts';
import type { ChatModel, ModelEvent, ModelItem } from '../agent/model/model.ts';
import type { Clock } from '../clock.ts';
import type { Chance } from './chance.ts';

/** A model that answers what the script says, on the stage's clock: a first word after a while, then a few at a time. */
export type Part =
  /** Words. */
  | string
  | { tool: string; args?: Record<string, unknown> }
  /** Says nothing for so long. */
  | { waitMs: number }
  /** Says nothing more, ever. */
  | 'HANG'
  /** Fails as a service does. */
  | 'FAIL'
  /** The stream ends without its end. */
  | 'BREAK OFF';

export type Answer = string | readonly Part[];

export interface Asked {
  at: number;
  instructions: string;
  history: readonly ModelItem[];
  signal: AbortSignal;
  /** What the caller said since the agent spoke last. */
  said: string;
}

/** Answers in the order of requests, the last for all that follow; or by what was said. */
export type ModelScript = readonly Answer[] | ((said: string, request: Asked, n: number) => Answer);

export interface RehearsedModel extends ChatModel {
  readonly asked: readonly Asked[];
}

export interface ModelPace {
  /** Longest and shortest wait for the first word, ms. @default 150 to 600 */
  firstMs?: readonly [number, number];
}

export function createRehearsedModel(
  script: ModelScript,
  { firstMs = [150, 600] }: ModelPace,
  { clock, chance }: { clock: Clock; chance: Chance },
): RehearsedModel {
  const asked: Asked[] = [];

  const wait = (ms: number | undefined, signal: AbortSignal) =>
    new Promise<void>(resolve => {
      const go = () => {
        forget();
        signal.removeEventListener('abort', go);
        resolve();
      };
      const forget = ms === undefined ? () => undefined : clock.after(ms, go);
      signal.addEventListener('abort', go);
      if (signal.aborted) go();
    });

  async function* stream(answer: Answer, number: number, signal: AbortSignal): AsyncGenerator<ModelEvent> {
    const parts = typeof answer === 'string' ? [answer] : answer;
    let calls = 0;
    await wait(chance.between(...firstMs), signal);
    for (const part of parts) {
      if (signal.aborted) return;
      if (part === 'HANG') await wait(undefined, signal);
      else if (part === 'FAIL') throw new CallError('MODEL_UNAVAILABLE', { reason: '503 scripted' });
      else if (part === 'BREAK OFF') return;
      else if (typeof part === 'string') {
        for (const delta of part.match(/(?:\S+\s*){1,5}/g) ?? [part]) {
          if (signal.aborted) return;
          yield { type: 'text', delta };
          await wait(chance.between(10, 40), signal);
        }
      } else if ('waitMs' in part) await wait(part.waitMs, signal);
      else {
        const callId = `call_${number}_${++calls}`;
        const name = part.tool.replaceAll('-', '_');
        yield { type: 'tool-call', callId, name, arguments: JSON.stringify(part.args ?? {}) };
      }
    }
    if (signal.aborted) return;
    yield { type: 'done', usage: { input: 20, output: 10, cached: 5 }, finish: calls > 0 ? 'tool-calls' : 'stop' };
  }

  return {
    asked,
    stream: ({ instructions, history, signal }) => {
      const agentAt = history.findLastIndex(item => item.type === 'agent');
      const said = history
        .slice(agentAt + 1)
        .flatMap(item => (item.type === 'caller' ? [item.text] : []))
        .join(' ');
      const request = { at: clock.now(), instructions, history, signal, said };
      asked.push(request);
      const n = asked.length;
      const answer = typeof script === 'function' ? script(said, request, n) : (script[n - 1] ?? script.at(-1) ?? '');
      return stream(answer, n, signal);
    },
  };
}
