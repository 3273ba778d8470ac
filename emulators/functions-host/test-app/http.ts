import { app, type HttpRequest, type HttpResponseInit } from '@azure/functions';

/** HTTP functions that show every routing, key and body rule of the host. */

app.http('greet', {
  methods: ['GET', 'POST'],
  route: 'hello/{name?}',
  handler: async request => ({
    jsonBody: {
      name: request.params['name'] ?? null,
      query: Object.fromEntries(request.query),
      body: request.method === 'POST' ? await request.text() : null,
      url: request.url,
      header: request.headers.get('x-sample'),
    },
  }),
});

app.http('number', {
  methods: ['GET'],
  route: 'items/{id:int}',
  handler: request => ({ jsonBody: { number: request.params['id'] } }),
});
app.http('latest', { methods: ['GET'], route: 'items/latest', handler: () => ({ jsonBody: { literal: true } }) });
app.http('word', {
  methods: ['GET'],
  route: 'items/{word}',
  handler: request => ({ jsonBody: { word: request.params['word'] } }),
});
app.http('files', {
  methods: ['GET'],
  route: 'files/{*rest}',
  handler: request => ({ jsonBody: { rest: request.params['rest'] ?? null } }),
});

app.http('echo', {
  methods: ['POST'],
  handler: async request => ({
    status: 201,
    headers: { 'content-type': request.headers.get('content-type') ?? 'application/octet-stream', 'x-echo': 'yes' },
    body: new Uint8Array(await request.arrayBuffer()),
  }),
});

app.http('cookies', {
  methods: ['GET'],
  handler: () => ({
    body: 'crumbs',
    cookies: [
      { name: 'plain', value: 'a b' },
      { name: 'full', value: 'x', path: '/sub', maxAge: 60, secure: true, httpOnly: true, sameSite: 'Strict' },
    ],
  }),
});

app.http('guarded', { methods: ['GET'], authLevel: 'function', handler: () => ({ body: 'in' }) });
app.http('masterOnly', { methods: ['GET'], authLevel: 'admin', handler: () => ({ body: 'in' }) });
app.http('empty', { methods: ['GET'], handler: () => ({ status: 204, body: 'dropped' }) });
app.http('noAnswer', { route: 'nothing', methods: ['GET'], handler: () => undefined as unknown as HttpResponseInit });
app.http('boom', {
  methods: ['GET'],
  handler: () => {
    throw new Error('boom');
  },
});
app.http('sse', { methods: ['GET'], route: 'sse/{count:int}', handler: serverSentEvents });

function serverSentEvents(request: HttpRequest): HttpResponseInit {
  const count = Number(request.params['count']);
  async function* events(): AsyncGenerator<Uint8Array> {
    for (let index = 0; index < count; index += 1) {
      if (index > 0) await new Promise(resolve => setTimeout(resolve, 100));
      yield new TextEncoder().encode(`data: ${index}\n\n`);
    }
  }
  return { headers: { 'content-type': 'text/event-stream' }, body: ReadableStream.from(events()) };
}
