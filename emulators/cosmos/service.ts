import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { accountResource } from './account.ts';
import type { Charge } from './charge.ts';
import { documentRoute, documentsRoute, kindOfDocumentCall } from './documents-api.ts';
import type { FaultSwitches, Faults } from './faults.ts';
import { readBody } from './read-body.ts';
import { ResourcesApi } from './resources-api.ts';
import { notFound } from './service-error.ts';
import { requireSignature } from './signature.ts';
import { isObject } from './sql/values.ts';
import type { Container } from './store/container.ts';
import type { Store } from './store/store.ts';
import { Sweep } from './store/sweep.ts';
import { type Call, errorReply, json, type Reply } from './wire.ts';

/** Counters since start or reset, also at `GET /emulator/stats`. Charges are request units. */
export type CosmosStats = {
  requests: number;
  errors: number;
  requestUnits: number;
  documents: number;
  containers: number;
  journalBytes: number;
  faults: FaultSwitches;
};

type Parts = {
  store: Store;
  key: string;
  clock: () => number;
  charge: Charge;
  faults: Faults;
  log: (line: string) => void;
};

/** Reads a request, checks it, sends it to its route and writes the answer. */
export class CosmosService {
  url = '';
  readonly faults: Faults;
  readonly #parts: Parts;
  readonly #key: Buffer;
  readonly #resources: ResourcesApi;
  readonly #sweep: Sweep;
  readonly #closing = new AbortController();
  #requests = 0;
  #errors = 0;
  #requestUnits = 0;

  constructor(parts: Parts) {
    this.#parts = parts;
    this.faults = parts.faults;
    this.#key = Buffer.from(parts.key, 'base64');
    this.#sweep = new Sweep(parts.store);
    this.#resources = new ResourcesApi(parts.store, parts.clock, () => this.#sweep.run(parts.clock()));
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '/').split('?')[0]!;
    const isAdmin = path.startsWith('/emulator/');
    if (this.faults.down && !isAdmin) {
      request.socket.destroy();
      return;
    }
    let reply: Reply;
    let body: unknown;
    try {
      body = await readBody(request);
      if (this.faults.latencyMs > 0 && !isAdmin)
        await wait(this.faults.latencyMs, undefined, { signal: this.#closing.signal });
      reply = isAdmin ? this.#admin(request.method ?? '', path, body) : this.#answer(request, path, body, response);
    } catch (error) {
      // The client went away, or the stand-in closes: nobody is there to answer.
      if (!request.complete || this.#closing.signal.aborted) return;
      reply = errorReply(error, isObject(body) && typeof body['query'] === 'string' ? body['query'] : undefined);
      if (reply.status === 500) this.#parts.log(`cosmos: ${error instanceof Error ? error.stack : String(error)}`);
    }
    if (!isAdmin) this.#count(reply);
    writeReply(response, reply);
  }

  /** Lets go of requests that are being held back. */
  stop(): void {
    this.#closing.abort();
  }

  stats(): CosmosStats {
    const containers = [...this.#parts.store.databases.values()].flatMap(({ containers }) => [...containers.values()]);
    return {
      requests: this.#requests,
      errors: this.#errors,
      requestUnits: Math.round(this.#requestUnits * 100) / 100,
      documents: containers.reduce((sum, container) => sum + container.size, 0),
      containers: containers.length,
      journalBytes: this.#parts.store.journalBytes,
      faults: this.faults.pending,
    };
  }

  reset(): void {
    this.#parts.store.reset();
    this.faults.set({});
    this.#requests = this.#errors = this.#requestUnits = 0;
  }

  #count(reply: Reply): void {
    this.#requests++;
    if (reply.status >= 400) this.#errors++;
    this.#requestUnits += reply.charge ?? 0;
  }

  #admin(method: string, path: string, body: unknown): Reply {
    if (method === 'GET' && path === '/emulator/stats') return json(200, this.stats());
    if (method === 'PUT' && path === '/emulator/faults') this.faults.set(isObject(body) ? body : {});
    else if (method === 'POST' && path === '/emulator/reset') this.reset();
    else if (method !== 'GET' || path !== '/emulator/faults') throw notFound();
    return json(200, this.faults.pending);
  }

  #answer(request: IncomingMessage, path: string, body: unknown, response: ServerResponse): Reply {
    const { headers, method = 'GET' } = request;
    const header = (name: string): string | undefined => {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    requireSignature(
      { verb: method, path, date: header('x-ms-date'), authorization: header('authorization') },
      this.#key,
    );
    const segments = path.split('/').filter(Boolean).map(decodeSegment);
    return this.#route({ method, segments, header, body }, response);
  }

  #route(call: Call, response: ServerResponse): Reply {
    const [first, databaseId = '', colls, containerId = '', kind, documentId = '', ...rest] = call.segments;
    const depth = call.segments.length;
    if (depth === 0) return json(200, accountResource(this.url));
    if (first === 'offers' && depth <= 2) {
      return depth === 1 ? this.#resources.offers(call) : this.#resources.offer(call, databaseId);
    }
    if (first !== 'dbs' || rest.length > 0 || (depth > 2 && colls !== 'colls')) throw notFound();
    if (depth === 1) return this.#resources.databases(call);
    if (depth === 2) return this.#resources.database(call, databaseId);
    if (depth === 3) return this.#resources.containers(call, databaseId);
    if (depth === 4) return this.#resources.container(call, databaseId, containerId);
    if (kind === 'pkranges' && depth === 5) return this.#resources.keyRanges(databaseId, containerId);
    if (kind !== 'docs') throw notFound();
    const container = this.#parts.store.container(databaseId, containerId);
    try {
      return this.#documents(call, container, depth === 6 ? documentId : undefined);
    } finally {
      sessionHeaders(response, container, `dbs/${databaseId}/colls/${containerId}`);
    }
  }

  #documents(call: Call, container: Container, id: string | undefined): Reply {
    const { store, clock, charge } = this.#parts;
    const aimed = kindOfDocumentCall(call);
    if (aimed) this.faults.strike(aimed);
    this.#sweep.runIfDue(clock());
    const context = { clock, charge, commit: store.commit.bind(store) };
    return id === undefined ? documentsRoute(call, container, context) : documentRoute(call, id, container, context);
  }
}

/** The SDK keeps session tokens per container; it learns name and rid of it from the two content paths. */
function sessionHeaders(response: ServerResponse, { lsn, resource }: Container, link: string): void {
  response.setHeader('x-ms-session-token', `0:-1#${lsn}`);
  response.setHeader('x-ms-alt-content-path', encodeURI(link));
  response.setHeader('x-ms-content-path', resource._rid);
  response.setHeader('lsn', lsn);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function writeReply(response: ServerResponse, { status, body, headers = {}, charge = 1 }: Reply): void {
  response.setHeader('x-ms-request-charge', String(charge));
  response.setHeader('x-ms-version', '2020-07-15');
  if (headers['x-ms-activity-id'] === undefined) response.setHeader('x-ms-activity-id', crypto.randomUUID());
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  if (body === undefined) {
    response.writeHead(status).end();
    return;
  }
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
