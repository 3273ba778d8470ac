import { createPrivateKey, type JsonWebKey, sign } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CryptoKey, exportJWK, generateKeyPair, type JWK, SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { callbackTokens } from './callback-token.ts';

const issuer = 'https://acscallautomation.communication.azure.com';
const audience = '5a1d0c2e-7b64-4b8f-9c35-acc0de000001';

interface Signer {
  kid: string;
  secret: CryptoKey;
  published: JWK;
}

/** A party that publishes keys as ACS does; `up: false` answers nothing but 503. */
interface Publisher {
  url: string;
  keys: JWK[];
  up: boolean;
  fetches: number;
}

let server: Server;
let publisher: Publisher;
let acs: Signer;

beforeEach(async () => {
  acs = await signer('first');
  server = createServer((request, response) => {
    if (!publisher.up) return void response.writeHead(503).end();
    publisher.fetches += 1;
    const document = request.url === '/keys' ? { keys: publisher.keys } : { issuer, jwks_uri: `${publisher.url}/keys` };
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  publisher = { url, keys: [acs.published], up: true, fetches: 0 };
});

afterEach(async () => {
  await new Promise(resolve => {
    server.close(resolve);
    server.closeAllConnections();
  });
});

async function signer(kid: string): Promise<Signer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256', { extractable: true });
  return { kid, secret: privateKey, published: { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' } };
}

const verifier = (timing = {}) =>
  callbackTokens(
    { ACS_OPENID_CONFIG_URL: `${publisher.url}/openid`, ACS_ISSUER: issuer, ACS_RESOURCE_ID: audience },
    timing,
  );

async function token(more: { by?: Signer; iss?: string; aud?: string; expiresInS?: number; alg?: string } = {}) {
  const { by = acs, iss = issuer, aud = audience, expiresInS = 300 } = more;
  const now = Math.floor(Date.now() / 1000);
  const jwt = await new SignJWT()
    .setProtectedHeader({ alg: 'RS256', kid: by.kid })
    .setIssuer(iss)
    .setAudience(aud)
    .setExpirationTime(now + expiresInS)
    .sign(by.secret);
  return `Bearer ${jwt}`;
}

test('a token that ACS issued for this resource is genuine, and the keys are fetched once', async () => {
  const tokens = verifier();
  const verdicts = await Promise.all([1, 2, 3].map(async () => tokens.check(await token())));
  expect(verdicts).toEqual([1, 2, 3].map(() => ({ verdict: 'genuine' })));
  expect(publisher.fetches).toBe(2);
});

test('a token that ended less than five minutes ago is still taken: clocks differ', async () => {
  expect(await verifier().check(await token({ expiresInS: -240 }))).toEqual({ verdict: 'genuine' });
});

const withoutEnd = async () =>
  `Bearer ${await new SignJWT()
    .setProtectedHeader({ alg: 'RS256', kid: acs.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .sign(acs.secret)}`;

/** Signed with the public key as if it were a shared secret: the oldest trick. */
const confused = async () =>
  `Bearer ${await new SignJWT()
    .setProtectedHeader({ alg: 'HS256', kid: acs.kid })
    .setIssuer(issuer)
    .setAudience(audience)
    .setExpirationTime('5m')
    .sign(new TextEncoder().encode(JSON.stringify(acs.published)))}`;

const unsigned = async () =>
  `Bearer ${new UnsecuredJWT().setIssuer(issuer).setAudience(audience).setExpirationTime('5m').encode()}`;

/** A genuine token with one part exchanged. */
async function altered(part: 0 | 1 | 2, exchange: (part: string) => string): Promise<string> {
  const parts = (await token()).replace('Bearer ', '').split('.');
  return `Bearer ${parts.map((text, i) => (i === part ? exchange(text) : text)).join('.')}`;
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const signedWith = async (header: { alg: string; crit?: string[]; exp?: number }) => {
  const { d, p, q, dp, dq, qi, n, e } = await exportJWK(acs.secret);
  const key = createPrivateKey({ key: { kty: 'RSA', d, p, q, dp, dq, qi, n, e } as JsonWebKey, format: 'jwk' });
  const now = Math.floor(Date.now() / 1000);
  const signed = `${encoded({ kid: acs.kid, ...header })}.${encoded({ iss: issuer, aud: audience, exp: now + 300 })}`;
  return `Bearer ${signed}.${sign('RSA-SHA256', Buffer.from(signed), key).toString('base64url')}`;
};

test('a signature of OpenSSL over the very same parts is the one that is asked for', async () => {
  expect(await verifier().check(await signedWith({ alg: 'RS256' }))).toEqual({ verdict: 'genuine' });
});

test.each<[string, () => Promise<string | null>, string]>([
  ['a genuine signature under other claims', () => altered(1, () => encoded({ iss: issuer, aud: audience })), 'forged'],
  ['a genuine token without its signature', () => altered(2, () => ''), 'forged'],
  ['a genuine signature, shortened', () => altered(2, text => text.slice(0, -4)), 'forged'],
  ['a header that names another algorithm', () => signedWith({ alg: 'RS512' }), 'forged'],
  ['an extension that must be understood', () => signedWith({ alg: 'RS256', crit: ['exp'], exp: 1 }), 'forged'],
  ['a header that is no JSON', () => altered(0, () => 'abcd'), 'malformed'],
  ['a header that is no object', () => altered(0, () => encoded([])), 'malformed'],
  ['a token of four parts', () => altered(2, text => `${text}.${text}`), 'malformed'],
  ['a signature that is no base64url', () => altered(2, text => `${text}=`), 'malformed'],
  ['no token', async () => null, 'missing'],
  ['another scheme', async () => 'Basic abc', 'malformed'],
  ['no JWT', async () => 'Bearer abc', 'malformed'],
  ['an expired token', () => token({ expiresInS: -301 }), 'expired'],
  ["another resource's token", () => token({ aud: 'someone-else' }), 'audience'],
  ["another issuer's token", () => token({ iss: `${issuer}/` }), 'issuer'],
  ['a token without an end', withoutEnd, 'claims'],
  ['a token of an unknown key', async () => token({ by: await signer('stranger') }), 'forged'],
  ["a stranger's signature under a known key's name", async () => token({ by: await signer('first') }), 'forged'],
  ['a token signed by a shared secret', confused, 'forged'],
  ['an unsigned token', unsigned, 'forged'],
])('%s is refused', async (_, given, reason) => {
  expect(await verifier().check(await given())).toEqual({ verdict: 'refused', reason });
});

test('a key that ACS has begun to use is found', async () => {
  const tokens = verifier({ cooldownMs: 0 });
  await tokens.check(await token());
  const next = await signer('second');
  publisher.keys = [acs.published, next.published];
  expect(await tokens.check(await token({ by: next }))).toEqual({ verdict: 'genuine' });
});

test('unknown keys do not make us fetch again and again', async () => {
  const tokens = verifier();
  const stranger = await signer('stranger');
  for (let i = 0; i < 5; i++) await tokens.check(await token({ by: stranger }));
  expect(publisher.fetches).toBe(2);
});

test('keys out of reach are no refusal, and are looked for again', async () => {
  publisher.up = false;
  const tokens = verifier();
  expect(await tokens.check(await token())).toEqual({ verdict: 'keys-unavailable' });
  await expect(tokens.ready()).rejects.toThrow('ACS_OPENID_CONFIG_URL');
  publisher.up = true;
  expect(await tokens.check(await token())).toEqual({ verdict: 'genuine' });
});

test('keys we hold go on working when they can no longer be fetched', async () => {
  const tokens = verifier({ cooldownMs: 0, refreshMs: 0 });
  await tokens.check(await token());
  publisher.up = false;
  expect(await tokens.check(await token())).toEqual({ verdict: 'genuine' });
  const stranger = await signer('stranger');
  expect(await tokens.check(await token({ by: stranger }))).toEqual({ verdict: 'keys-unavailable' });
});
