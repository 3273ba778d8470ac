import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Identity, startIdentity } from '../emulators/identity/identity.ts';
import { azureIdentity, neededScopes, tokenCounts, warmIdentity } from './identity.ts';
import { logTo } from './log.ts';
import { testSettings } from './testing/settings.ts';

const clientId = '11111111-2222-4333-8444-555555555555';
let identity: Identity;

beforeAll(async () => {
  identity = await startIdentity();
  for (const [name, value] of Object.entries(identity.env)) vi.stubEnv(name, value);
});

afterAll(async () => {
  azureIdentity(clientId).close();
  vi.unstubAllEnvs();
  await identity.close();
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
  const mine = azureIdentity(clientId);
  await Promise.all(scopes.flatMap(scope => Array.from({ length: 100 }, () => mine.getToken(scope))));

  const { asked } = identity;
  expect(asked.map(each => each.resource).sort()).toEqual([
    'https://account.documents.azure.com',
    'https://communication.azure.com/',
    'https://webpubsub.azure.com',
  ]);
  expect(asked.every(each => each.clientId === clientId && each.allowed)).toBe(true);
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
