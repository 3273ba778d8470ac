import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { type ManagementApi, serveManagement } from '../durable/management-api.ts';
import type { FunctionTable } from '../function-table.ts';
import type { Invoker } from '../invocation.ts';
import type { Log } from '../log.ts';
import { serveEventGrid } from '../triggers/event-grid.ts';
import { answerEmpty, BodyTooLarge, type Exchange, exchange, pathParts, readBody } from './exchange.ts';
import { isMaster, type Keys, opensExtension, opensFunction, presentedKey } from './keys.ts';
import { toRpcRequest } from './request.ts';
import { writeRpcResponse } from './response.ts';
import { findHttpFunction, type HttpFunction } from './router.ts';
import { forward, streamMetadata } from './stream-proxy.ts';

/*
 * The host's public port: extension webhooks and admin routes by path, everything else by the app's routes. Keys are
 * checked here, before anything is read from the body.
 */

export interface FrontDoorOptions {
  routes: readonly HttpFunction[];
  table: FunctionTable;
  keys: Keys;
  invoker: Invoker;
  management: ManagementApi;
  /** Serves /admin/… for the holder of the master key. */
  admin: (exchange: Exchange, parts: string[]) => Promise<void>;
  /** Set when the app streams HTTP. */
  streamTo: string | undefined;
  log: Log;
}

const webhooks = ['runtime', 'webhooks'];

export class FrontDoor {
  #options: FrontDoorOptions;
  #closing = false;
  #unanswered = new Set<Promise<void>>();

  constructor(options: FrontDoorOptions) {
    this.#options = options;
  }

  /** From now on every request is answered 503. */
  close(): void {
    this.#closing = true;
  }

  /** Resolves when all answers are written. */
  async answered(): Promise<void> {
    await Promise.all(this.#unanswered);
  }

  readonly serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const written = new Promise<void>(resolve => response.once('close', resolve));
    this.#unanswered.add(written);
    void written.then(() => this.#unanswered.delete(written));
    try {
      if (this.#closing) {
        response.setHeader('connection', 'close');
        answerEmpty(response, 503);
        return;
      }
      await this.#route(exchange(request, response));
    } catch (error) {
      this.#fail(error, response);
    }
  };

  async #route(exchanged: Exchange): Promise<void> {
    const { keys, management, admin, table, invoker } = this.#options;
    const { response } = exchanged;
    const parts = pathParts(exchanged.path);
    const presented = presentedKey(exchanged);
    if (parts[0]?.toLowerCase() === 'admin') {
      if (!isMaster(keys, presented)) return answerEmpty(response, 401);
      return admin(exchanged, parts.slice(1));
    }
    if (webhooks.every((part, index) => parts[index]?.toLowerCase() === part)) {
      const extension = parts[2]?.toLowerCase();
      if (extension === 'durabletask') {
        if (!opensExtension(keys, 'durabletask_extension', presented)) return answerEmpty(response, 401);
        return serveManagement(management, exchanged, parts.slice(3));
      }
      if (extension === 'eventgrid') {
        if (!opensExtension(keys, 'eventgrid_extension', presented)) return answerEmpty(response, 401);
        return serveEventGrid(exchanged, table.of('eventgridtrigger'), invoker);
      }
      return answerEmpty(response, 404);
    }
    await this.#callFunction(exchanged, presented);
  }

  async #callFunction(exchanged: Exchange, presented: string | undefined): Promise<void> {
    const { routes, keys, table, streamTo } = this.#options;
    const { response, method, path } = exchanged;
    const found = findHttpFunction(routes, method, path);
    if (!found) return answerEmpty(response, 404);
    const { http, params } = found;
    const { name } = http.fn.metadata;
    if (table.disabled.has(name) && !isMaster(keys, presented)) return answerEmpty(response, 404);
    if (!opensFunction(keys, http.authLevel, name, presented)) return answerEmpty(response, 401);
    if (streamTo === undefined) await this.#buffered(exchanged, http, params);
    else await this.#streamed(exchanged, http, params, streamTo);
  }

  async #buffered(exchanged: Exchange, { fn }: HttpFunction, params: Record<string, string>): Promise<void> {
    const { response, request } = exchanged;
    const body = await readBody(request);
    const result = await this.#options.invoker.invoke(fn, { trigger: toRpcRequest(exchanged, params, body) });
    if (!result.ok) {
      this.#logFailure(fn.metadata.name, result.error);
      answerEmpty(response, 500);
      return;
    }
    writeRpcResponse(response, result.returnValue);
  }

  async #streamed(
    exchanged: Exchange,
    { fn }: HttpFunction,
    params: Record<string, string>,
    target: string,
  ): Promise<void> {
    const invocationId = randomUUID();
    const invocation = this.#options.invoker.invoke(fn, {
      invocationId,
      trigger: { http: {} },
      triggerMetadata: streamMetadata(exchanged, params),
    });
    const ended = invocation.then(result => {
      if (!result.ok) this.#logFailure(fn.metadata.name, result.error);
      return result.ok;
    });
    await forward(exchanged, target, invocationId, ended);
  }

  #logFailure(functionName: string, error: Error): void {
    this.#options.log({ level: 'error', category: 'host', functionName, message: error.stack ?? error.message });
  }

  #fail(error: unknown, response: ServerResponse): void {
    const tooLarge = error instanceof BodyTooLarge;
    if (!tooLarge) {
      this.#options.log({ level: 'error', category: 'host', message: String((error as Error).stack ?? error) });
    }
    if (response.headersSent) response.destroy();
    else answerEmpty(response, tooLarge ? 413 : 500);
  }
}
