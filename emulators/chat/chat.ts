/**
 * Stands in for Azure OpenAI: the Responses API and chat completions, streamed at a scripted pace, so that the words of a
 * call and the moment each of them arrives are the same in every test.
 */
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { basename } from 'node:path';
import { closeServer, listenOnLoopback, refuseProduction } from '../loopback.ts';
import { serveAdmin } from './admin.ts';
import { ApiError } from './api-error.ts';
import { createBrain } from './brain.ts';
import { createFaults, type Faults } from './faults.ts';
import { sendJson } from './http.ts';
import { createRequestLog, type RequestRecord } from './request-log.ts';
import { modelsAnswer, refuseStranger, routeOf, unknownModel } from './routes.ts';
import type { Rule } from './rule.ts';
import { parseRules, parseScript } from './script.ts';
import { type Desk, serveModel } from './serve.ts';
import { createPromptCache } from './tokens.ts';

export { ScriptError } from './script.ts';
export type { Faults, RequestRecord, Rule };

export type ChatOptions = {
  /** @default 0, any free port */
  port?: number;
  /** What `api-key` or the bearer must be. @default 'local' */
  key?: string;
  /** Takes any bearer token, for clients that sign in with an identity. @default false */
  anyBearer?: boolean;
  /** Path of a YAML script, or of several, asked in this order. */
  script?: string | readonly string[];
  /** Rules in code; they come before those of the script. */
  rules?: Rule[];
  /** Models that exist; others are answered with 404. @default any */
  models?: string[];
  /** Decides ids, how answers are cut into deltas, and jitter. @default 1 */
  seed?: number;
  /** From the request to the first delta where a rule does not say, ms. @default 60 */
  ttftMs?: number;
  /** Between deltas where a rule does not say, ms. @default 12 */
  gapMs?: number;
  log?: (line: string) => void;
};

export type Chat = {
  /** `http://127.0.0.1:<port>`; the client's base URL is this and `/openai/v1/`. */
  url: string;
  port: number;
  key: string;
  /** What has been asked so far, oldest first; the last 1,000. A record changes while its request is answered. */
  readonly requests: readonly RequestRecord[];
  /** Resolves when no request is being answered. */
  idle(): Promise<void>;
  /** Replaces all rules by those of a YAML text, or by rules in code. Throws `ScriptError`, and then nothing changes. */
  setScript(script: string | Rule[]): void;
  /** Orders trouble for the next requests. */
  setFaults(faults: Faults): void;
  /** Forgets requests, faults, cached prompts and used-up rules, and goes back to the script of the start. */
  reset(): void;
  close(): Promise<void>;
};

/** What the list of models shows when any name is taken. */
const someModels = ['gpt-4.1-mini'];

/** Starts the stand-in on 127.0.0.1. */
export async function startChat(options: ChatOptions = {}): Promise<Chat> {
  refuseProduction('chat');
  const { key = 'local', seed = 1, ttftMs = 60, gapMs = 12, log = () => undefined } = options;
  const paths = [options.script ?? []].flat();
  const files = await Promise.all(paths.map(path => readFile(path, 'utf8')));
  const scripted = files.flatMap((text, at) => parseScript(text, basename(paths[at] ?? 'script')));
  const first = [...parseRules(options.rules ?? []), ...scripted];
  const file = files.join('\n');

  let script = file;
  const brain = createBrain({ rules: first, seed, pace: { ttftMs, gapMs }, log });
  const faults = createFaults();
  const requests = createRequestLog();
  const cache = createPromptCache();
  const setScript = (next: string | Rule[]) => {
    brain.setRules(typeof next === 'string' ? parseScript(next, 'script') : parseRules(next));
    script = typeof next === 'string' ? next : '';
  };
  const reset = () => {
    brain.setRules(first);
    brain.reset();
    script = file;
    faults.clear();
    requests.clear();
    cache.clear();
  };
  const desk: Desk = {
    brain,
    faults,
    requests,
    cache,
    log,
    authenticate: req => refuseStranger(req, key, options.anyBearer ?? false),
    admitModel: model => {
      if (options.models && !options.models.includes(model)) throw unknownModel();
    },
  };
  const admin = {
    requests: requests.all,
    script: () => script,
    setScript,
    faults: faults.left,
    setFaults: faults.set,
    reset,
  };

  const answer = async (req: IncomingMessage, res: ServerResponse) => {
    const url = new URL(req.url ?? '/', 'http://127.0.0.1');
    if (await serveAdmin(admin, req, res, url.pathname)) return;
    const route = routeOf(req.method ?? '', url);
    if ('api' in route) return serveModel(desk, route, req, res);
    desk.authenticate(req);
    sendJson(res, 200, modelsAnswer(route, options.models ?? someModels));
  };
  const server = createServer({ noDelay: true, keepAliveTimeout: 60_000 }, (req, res) => {
    answer(req, res).catch((error: unknown) => {
      const told =
        error instanceof ApiError ? error : new ApiError(500, `The stand-in failed: ${(error as Error).stack}`);
      if (!res.headersSent) sendJson(res, told.status, told.body());
    });
  });
  const port = await listenOnLoopback(server, options.port ?? 0);
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    key,
    get requests() {
      return requests.all();
    },
    idle: requests.idle,
    setScript,
    setFaults: faults.set,
    reset,
    close: () => closeServer(server),
  };
}
