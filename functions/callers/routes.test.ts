import { HttpRequest } from '@azure/functions';
import { beforeEach, expect, test } from 'vitest';
import type { CallerMemory } from '../../contracts/caller-memory.ts';
import type { ControlPlane } from '../control-plane.ts';
import type { Log } from '../log.ts';
import { openApi } from '../openapi.ts';
import { type ScriptedDocuments, scriptedDocuments } from '../testing/scripted-documents.ts';
import { type CallerMemories, callerMemories } from './memories.ts';
import { callerRoutes } from './routes.ts';

const hash = '0123456789abcdef01234567';
const memory: CallerMemory = {
  facts: { name: { value: 'Ana', at: 5, callId: 'c' } },
  calls: [{ callId: 'c', at: 5, agent: 'reception' }],
};
let documents: ScriptedDocuments;
let memories: CallerMemories;
let logged: string[];

beforeEach(() => {
  documents = scriptedDocuments();
  memories = callerMemories(documents, 72);
  logged = [];
});

async function ask(method: 'GET' | 'DELETE', callerHash: string) {
  const route = Object.values(callerRoutes).find(each => each.methods.includes(method));
  const url = `http://127.0.0.1/api/v1/callers/${encodeURIComponent(callerHash)}/memory`;
  const request = new HttpRequest({ method, url, params: { callerHash } });
  const note = (name: string, fields: object) => void logged.push(JSON.stringify([name, fields]));
  const log: Log = { debug: note, info: note, warn: note, error: note };
  return route?.door({ memories } as ControlPlane, request, undefined as never, log);
}

test('what is remembered of a caller is shown, until they are forgotten', async () => {
  expect(await ask('GET', hash)).toMatchObject({ status: 404 });
  await memories.add(hash, memory);
  expect(await ask('GET', hash)).toMatchObject({
    status: 200,
    jsonBody: memory,
    headers: { 'cache-control': 'no-store' },
  });
  expect(await ask('DELETE', hash)).toEqual({ status: 204 });
  expect(await ask('GET', hash)).toMatchObject({ status: 404 });
  await memories.add(hash, memory);
  expect(await ask('GET', hash)).toMatchObject({ status: 404 });
  expect(logged.join('\n')).not.toMatch(new RegExp(`${hash}|Ana`));
});

test('who was never there can be forgotten, again and again', async () => {
  expect(await ask('DELETE', hash)).toEqual({ status: 204 });
  expect(await ask('DELETE', hash)).toEqual({ status: 204 });
});

test.each(['', 'x', hash.toUpperCase(), `${hash}0`, '../calls', `${hash}\n`, "' OR 1=1"])(
  '%j is no caller',
  async text => {
    for (const method of ['GET', 'DELETE'] as const) expect(await ask(method, text)).toMatchObject({ status: 400 });
    expect([documents.reads, documents.writes]).toEqual([0, 0]);
  },
);

test('while the database is away, nothing is shown or promised', async () => {
  documents.down = true;
  for (const method of ['GET', 'DELETE'] as const)
    expect(await ask(method, hash)).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
});

test('both doors are behind the function key, and in the description', () => {
  expect(Object.values(callerRoutes).map(({ authLevel }) => authLevel)).toEqual(['function', 'function']);
  const { paths } = openApi(callerRoutes, 'http://127.0.0.1') as { paths: Record<string, Record<string, unknown>> };
  const path = paths['/api/v1/callers/{callerHash}/memory'];
  expect(Object.keys(path ?? {}).sort()).toEqual(['delete', 'get']);
  expect(path?.['get']).toMatchObject({ responses: { 200: {}, 400: {}, 401: {}, 404: {}, 503: {} } });
  expect(path?.['delete']).toMatchObject({ responses: { 204: {}, 400: {}, 401: {}, 503: {} } });
});
