import { randomUUID } from 'node:crypto';
import { partitionKeyRanges } from './account.ts';
import type { KeyDefinition } from './partition-key.ts';
import { answerQuery, parseSpec } from './query-feed.ts';
import { badRequest, conflict, notFound, ServiceError } from './service-error.ts';
import { isObject } from './sql/values.ts';
import type { DatabaseResource } from './store/change.ts';
import type { ContainerResource } from './store/container.ts';
import { containerRid, databaseRid } from './store/resource-id.ts';
import type { Store } from './store/store.ts';
import { type Call, isTrue, json, type Reply } from './wire.ts';

/** Databases, containers, key ranges and offers: everything but documents. Container throughput is kept, not enforced. */
export class ResourcesApi {
  readonly #store: Store;
  readonly #clock: () => number;

  readonly #sweep: () => void;

  /** @param sweep removes what is expired by the settings so far, before they change. */
  constructor(store: Store, clock: () => number, sweep: () => void) {
    this.#store = store;
    this.#clock = clock;
    this.#sweep = sweep;
  }

  databases(call: Call): Reply {
    if (call.method === 'GET' || isTrue(call.header('x-ms-documentdb-isquery'))) {
      return this.#list(
        call,
        'Databases',
        [...this.#store.databases.values()].map(({ resource }) => resource),
      );
    }
    requireMethod(call, 'POST');
    const id = requireName(call.body);
    if (this.#store.databases.has(id)) throw conflict();
    const rid = databaseRid(this.#store.nextDatabase);
    const resource: DatabaseResource = { id, ...this.#stamp(rid, `dbs/${rid}/`), _colls: 'colls/', _users: 'users/' };
    this.#store.commit([{ op: 'database', resource }]);
    return json(201, resource);
  }

  database(call: Call, id: string): Reply {
    const { resource } = this.#store.database(id);
    if (call.method === 'GET') return json(200, resource);
    requireMethod(call, 'DELETE');
    this.#store.commit([{ op: 'drop-database', id }]);
    return { status: 204 };
  }

  containers(call: Call, databaseId: string): Reply {
    const database = this.#store.database(databaseId);
    if (call.method === 'GET' || isTrue(call.header('x-ms-documentdb-isquery'))) {
      const resources = [...database.containers.values()].map(({ resource }) => visible(resource));
      return this.#list(call, 'DocumentCollections', resources);
    }
    requireMethod(call, 'POST');
    const id = requireName(call.body);
    if (database.containers.has(id)) throw conflict();
    const rid = containerRid(database.resource._rid, database.nextContainer);
    const link = `${database.resource._self}colls/${rid}/`;
    const resource = this.#settings(call, { ...this.#stamp(rid, link), ...CONTAINER_LINKS });
    this.#store.commit([{ op: 'container', database: databaseId, resource }]);
    return json(201, visible(resource));
  }

  container(call: Call, databaseId: string, id: string): Reply {
    const container = this.#store.container(databaseId, id);
    const { resource } = container;
    if (call.method === 'GET') return json(200, visible(resource), { headers: etagHeader(resource) });
    if (call.method === 'DELETE') {
      this.#store.commit([{ op: 'drop-container', database: databaseId, id }]);
      return { status: 204 };
    }
    requireMethod(call, 'PUT');
    if (requireName(call.body) !== id) throw badRequest('The id of a container cannot be changed.');
    const { _rid, _self, [THROUGHPUT]: throughput } = resource;
    const next = this.#settings(call, { ...this.#stamp(_rid, _self), ...CONTAINER_LINKS });
    if (JSON.stringify(next.partitionKey.paths) !== JSON.stringify(resource.partitionKey.paths)) {
      throw badRequest('The partition key of a container cannot be changed. Create another container.');
    }
    this.#sweep();
    if (throughput !== undefined) next[THROUGHPUT] = throughput;
    this.#store.commit([{ op: 'container', database: databaseId, resource: next }]);
    return json(200, visible(next), { headers: etagHeader(next) });
  }

  keyRanges(databaseId: string, id: string): Reply {
    const { resource } = this.#store.container(databaseId, id);
    return json(200, partitionKeyRanges(resource._rid), { headers: { etag: '"0"' } });
  }

  offers(call: Call): Reply {
    return this.#list(
      call,
      'Offers',
      this.#allOffers().map(({ offer }) => offer),
    );
  }

  offer(call: Call, id: string): Reply {
    const found = this.#allOffers().find(({ offer }) => offer.id.toLowerCase() === id.toLowerCase());
    if (!found) throw notFound();
    if (call.method === 'GET') return json(200, found.offer);
    requireMethod(call, 'PUT');
    if (!isObject(call.body) || !isObject(call.body['content'])) throw badRequest('An offer needs content.');
    const resource = { ...found.resource, [THROUGHPUT]: call.body['content'] };
    this.#store.commit([{ op: 'container', database: found.database, resource }]);
    return json(200, { ...found.offer, content: call.body['content'] });
  }

  #allOffers() {
    return [...this.#store.databases.values()].flatMap(database =>
      [...database.containers.values()].flatMap(({ resource }) => {
        const content = resource[THROUGHPUT];
        if (content === undefined) return [];
        const id = resource._rid
          .replaceAll(/[^A-Za-z0-9]/g, '')
          .slice(-6)
          .padStart(4, '0');
        const offer = {
          id,
          _rid: id,
          _self: `offers/${id}/`,
          _etag: resource._etag,
          _ts: resource._ts,
          offerVersion: 'V2',
          resource: resource._self,
          offerResourceId: resource._rid,
          content,
        };
        return [{ database: database.resource.id, resource, offer }];
      }),
    );
  }

  #list(call: Call, name: string, resources: object[]): Reply {
    const spec = call.method === 'GET' ? { query: 'SELECT * FROM root' } : parseSpec(call.body);
    const { rows, continuation } = answerQuery(
      {
        spec,
        policy: undefined,
        maxItems: call.header('x-ms-max-item-count'),
        continuation: call.header('x-ms-continuation'),
        nowMs: this.#clock(),
      },
      () => each => void resources.every((resource, index) => each(resource, index)),
    );
    const headers: Record<string, string> = { 'x-ms-item-count': String(rows.length) };
    if (continuation !== undefined) headers['x-ms-continuation'] = continuation;
    return { status: 200, body: `{"_rid":"","${name}":[${rows.join()}],"_count":${rows.length}}`, headers };
  }

  #stamp(rid: string, link: string) {
    return { _rid: rid, _self: link, _etag: `"${randomUUID()}"`, _ts: Math.floor(this.#clock() / 1000) };
  }

  #settings(call: Call, stamp: Record<string, unknown>): ContainerResource {
    const body = call.body as Record<string, unknown>;
    const { _rid, _self, _etag, _ts, _docs, _sprocs, _triggers, _udfs, _conflicts, ...own } = body;
    const settings = { ...own, indexingPolicy: indexingPolicy(own['indexingPolicy']) };
    requireKeyDefinition(own['partitionKey']);
    requireDefaultTtl(own, settings.indexingPolicy);
    if (own['defaultTtl'] === null) delete (settings as Record<string, unknown>)['defaultTtl'];
    const throughput = throughputOf(call);
    return { ...settings, ...stamp, ...(throughput && { [THROUGHPUT]: throughput }) } as unknown as ContainerResource;
  }
}

/** Where a container's throughput is kept; offers show it, the container itself does not. */
const THROUGHPUT = '#throughput';

const CONTAINER_LINKS = {
  _docs: 'docs/',
  _sprocs: 'sprocs/',
  _triggers: 'triggers/',
  _udfs: 'udfs/',
  _conflicts: 'conflicts/',
};

function visible({ [THROUGHPUT]: _, ...resource }: ContainerResource): object {
  return resource;
}

function etagHeader(resource: ContainerResource): Record<string, string> {
  return { etag: resource._etag };
}

function requireMethod(call: Call, method: string): void {
  if (call.method !== method) throw new ServiceError(405, `${call.method} is not known here.`);
}

function requireName(body: unknown): string {
  const id = isObject(body) ? body['id'] : undefined;
  if (typeof id !== 'string' || id === '' || id.length > 255 || /[/\\?#]/.test(id)) {
    throw badRequest('The id must be 1 to 255 characters without / \\ ? #.');
  }
  return id;
}

function indexingPolicy(given: unknown): Record<string, unknown> {
  const policy = isObject(given) ? given : {};
  return {
    indexingMode: 'consistent',
    automatic: true,
    includedPaths: [{ path: '/*' }],
    excludedPaths: [{ path: '/"_etag"/?' }],
    ...policy,
  };
}

function requireKeyDefinition(given: unknown): void {
  const definition = (isObject(given) ? given : {}) as Partial<KeyDefinition>;
  const { paths, kind = 'Hash' } = definition;
  if (!Array.isArray(paths) || paths.length === 0 || !paths.every(path => /^\/[^/]/.test(String(path)))) {
    throw badRequest('The partition key definition needs paths such as "/pk".');
  }
  if (paths.length > 3 || (paths.length > 1 && kind !== 'MultiHash')) {
    throw badRequest('A hierarchical partition key has kind MultiHash and at most 3 paths.');
  }
}

/** Time to live works through the index, so the two exclude each other: indexing policy documentation. */
function requireDefaultTtl({ defaultTtl }: Record<string, unknown>, policy: Record<string, unknown>): void {
  if (defaultTtl === undefined || defaultTtl === null) return;
  if (defaultTtl !== -1 && !(Number.isInteger(defaultTtl) && (defaultTtl as number) > 0)) {
    throw badRequest('defaultTtl must be a positive number of seconds, or -1.');
  }
  if (String(policy['indexingMode']).toLowerCase() === 'none') {
    throw badRequest('defaultTtl needs an indexing mode other than none.');
  }
}

function throughputOf(call: Call): object | undefined {
  const fixed = call.header('x-ms-offer-throughput');
  if (fixed !== undefined) return { offerThroughput: Number(fixed) };
  const autoscale = call.header('x-ms-cosmos-offer-autopilot-settings');
  if (autoscale === undefined) return undefined;
  const maxThroughput = Number(/"maxThroughput":\s*(\d+)/.exec(autoscale)?.[1]);
  if (Number.isNaN(maxThroughput)) throw badRequest(`'${autoscale}' names no maxThroughput.`);
  return { offerThroughput: maxThroughput / 10, offerAutopilotSettings: { maxThroughput } };
}
