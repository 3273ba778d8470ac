/**
 * The key pair behind callback and media tokens, and the two documents a verifier fetches. Tokens carry the issuer of
 * the real service, so an app pins the same string here and in production.
 */
import { randomUUID } from 'node:crypto';
import type { CryptoKey, JWK } from 'jose';
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose';
import type { TokenFault } from './faults.ts';

/** Issuer of every token of the real service, without a trailing slash. */
export const acsIssuer = 'https://acscallautomation.communication.azure.com';

export interface MintOptions {
  audience?: string;
  issuer?: string;
  /** Negative mints a token that has already expired. */
  expiresInS?: number;
  unsigned?: boolean;
  /** `foreign` signs with a key that is not published. */
  key?: 'foreign';
}

export interface Tokens {
  mint(options?: MintOptions): Promise<string>;
  /** The `Authorization` header under a fault; undefined when the fault is `missing`. */
  authorization(lifetimeS: number, fault: TokenFault): Promise<string | undefined>;
  jwks(): { keys: JWK[] };
  /** Signs with a new key from now on; old keys stay published, as rotation does. */
  rotate(): Promise<void>;
}

interface SigningKey {
  kid: string;
  secret: CryptoKey;
  published: JWK;
}

/** All resources of the service share its keys, so all stand-ins of a process may: making one takes a tenth of a second. */
let shared: Promise<{ own: SigningKey; foreign: SigningKey }> | undefined;

async function sharedKeys(): Promise<{ own: SigningKey; foreign: SigningKey }> {
  const [own, foreign] = await Promise.all([createKey(), createKey()]);
  return { own, foreign };
}

export async function createTokens(audience: string): Promise<Tokens> {
  shared ??= sharedKeys();
  const { own, foreign } = await shared;
  let current = own;
  const published = [current.published];

  async function mint(options: MintOptions = {}): Promise<string> {
    const now = Math.floor(Date.now() / 1000);
    const expires = now + (options.expiresInS ?? 300);
    const begins = Math.min(now, expires - 300);
    if (options.unsigned) {
      return new UnsecuredJWT({})
        .setIssuer(options.issuer ?? acsIssuer)
        .setAudience(options.audience ?? audience)
        .setIssuedAt(begins)
        .setNotBefore(begins)
        .setExpirationTime(expires)
        .encode();
    }
    const key = options.key === 'foreign' ? foreign : current;
    return new SignJWT()
      .setProtectedHeader({ alg: 'RS256', kid: key.kid, typ: 'JWT' })
      .setIssuer(options.issuer ?? acsIssuer)
      .setAudience(options.audience ?? audience)
      .setIssuedAt(begins)
      .setNotBefore(begins)
      .setExpirationTime(expires)
      .sign(key.secret);
  }

  return {
    mint,
    async authorization(lifetimeS, fault) {
      if (fault === 'missing') return undefined;
      return `Bearer ${await mint({ expiresInS: lifetimeS, ...spoiled(fault) })}`;
    },
    jwks: () => ({ keys: published }),
    async rotate() {
      current = await createKey();
      published.push(current.published);
    },
  };
}

function spoiled(fault: TokenFault): MintOptions {
  switch (fault) {
    case 'expired':
      return { expiresInS: -3600 };
    case 'wrong-audience':
      return { audience: randomUUID() };
    case 'wrong-issuer':
      return { issuer: 'https://login.example.com' };
    case 'unsigned':
      return { unsigned: true };
    case 'foreign-key':
      return { key: 'foreign' };
    default:
      return {};
  }
}

async function createKey(): Promise<SigningKey> {
  const pair = await generateKeyPair('RS256');
  const kid = randomUUID().replaceAll('-', '').toUpperCase();
  return {
    kid,
    secret: pair.privateKey,
    published: { ...(await exportJWK(pair.publicKey)), kid, alg: 'RS256', use: 'sig' },
  };
}
