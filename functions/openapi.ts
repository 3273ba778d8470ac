import { z } from 'zod';
import { controlKeyHeader } from '../contracts/media.ts';
import manifest from '../package.json' with { type: 'json' };
import type { About, ApiRoute } from './api-route.ts';

/**
 * The OpenAPI document of the control plane, made from the very table the routes are registered from and the very schemas
 * their bodies are checked by: it cannot say other than what is served.
 */
export type Described = Omit<ApiRoute, 'door'>;

type Json = Record<string, unknown>;

const problemReply = z.object({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
});

/** What any door of a kind may answer. */
const everywhere = {
  key: { 401: { description: 'No key, or a wrong one.' } },
  body: {
    400: { description: 'The body is not JSON, or not as the schema wants it.' },
    413: { description: 'The body is too large.' },
    415: { description: 'The body is not sent as application/json.' },
  },
  query: { 400: { description: 'A parameter is not as its schema wants it.' } },
  away: { 503: { description: 'Something this needs is away. See Retry-After.' } },
};

export function openApi(routes: Readonly<Record<string, Described>>, server: string): Json {
  const schemas: Json = { Problem: schemaOf(problemReply, 'output') };
  const paths: Record<string, Json> = {};
  for (const [name, route] of Object.entries(routes)) {
    for (const [i, path] of route.routes.entries()) {
      if (!path.startsWith('api/v1/')) continue;
      for (const method of route.methods) {
        const id = [name, ...(i === 0 ? [] : [String(i + 1)]), ...(route.methods.length > 1 ? [method] : [])].join('-');
        paths[`/${path}`] = {
          ...paths[`/${path}`],
          [method.toLowerCase()]: operation({ id, name, path, method, alias: i > 0 }, route, schemas),
        };
      }
    }
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Switchboard',
      version: manifest.version,
      description: 'Places calls, and asks things of calls that are up.',
    },
    servers: [{ url: server }],
    paths,
    components: { schemas, securitySchemes },
  };
}

const securitySchemes = {
  functionKey: { type: 'apiKey', in: 'header', name: 'x-functions-key' },
  functionKeyInAddress: { type: 'apiKey', in: 'query', name: 'code' },
  controlKey: { type: 'apiKey', in: 'header', name: controlKeyHeader },
  acsToken: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' },
};

interface Place {
  id: string;
  name: string;
  path: string;
  method: string;
  alias: boolean;
}

function operation({ id, name, path, method, alias }: Place, route: Described, schemas: Json): Json {
  const about: About = route.about ?? {
    summary: name,
    replies: { 200: { description: 'Done.' } },
    ...(method === 'POST' && { body: z.unknown() }),
  };
  const shown = securityOf(route);
  const body = method === 'POST' ? about.body : undefined;
  const replies = {
    ...everywhere.away,
    ...(shown.length > 0 && everywhere.key),
    ...(body && everywhere.body),
    ...(about.query && everywhere.query),
    ...about.replies,
  };
  const own = pascal(name);
  return {
    operationId: id,
    summary: alias ? `An earlier address of ${route.routes[0]}` : about.summary,
    ...(alias && { deprecated: true }),
    security: shown,
    parameters: [
      ...[...path.matchAll(/\{(\w+)\}/g)].map(([, part]) => ({
        name: part,
        in: 'path',
        required: true,
        schema: { type: 'string' },
      })),
      ...queryParameters(about.query),
      ...(about.idempotent ? [idempotencyParameter] : []),
    ],
    ...(body && {
      requestBody: {
        required: !z.safeParse(body, {}).success,
        content: { 'application/json': { schema: named(`${own}Request`, body, 'input', schemas) } },
      },
    }),
    responses: Object.fromEntries(
      Object.entries(replies).map(([status, reply]) => [status, response(Number(status), reply, own, schemas)]),
    ),
  };
}

function securityOf({ authLevel, about }: Described): Json[] {
  if (authLevel === 'function') return [{ functionKey: [] }, { functionKeyInAddress: [] }];
  if (about?.shows === 'control-key') return [{ controlKey: [] }];
  return about?.shows === 'acs-token' ? [{ acsToken: [] }] : [];
}

function response(status: number, reply: About['replies'][number], own: string, schemas: Json): Json {
  const { description, body } = reply;
  if (status >= 400) {
    const schema = { $ref: '#/components/schemas/Problem' };
    return { description, content: { 'application/problem+json': { schema } } };
  }
  if (!body) return { description };
  return { description, content: { 'application/json': { schema: named(`${own}Reply`, body, 'output', schemas) } } };
}

const idempotencyParameter = {
  name: 'Idempotency-Key',
  in: 'header',
  required: false,
  description: 'What is asked again under the same key, within a day, is done once.',
  schema: { type: 'string', pattern: '^[\\w.:-]{8,128}$' },
};

function queryParameters(query: z.ZodObject | undefined): Json[] {
  if (!query) return [];
  const { properties = {}, required = [] } = schemaOf(query, 'input') as { properties?: Json; required?: string[] };
  return Object.entries(properties).map(([name, schema]) => ({
    name,
    in: 'query',
    required: required.includes(name),
    schema,
  }));
}

function named(name: string, schema: z.ZodType, io: 'input' | 'output', schemas: Json): Json {
  schemas[name] = schemaOf(schema, io);
  return { $ref: `#/components/schemas/${name}` };
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, target: 'draft-2020-12' });
  return rest;
}

const pascal = (name: string): string =>
  name
    .split('-')
    .map(part => part.slice(0, 1).toUpperCase() + part.slice(1))
    .join('');
