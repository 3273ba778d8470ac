/** Takes one model request from arrival to its last byte, and keeps its record. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiError, scriptedError } from './api-error.ts';
import type { Asked } from './asked.ts';
import type { Brain, Decision } from './brain.ts';
import { readCompletions } from './completions-body.ts';
import { completionsFrames, completionsObject } from './completions-wire.ts';
import type { FaultQueue } from './faults.ts';
import type { Frame } from './frame.ts';
import { readJson, sendJson } from './http.ts';
import { type Patience, patienceWith } from './patience.ts';
import { pourFrames } from './pour.ts';
import { describe, type RequestLog, type RequestRecord, summaryOf } from './request-log.ts';
import { type ResponsesBody, readResponses } from './responses-body.ts';
import { responsesFrames, responsesObject } from './responses-wire.ts';
import { hex } from './seeded-id.ts';
import { type PromptCache, tokensOf, type Usage } from './tokens.ts';
import type { Trouble } from './trouble.ts';

export type Desk = {
  brain: Brain;
  faults: FaultQueue;
  requests: RequestLog;
  cache: PromptCache;
  /** Throws the service's 401. */
  authenticate: (req: IncomingMessage) => void;
  /** Throws the service's 404. */
  admitModel: (model: string) => void;
  log: (line: string) => void;
};

/** `deployment` is the model when the address names it. */
export type ModelRoute = { api: 'responses' | 'chat'; deployment?: string };

type Exchange = {
  res: ServerResponse;
  record: RequestRecord;
  /** On the clock of `performance.now()`. */
  startedMs: number;
  patience: Patience;
  /** Destroys the socket, as a crashing service would. */
  kill: () => void;
};

/** Answers one request; never rejects. */
export async function serveModel(desk: Desk, route: ModelRoute, req: IncomingMessage, res: ServerResponse) {
  const startedMs = performance.now();
  const record = desk.requests.open(req.url ?? '');
  const kill = () => {
    record.outcome = 'killed';
    res.destroy();
  };
  res.once('close', () => {
    record.status = res.headersSent ? res.statusCode : 0;
    record.endedAfterMs = Math.round(performance.now() - startedMs);
    if (record.outcome === 'open') record.outcome = res.writableFinished ? 'completed' : 'aborted';
    if (record.outcome === 'aborted') record.abortedAfterMs = record.endedAfterMs;
    desk.log(summaryOf(record));
    desk.requests.closed();
  });
  res.setHeader('x-request-id', hex(32, 'request', record.number));
  try {
    await answer(desk, route, req, { res, record, startedMs, patience: patienceWith(res), kill });
  } catch (error) {
    if (res.destroyed) return;
    const told =
      error instanceof ApiError ? error : new ApiError(500, `The stand-in failed: ${(error as Error).stack}`);
    record.error = told.message;
    if (res.headersSent) return kill();
    record.outcome = 'refused';
    sendJson(res, told.status, told.body(), told.headers);
  }
}

async function answer(desk: Desk, route: ModelRoute, req: IncomingMessage, exchange: Exchange): Promise<void> {
  const { record } = exchange;
  desk.authenticate(req);
  const raw = await readJson(req);
  const { asked, body } =
    route.api === 'responses' ? readResponses(raw) : { asked: readCompletions(raw, route.deployment), body: undefined };
  describe(record, asked);
  desk.admitModel(asked.model);

  const fault = desk.faults.take(asked.api);
  if (fault) record.fault = fault;
  // A request that never reaches the model uses up no rule.
  if (fault && (await endsBeforeHeaders(fault, exchange))) return;
  const decision = desk.brain.decide(asked, fault);
  record.rule = decision.rule;
  if (await endsBeforeHeaders(decision.trouble, exchange)) return;

  // Tools stand before everything else in a prompt: changing them makes its cached beginning useless.
  const prompt = `${JSON.stringify(asked.offered)}\n${asked.prompt}`;
  const usage = {
    inputTokens: tokensOf(prompt),
    cachedTokens: desk.cache.cachedTokens(asked.promptCacheKey, prompt),
    outputTokens: decision.answer.outputTokens,
  };
  const wire = wireOf(asked, body, decision, usage);
  await (asked.stream ? stream(wire.frames(), decision, exchange) : send(wire.object, decision, exchange));
  if (exchange.res.writableEnded) record.usage = usage;
}

function wireOf(asked: Asked, body: ResponsesBody | undefined, { answer }: Decision, usage: Usage) {
  const createdAt = Math.floor(Date.now() / 1000);
  if (body) {
    const of = { answer, body, usage, createdAt };
    return { frames: () => responsesFrames(of), object: () => responsesObject(of) };
  }
  const of = { answer, usage, createdAt, model: asked.model, includeUsage: asked.includeUsage };
  return {
    frames: () => completionsFrames(of),
    object: () => {
      if (answer.fail) throw scriptedError({ status: 500, code: answer.fail.code, message: answer.fail.message });
      return completionsObject(of);
    },
  };
}

async function endsBeforeHeaders(trouble: Trouble, { patience, kill }: Exchange): Promise<boolean> {
  if (trouble.error) throw scriptedError(trouble.error);
  if (trouble.hang === 'before-headers') await patience.forEver();
  if (trouble.kill === 'before-headers') kill();
  return trouble.hang === 'before-headers' || trouble.kill === 'before-headers';
}

async function stream(frames: Iterable<Frame>, { answer, afterMs, trouble }: Decision, exchange: Exchange) {
  const { res, record, startedMs, patience, kill } = exchange;
  res.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  res.flushHeaders();
  await pourFrames(frames, {
    res,
    patience,
    trouble,
    kill,
    dueMs: afterMs.map(after => startedMs + after),
    sent: slot => {
      record.firstDeltaMs ??= Math.round(performance.now() - startedMs);
      record.deltasSent += 1;
      record.sent += answer.pieces[slot]?.delta ?? '';
    },
  });
}

/** Without streaming the caller waits for the last word before it gets the first. */
async function send(object: () => unknown, { afterMs, trouble, answer }: Decision, exchange: Exchange): Promise<void> {
  const { res, record, startedMs, patience, kill } = exchange;
  if (!(await patience.until(startedMs + (afterMs.at(-1) ?? 0)))) return;
  const body = JSON.stringify(object());
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) };
  if (trouble.hang || trouble.kill) {
    res.writeHead(200, headers).flushHeaders();
    return trouble.kill ? kill() : void (await patience.forEver());
  }
  record.sent = answer.pieces.map(piece => piece.delta).join('');
  if (trouble.garbage) return void res.writeHead(200, { 'content-type': 'application/json' }).end('{"id": <<<');
  res.writeHead(200, headers).end(body);
}
