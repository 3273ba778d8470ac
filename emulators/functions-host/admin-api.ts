import type { RegisteredFunction } from './core-module.ts';
import type { FunctionTable } from './function-table.ts';
import { answerEmpty, answerJson, type Exchange, readBody } from './http/exchange.ts';
import { triggerOf } from './invocation.ts';

/*
 * Routes for the holder of the master key: what the real host has for running a function by hand, and a way to fill
 * the built-in queues.
 */

export interface AdminOptions {
  table: FunctionTable;
  /** Runs a function without waiting; `input` is what the body carried. */
  run: (fn: RegisteredFunction, input: string | undefined) => void;
  /** Puts a message on a built-in queue. */
  enqueue: (queue: string, text: string) => Promise<void>;
}

export function adminApi(options: AdminOptions): (exchange: Exchange, parts: string[]) => Promise<void> {
  return async (exchange, parts) => {
    const { method, response, request } = exchange;
    const [area, name, rest] = parts;
    if (method === 'GET' && area === 'host' && name === 'status') {
      return answerJson(response, 200, {
        id: 'local',
        state: 'Running',
        version: '4.1048.200',
        processUptime: Math.round(process.uptime() * 1000),
      });
    }
    if (method === 'GET' && area === 'functions' && name === undefined) {
      const functions = [...options.table.byName.values()].map(fn => ({
        name: fn.metadata.name,
        trigger: triggerOf(fn).type,
      }));
      return answerJson(response, 200, functions);
    }
    if (method === 'POST' && area === 'functions' && name !== undefined) {
      const fn = options.table.byName.get(name.toLowerCase());
      if (!fn) return answerEmpty(response, 404);
      const input = readInput(await readBody(request));
      if (input === null) return answerJson(response, 400, 'The body must be JSON such as {"input": "text"}.');
      options.run(fn, input);
      return answerEmpty(response, 202);
    }
    if (method === 'POST' && area === 'queues' && name !== undefined && rest === 'messages') {
      await options.enqueue(name, (await readBody(request)).toString('utf8'));
      return answerEmpty(response, 202);
    }
    answerEmpty(response, 404);
  };
}

/** @returns null for a body that is not understood */
function readInput(body: Buffer): string | undefined | null {
  if (body.length === 0) return undefined;
  try {
    const input = (JSON.parse(body.toString('utf8')) as { input?: unknown } | null)?.input;
    return input === undefined || typeof input === 'string' ? input : JSON.stringify(input);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
