import { answerEmpty, answerJson, type Exchange, readBody } from '../http/exchange.ts';
import {
  ClientError,
  control,
  findInstances,
  type InstanceFilter,
  isUnderway,
  knownInstance,
  purgeInstance,
  purgeInstances,
  raiseEvent,
  restartOrchestration,
  signalEntity,
  startOrchestration,
} from './client.ts';
import { managementUrls } from './client-binding.ts';
import type { Engine } from './engine.ts';
import { shownHistory } from './shown-history.ts';
import { type Instance, isTerminal } from './store.ts';

/*
 * The HTTP face of Durable Functions. It is mounted twice: under /runtime/webhooks/durabletask, where the caller has
 * shown the system key, and on the keyless loopback listener that the library uses from inside the app.
 */

export interface ManagementApi {
  engine: Engine;
  hubName: string;
  /** System key, put into the URLs that are handed out. */
  key: string;
}

type Route = (api: ManagementApi, exchange: Exchange, parts: string[]) => Promise<void> | void;

/** @param parts path segments after the mount point, decoded */
export async function serveManagement(api: ManagementApi, exchange: Exchange, parts: string[]): Promise<void> {
  const { response } = exchange;
  const route = findRoute(exchange.method, parts);
  if (!route) {
    answerEmpty(response, 404);
    return;
  }
  try {
    await route(api, exchange, parts);
  } catch (error) {
    if (!(error instanceof ClientError)) throw error;
    answerJson(response, error.status, { Message: error.message });
  }
}

function findRoute(method: string, parts: string[]): Route | undefined {
  const [area, , third] = parts.map(part => part.toLowerCase());
  const shape = `${method} ${area}/${parts.length - 1}`;
  const routes: Record<string, Route> = {
    'POST orchestrators/1': start,
    'POST orchestrators/2': start,
    'GET instances/0': list,
    'DELETE instances/0': purgeMany,
    'GET instances/1': status,
    'DELETE instances/1': purgeOne,
    'POST instances/2': operate,
    'POST instances/3':
      third === 'raiseevent' ? raise : () => Promise.reject(new ClientError(404, 'Unknown operation.')),
    'GET entities/0': listEntities,
    'GET entities/1': listEntities,
    'GET entities/2': readEntity,
    'POST entities/2': signal,
    'DELETE entities/2': signal,
  };
  return routes[shape];
}

async function start(api: ManagementApi, { request, response, url }: Exchange, parts: string[]): Promise<void> {
  const { engine } = api;
  const instanceId = startOrchestration(engine, {
    name: parts[1]!,
    input: jsonBody(await readBody(request)),
    version: url.searchParams.get('version'),
    ...(parts[2] ? { instanceId: parts[2] } : {}),
  });
  const timeout = Number(url.searchParams.get('timeout') ?? 0);
  if (timeout > 0) {
    const ended = await engine.ended(instanceId, timeout * 1000);
    if (ended?.status === 'Completed') return answerJson(response, 200, json(ended.output));
    if (ended && isTerminal(ended.status))
      return answerJson(response, ended.status === 'Failed' ? 500 : 200, payload(ended));
  }
  answerStarted(api, { response, url }, instanceId);
}

function answerStarted(api: ManagementApi, { response, url }: Pick<Exchange, 'response' | 'url'>, id: string): void {
  const urls = managementUrls({ hubName: api.hubName, origin: publicOrigin(url), key: api.key }, id);
  answerJson(response, 202, urls, { location: urls['statusQueryGetUri']!, 'retry-after': '10' });
}

function status(api: ManagementApi, { response, url }: Exchange, parts: string[]): void {
  const instance = knownInstance(api.engine, parts[1]!);
  const flag = (name: string): boolean => url.searchParams.get(name)?.toLowerCase() === 'true';
  const body = payload(instance, url.searchParams.get('showInput')?.toLowerCase() !== 'false');
  if (flag('showHistory')) {
    body['historyEvents'] = shownHistory(api.engine.store.history(instance.instanceId), flag('showHistoryOutput'));
  }
  if (isUnderway(instance.status)) {
    const urls = managementUrls({ hubName: api.hubName, origin: publicOrigin(url), key: api.key }, instance.instanceId);
    answerJson(response, 202, body, { location: urls['statusQueryGetUri']!, 'retry-after': '5' });
    return;
  }
  const failsLoudly = instance.status === 'Failed' && flag('returnInternalServerErrorOnFailure');
  answerJson(response, failsLoudly ? 500 : 200, body);
}

function list(api: ManagementApi, { request, response, url }: Exchange): void {
  const found = findInstances(api.engine, filterOf(url));
  const token = request.headers['x-ms-continuation-token'];
  const from = typeof token === 'string' && token !== '' ? Number(Buffer.from(token, 'base64').toString()) : 0;
  const top = Number(url.searchParams.get('top') ?? 100);
  const page = found.slice(from, from + top);
  const rest = from + top < found.length;
  const showInput = url.searchParams.get('showInput')?.toLowerCase() !== 'false';
  answerJson(
    response,
    200,
    page.map(instance => payload(instance, showInput)),
    rest ? { 'x-ms-continuation-token': Buffer.from(String(from + top)).toString('base64') } : {},
  );
}

function purgeOne(api: ManagementApi, { response }: Exchange, parts: string[]): void {
  knownInstance(api.engine, parts[1]!);
  purgeInstance(api.engine, parts[1]!);
  answerJson(response, 200, { instancesDeleted: 1 });
}

function purgeMany(api: ManagementApi, { response, url }: Exchange): void {
  if (!url.searchParams.get('createdTimeFrom')) {
    throw new ClientError(
      400,
      'Please provide value for createdTimeFrom, so that a purge without a filter cannot happen by mistake.',
    );
  }
  const count = purgeInstances(api.engine, filterOf(url));
  if (count === 0) throw new ClientError(404, 'No instance matches.');
  answerJson(response, 200, { instancesDeleted: count });
}

async function raise(api: ManagementApi, { request, response }: Exchange, parts: string[]): Promise<void> {
  const text = await readBody(request);
  if (text.length > 0 && !/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new ClientError(400, 'Only application/json request content is supported.');
  }
  await raiseEvent(api.engine, parts[1]!, parts[3]!, jsonBody(text));
  answerEmpty(response, 202);
}

function operate(api: ManagementApi, exchange: Exchange, parts: string[]): void {
  const { response, url } = exchange;
  const [, instanceId, operation] = parts as [string, string, string];
  const reason = url.searchParams.get('reason');
  const name = operation.toLowerCase();
  switch (name) {
    case 'terminate':
    case 'suspend':
    case 'resume':
      control(api.engine, instanceId, name, reason);
      answerEmpty(response, 202);
      return;
    case 'restart': {
      const again = url.searchParams.get('restartWithNewInstanceId')?.toLowerCase() !== 'false';
      answerStarted(api, exchange, restartOrchestration(api.engine, instanceId, again));
      return;
    }
    case 'rewind': {
      const { status } = knownInstance(api.engine, instanceId);
      if (status === 'Completed' || status === 'Terminated') {
        throw new ClientError(410, `Instance '${instanceId}' has ended: it is ${status}.`);
      }
      answerJson(response, 501, 'The local host does not rewind. Restart the instance instead.');
      return;
    }
    default:
      throw new ClientError(404, `Unknown operation "${operation}".`);
  }
}

function readEntity(api: ManagementApi, { response }: Exchange, parts: string[]): void {
  const entity = api.engine.store.entity(entityIdOf(parts));
  if (!entity.present) throw new ClientError(404, `Entity ${entity.entityId} has no state.`);
  answerJson(response, 200, json(entity.state));
}

async function signal(
  api: ManagementApi,
  { request, response, url, method }: Exchange,
  parts: string[],
): Promise<void> {
  const operation = method === 'DELETE' ? 'delete' : (url.searchParams.get('op') ?? '');
  const key = parts[2] === '$' ? '' : parts[2]!;
  signalEntity(api.engine, { name: parts[1]!, key }, operation, jsonBody(await readBody(request)));
  answerEmpty(response, 202);
}

function listEntities(api: ManagementApi, { response, url }: Exchange, parts: string[]): void {
  const prefix = parts[1] ? `@${parts[1].toLowerCase()}@` : '@';
  const fetchState = url.searchParams.get('fetchState')?.toLowerCase() === 'true';
  const rows = api.engine.store
    .entities({
      prefix,
      from: time(url, 'lastOperationTimeFrom', 0),
      to: time(url, 'lastOperationTimeTo', Number.MAX_SAFE_INTEGER),
    })
    .slice(0, Number(url.searchParams.get('top') ?? 100));
  const shown = rows.map(({ entityId, updatedAt, state }) => {
    const split = entityId.indexOf('@', 1);
    return {
      entityId: { name: entityId.slice(1, split), key: entityId.slice(split + 1) },
      lastOperationTime: seconds(updatedAt),
      ...(fetchState ? { state: json(state) } : {}),
    };
  });
  answerJson(response, 200, shown);
}

function payload(instance: Instance, showInput = true): Record<string, unknown> {
  return {
    name: instance.name,
    instanceId: instance.instanceId,
    runtimeStatus: instance.status,
    input: showInput ? json(instance.input) : null,
    customStatus: json(instance.customStatus),
    output: json(instance.output),
    createdTime: seconds(instance.createdAt),
    lastUpdatedTime: seconds(instance.updatedAt),
  };
}

function filterOf(url: URL): InstanceFilter {
  const statuses = url.searchParams.get('runtimeStatus');
  return {
    prefix: url.searchParams.get('instanceIdPrefix') ?? '',
    from: time(url, 'createdTimeFrom', 0),
    to: time(url, 'createdTimeTo', Number.MAX_SAFE_INTEGER),
    ...(statuses ? { statuses: new Set(statuses.split(',').map(status => status.trim())) } : {}),
  };
}

function time(url: URL, name: string, otherwise: number): number {
  const text = url.searchParams.get(name);
  if (!text) return otherwise;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new ClientError(400, `"${name}" is no ISO 8601 time.`);
  return at;
}

/** Origin that the caller used; management URLs point back to where the request came from. */
function publicOrigin(url: URL): string {
  return process.env['WEBSITE_HOSTNAME'] ? `http://${process.env['WEBSITE_HOSTNAME']}` : url.origin;
}

function entityIdOf(parts: string[]): string {
  return `@${parts[1]!.toLowerCase()}@${parts[2] === '$' ? '' : parts[2]}`;
}

/** JSON text as sent, or null for an empty body. */
function jsonBody(body: Buffer): string | null {
  const text = body.toString('utf8').trim();
  if (text === '') return null;
  try {
    JSON.parse(text);
  } catch (error) {
    throw new ClientError(400, `The request body is no JSON: ${(error as Error).message}`);
  }
  return text;
}

function json(text: string | null): unknown {
  return text === null ? null : JSON.parse(text);
}

function seconds(at: number): string {
  return `${new Date(at).toISOString().slice(0, 19)}Z`;
}
