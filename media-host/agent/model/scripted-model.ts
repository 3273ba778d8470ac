import { CallError } from '../../../contracts/error.ts';
import type { ChatModel, ModelEvent, ModelRequest } from './model.ts';

/** A model that answers what a test has written, one script for each request, in the order of requests. */
export type Line =
  /** A delta of text. */
  | string
  | { call: string; args?: unknown; id?: string }
  /** Goes on when the promise does. */
  | { wait: Promise<unknown> }
  /** Says nothing more and ignores its signal. */
  | 'hang'
  /** Fails as a service does. */
  | 'fail'
  /** Ends without `done`. */
  | 'break-off'
  | Exclude<ModelEvent, { type: 'text' }>
  | Error;

export interface ScriptedModel extends ChatModel {
  readonly requests: readonly ModelRequest[];
}

export function scriptedModel(...scripts: readonly (readonly Line[])[]): ScriptedModel {
  const requests: ModelRequest[] = [];
  return {
    requests,
    stream(request) {
      requests.push(request);
      return answer(scripts[requests.length - 1] ?? ['fail'], requests.length);
    },
  };
}

async function* answer(script: readonly Line[], number: number): AsyncGenerator<ModelEvent> {
  let calls = 0;
  for (const line of script) {
    if (typeof line === 'string') {
      if (line === 'hang') await new Promise(() => undefined);
      else if (line === 'fail') throw new CallError('MODEL_UNAVAILABLE', { reason: '503 scripted' });
      else if (line === 'break-off') return;
      else yield { type: 'text', delta: line };
    } else if (line instanceof Error) throw line;
    else if ('wait' in line) await line.wait;
    else if ('call' in line) {
      calls += 1;
      const args = typeof line.args === 'string' ? line.args : JSON.stringify(line.args ?? {});
      yield { type: 'tool-call', callId: line.id ?? `call_${number}_${calls}`, name: line.call, arguments: args };
    } else yield line;
    if (typeof line === 'object' && 'type' in line && line.type === 'done') return;
  }
  yield { type: 'done', usage: { input: 20, output: 10, cached: 5 }, finish: calls > 0 ? 'tool-calls' : 'stop' };
}
