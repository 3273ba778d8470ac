import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { azureIdentity, neededScopes, tokenCounts, warmIdentity } from './identity.ts';
import { logTo } from './log.ts';
import { testSettings } from './testing/settings.ts';

/** What a managed identity meets in Azure: the endpoint of App Service, on this machine. */
const secret = 'identity-header-of-the-test';
const clientId = '11111111-2222-4333-8444-555555555555';
const asked: { resource: string | null; clientId: string | null; header: string | undefined }[] = [];
let server: Server;

beforeAll(async () => {
  server = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'http://stub');
    const resource = searchParams.get('resource');
    asked.push({
      resource,
      clientId: searchParams.get('client_id'),
      header: request.headers['x-identity-header'] as string | undefined,
    });
    const expires_on = String(Math.floor(Date.now() / 1000) + 86_400);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(
      JSON.stringify({ access_token: `secret-token-${asked.length}`, expires_on, resource, token_type: 'Bearer' }),
    );
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  vi.stubEnv('IDENTITY_ENDPOINT', `http://127.0.0.1:${port}/msi/token`);
  vi.stubEnv('IDENTITY_HEADER', secret);
});

afterAll(async () => {
  azureIdentity(clientId).close();
  vi.unstubAllEnvs();
  server.closeAllConnections();
  await new Promise(resolve => server.close(resolve));
});

const keyless = testSettings(
  {},
  {
    ACS_CONNECTION_STRING: '',
    ACS_ENDPOINT: 'https://acs.example',
    COSMOS_ENDPOINT: 'https://account.documents.azure.com:443/',
    WEB_PUBSUB_ENDPOINT: 'https://hub.webpubsub.azure.com',
    AZURE_CLIENT_ID: clientId,
  },
);

test('where keys are configured no identity is needed', () => {
  expect(neededScopes(testSettings({ cosmos: { url: 'http://127.0.0.1:1', key: 'a2V5' } }))).toEqual([]);
});

test('before the first call every service without a key has its token, fetched once, and logs show when', async () => {
  const before = { ...tokenCounts };
  const lines: string[] = [];
  const write = (line: string) => lines.push(line);
  await warmIdentity(keyless, logTo({ debug: write, info: write, warn: write, error: write }, 'info'));
  const scopes = neededScopes(keyless);
  const identity = azureIdentity(clientId);
  await Promise.all(scopes.flatMap(scope => Array.from({ length: 100 }, () => identity.getToken(scope))));

  expect(asked.map(each => each.resource).sort()).toEqual([
    'https://account.documents.azure.com',
    'https://communication.azure.com/',
    'https://webpubsub.azure.com',
  ]);
  expect(asked.every(each => each.clientId === clientId && each.header === secret)).toBe(true);
  expect(tokenCounts).toEqual({ ...before, fetched: before.fetched + 3 });
  expect(lines.map(line => JSON.parse(line).event)).toEqual([
    'identity.used',
    ...Array.from({ length: 3 }, () => 'identity.token-fetched'),
  ]);
  expect(lines.join()).toContain('managed-identity');
  expect(lines.join()).not.toMatch(/secret-token|identity-header/);
});

test('all parts of the process share one identity', () => {
  expect(azureIdentity(clientId)).toBe(azureIdentity(clientId));
});
