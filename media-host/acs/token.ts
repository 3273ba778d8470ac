import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';

/** Why a token was refused; `keys-unavailable` is our trouble and not the sender's. */
export type TokenRefusal = 'no-token' | 'bad-token' | 'expired' | 'audience' | 'keys-unavailable';

export type TokenCheck = (authorization: string | undefined) => Promise<TokenRefusal | undefined>;

export interface TokenRules {
  openIdConfigUrl: string;
  issuer: string;
  audience: string;
}

const leewaySeconds = 300;

/**
 * Checks the token ACS shows as it dials the media socket. Keys are fetched once, kept, and fetched again when a token
 * names an unknown one; the issuer is pinned here and not taken from the document.
 */
export function createTokenCheck({ openIdConfigUrl, issuer, audience }: TokenRules): TokenCheck {
  let keys: Promise<JWTVerifyGetKey> | undefined;
  const keySet = () => {
    keys ??= fetchKeySet(openIdConfigUrl).catch(error => {
      keys = undefined;
      throw error;
    });
    return keys;
  };

  // The first call shall not wait for the keys; where they cannot be had now, its token asks again.
  keySet().catch(() => undefined);

  return async authorization => {
    const token = /^Bearer\s+(\S+)$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return 'no-token';
    try {
      await jwtVerify(token, await keySet(), {
        issuer,
        audience,
        algorithms: ['RS256'],
        clockTolerance: leewaySeconds,
      });
      return undefined;
    } catch (error) {
      return refusal(error);
    }
  };
}

async function fetchKeySet(openIdConfigUrl: string): Promise<JWTVerifyGetKey> {
  const answer = await fetch(openIdConfigUrl, { signal: AbortSignal.timeout(5000) });
  const document = (await answer.json()) as { jwks_uri?: unknown };
  if (!answer.ok || typeof document.jwks_uri !== 'string')
    throw new Error(`No jwks_uri at ${openIdConfigUrl} (status ${answer.status}).`);
  return createRemoteJWKSet(new URL(document.jwks_uri));
}

function refusal(error: unknown): TokenRefusal {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (error instanceof errors.JWTClaimValidationFailed) return error.claim === 'aud' ? 'audience' : 'bad-token';
  const forged =
    error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout) && error.code !== 'ERR_JOSE_GENERIC';
  return forged ? 'bad-token' : 'keys-unavailable';
}
