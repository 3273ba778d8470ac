/** Which addresses the stand-in serves, old and new, and who may use them. */
import type { IncomingMessage } from 'node:http';
import { ApiError } from './api-error.ts';
import type { ModelRoute } from './serve.ts';

/** The list of models, or one of them. */
export type ModelsRoute = { model: string | undefined };

/** Finds what an address asks for, or throws the service's 404 or 405. */
export function routeOf(method: string, url: URL): ModelRoute | ModelsRoute {
  const path = url.pathname.replace(/\/$/, '');
  const v1 = /^\/openai\/v1\/(.+)$/.exec(path)?.[1];
  const dated = v1 === undefined ? /^\/openai\/(.+)$/.exec(path)?.[1] : undefined;
  const wanted = v1 ?? dated ?? '';
  const deployed = /^deployments\/([^/]+)\/chat\/completions$/.exec(wanted)?.[1];
  const found: ModelRoute | ModelsRoute | undefined =
    wanted === 'responses'
      ? { api: 'responses' }
      : v1 === 'chat/completions'
        ? { api: 'chat' }
        : dated !== undefined && deployed
          ? { api: 'chat', deployment: decodeURIComponent(deployed) }
          : /^models(\/|$)/.test(wanted)
            ? { model: wanted.split('/')[1] }
            : undefined;
  if (!found) throw new ApiError(404, `Resource not found: ${url.pathname}.`, { code: '404' });
  if (dated !== undefined && !url.searchParams.get('api-version')) {
    // The service says only this, without a word on what is missing.
    throw new ApiError(404, 'Resource not found', { code: '404' });
  }
  const allowed = 'api' in found ? 'POST' : 'GET';
  if (method !== allowed) throw new ApiError(405, `${method} is not allowed here; use ${allowed}.`);
  return found;
}

/** @param models the names that exist */
export function modelsAnswer({ model }: ModelsRoute, models: string[]): unknown {
  const all = models.map(id => ({ id, object: 'model', created: 0, owned_by: 'azure' }));
  if (model === undefined) return { object: 'list', data: all };
  const found = all.find(candidate => candidate.id === model);
  if (!found) throw unknownModel();
  return found;
}

export function unknownModel(): ApiError {
  return new ApiError(
    404,
    'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
    { code: 'DeploymentNotFound' },
  );
}

/** Throws the service's 401 unless the request carries `key`, or any bearer where that is enough. */
export function refuseStranger(req: IncomingMessage, key: string, anyBearer: boolean): void {
  const bearer = /^Bearer (.+)$/i.exec(req.headers.authorization ?? '')?.[1];
  if (req.headers['api-key'] === key || bearer === key || (anyBearer && bearer)) return;
  throw new ApiError(
    401,
    'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
    { code: 'invalid_api_key' },
  );
}
